import { ComputeError } from '../../../infra/local/compute/errors.ts';
import { globalScope, regionScope, zoneScope } from '../../../infra/local/compute/resource-url.ts';
import { facts } from '../../functions/fixtures.ts';
import type { Chance } from '../../functions/persistent-ip/model/generated/chance.ts';
import type { Action, Stage } from './action.ts';
import { nodeNames, zoneOf } from './stock.ts';

/** What people do by hand in Compute Engine, to what is ours. */

const project = facts.networkProject;
const region = facts.region;
const dave = 'dave@example.com';

const ask = (
  { compute }: Stage,
  service: string,
  method: string,
  asked: Readonly<Record<string, unknown>>,
): void => {
  try {
    void compute.request(dave, service, method, { project, ...asked });
  } catch (error) {
    // In use, or under way: Compute refuses it to everybody.
    if (!(error instanceof ComputeError)) throw error;
  }
};

const nth = <T>(all: Iterable<T>, which: number): T | undefined => {
  const list = [...all];
  return list[which % Math.max(1, list.length)];
};

const scope = regionScope(project, region);

const deletions = (which: number): Record<string, (stage: Stage) => void> => ({
  'a forwarding rule': (stage) => {
    const rule = nth(stage.compute.world.store.list('forwardingRules', scope), which);
    if (rule) ask(stage, 'ForwardingRules', 'Delete', { region, forwardingRule: rule.name });
  },
  'a firewall rule': (stage) => {
    const rule = nth(stage.compute.world.store.list('firewalls', globalScope(project)), which);
    if (rule) ask(stage, 'Firewalls', 'Delete', { firewall: rule.name });
  },
  'a backend service': (stage) => {
    const service = nth(stage.compute.world.store.list('backendServices', scope), which);
    if (service) ask(stage, 'RegionBackendServices', 'Delete', { region, backendService: service.name });
  },
  'a reserved address': (stage) => {
    const address = nth(stage.compute.world.store.list('addresses', scope), which);
    if (address) ask(stage, 'Addresses', 'Delete', { region, address: address.name });
  },
});

const moveLeader =
  (which: number, node: string) =>
  (stage: Stage): void => {
    const service = nth(stage.compute.world.store.list('backendServices', scope), which);
    const zone = zoneOf(node);
    const group = service?.backends?.map(({ group }) => group).find((url) => url?.includes(`/${zone}/`));
    if (service === undefined || group === undefined) return;
    ask(stage, 'RegionBackendServices', 'Patch', {
      region,
      backendService: service.name,
      backendServiceResource: {
        haPolicy: {
          leader: {
            backendGroup: group,
            networkEndpoint: { instance: `projects/${project}/zones/${zone}/instances/${node}` },
          },
        },
      },
    });
  };

const detach =
  (which: number, node: string) =>
  (stage: Stage): void => {
    const zone = zoneOf(node);
    const group = nth(
      stage.compute.world.store.list('networkEndpointGroups', zoneScope(project, zone)),
      which,
    );
    if (group === undefined) return;
    ask(stage, 'NetworkEndpointGroups', 'DetachNetworkEndpoints', {
      zone,
      networkEndpointGroup: group.name,
      networkEndpointGroupsDetachEndpointsRequestResource: { networkEndpoints: [{ instance: node }] },
    });
  };

const blank =
  (which: number) =>
  (stage: Stage): void => {
    const service = nth(stage.compute.world.store.list('backendServices', scope), which);
    if (service === undefined) return;
    ask(stage, 'RegionBackendServices', 'Patch', {
      region,
      backendService: service.name,
      backendServiceResource: {
        description: service.description?.slice(0, service.description.indexOf(',"holder"')).concat('}'),
      },
    });
  };

const openFirewall =
  (which: number) =>
  (stage: Stage): void => {
    const rule = nth(stage.compute.world.store.list('firewalls', globalScope(project)), which);
    if (rule === undefined) return;
    ask(stage, 'Firewalls', 'Patch', {
      firewall: rule.name,
      firewallResource: { sourceRanges: ['203.0.113.7/32'], disabled: which % 2 === 0 },
    });
  };

/** One change by hand. */
export const byHand = (chance: Chance, at: number): Action => {
  const which = chance.below(6);
  const node = chance.one(nodeNames);
  const [text, act] = chance.pick<readonly [string, (stage: Stage) => void]>(
    [2, () => [`deletes a forwarding rule (${which})`, deletions(which)['a forwarding rule']!]],
    [1, () => [`deletes a firewall rule (${which})`, deletions(which)['a firewall rule']!]],
    [1, () => [`deletes a backend service (${which})`, deletions(which)['a backend service']!]],
    [1, () => [`deletes a reserved address (${which})`, deletions(which)['a reserved address']!]],
    [3, () => [`makes ${node} the leader of a backend service (${which})`, moveLeader(which, node)]],
    [2, () => [`detaches ${node} (${which})`, detach(which, node)]],
    [1, () => [`cuts the holder record off a backend service (${which})`, blank(which)]],
    [1, () => [`edits a firewall rule (${which})`, openFirewall(which)]],
  );
  return { at, kind: 'drift by hand', text: `by hand: ${text}`, do: act };
};
