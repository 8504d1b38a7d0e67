import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tracePacket } from '../../infra/local/tour/packet.ts';
import { gateway, interfacesOn, namespace, network, paramSet, paths, pod, route } from './objects.ts';
import { Stage } from './stage.ts';

let stage: Stage;

const crds = readFileSync(new URL('../../infra/local/manifests/networks.yaml', import.meta.url), 'utf8');
const on = (node: number) => `gke-local-pool-${node}`;
const blue = { network: 'blue' };
const blueOn = (node: number) => ({ node: on(node), annotations: interfacesOn('blue') });
const reaches = async (address: string) => (await tracePacket(stage.cloud, stage.admin, address)).pod;
const withPool = async (options: Parameters<typeof Stage.open>[0] = {}) => {
  stage = await Stage.open(options);
  stage.reserve('34.1.2.3', '34.1.2.4');
  await stage.apply(namespace('edge'), gateway('pool', 'edge', ['34.1.2.3', '34.1.2.4']));
};
const items = async (path: string) =>
  ((await stage.admin.compute('GET', path)) as { items?: readonly Record<string, string>[] }).items ?? [];
const short = (url = ''): string => url.split('/').at(-1) ?? '';

afterEach(() => stage.close());

describe('a route of a Network', () => {
  beforeEach(async () => {
    await withPool();
    await stage.apply(paramSet('blue'), network('blue'));
  });

  it('is served at the network interface that its nodes have there, and by the Pod’s interface there', async () => {
    await stage.apply(route('nat', 'edge', ['34.1.2.3'], blue), pod('nat-1', 'edge', blueOn(1)));
    await stage.ready('edge', 'nat', 'nat-1');
    const [neg] = await items('/zones/us-central1-a/networkEndpointGroups');
    const [firewall] = await items('/global/firewalls');
    expect([neg?.network, neg?.subnetwork, firewall?.network].map(short)).toEqual([
      'dataplane-vpc',
      'dataplane-subnet',
      'dataplane-vpc',
    ]);
    expect(await reaches('34.1.2.3')).toBe('edge/nat-1');
    const { status } = (await stage.admin.kubernetes('GET', paths.pod('edge', 'nat-1'))) as {
      status: { podIP: string };
    };
    expect(stage.cloud.nodes.datapath(on(1)).get('34.1.2.3/32')?.podIP).not.toBe(status.podIP);
  });

  it('goes to no Pod without an interface on it, however new', async () => {
    await stage.apply(route('nat', 'edge', ['34.1.2.3'], blue), pod('nat-1', 'edge', blueOn(1)));
    await stage.ready('edge', 'nat', 'nat-1');
    await stage.apply(pod('nat-2', 'edge', { node: on(2) }));
    await stage.podReady('edge', 'nat-2');
    await stage.rest();
    expect((await stage.route('edge', 'nat'))?.pod).toBe('nat-1');
    await stage.apply(pod('nat-3', 'edge', blueOn(2)));
    await stage.ready('edge', 'nat', 'nat-3');
    expect(await reaches('34.1.2.3')).toBe('edge/nat-3');
  });

  it('says which node has no interface there', async () => {
    await stage.apply(paramSet('green', { vpc: 'green-vpc', vpcSubnet: 'green-subnet' }), network('green'));
    await stage.apply(route('nat', 'edge', ['34.1.2.3'], { network: 'green' }));
    await stage.apply(pod('nat-1', 'edge', { node: on(1), annotations: interfacesOn('green') }));
    const { conditions } = await stage.reason('edge', 'nat', 'GCPReady', 'GCPFailed');
    expect(conditions[1]?.message).toContain(
      `Node ${on(1)} has no network interface in subnetwork green-subnet`,
    );
  });

  it('of type Device is vouched for by every node at once', async () => {
    await stage.apply(network('fast', { type: 'Device' }), paramSet('fast', { deviceMode: 'NetDevice' }));
    await stage.apply(
      route('nat', 'edge', ['34.1.2.3'], { network: 'fast' }),
      pod('nat-1', 'edge', { node: on(1), annotations: interfacesOn('fast') }),
    );
    await stage.ready('edge', 'nat', 'nat-1');
    expect(stage.cloud.nodes.datapath(on(1)).size).toBe(0);
  });

  it('that changes its network is torn down and made anew there', async () => {
    await stage.apply(route('nat', 'edge', ['34.1.2.3']), pod('nat-1', 'edge', blueOn(1)));
    await stage.ready('edge', 'nat', 'nat-1');
    await stage.rest();
    const before = stage.cloud.compute.calls.length;
    await stage.patch(paths.route('edge', 'nat'), { spec: blue });
    await stage.ready('edge', 'nat', 'nat-1');
    await stage.rest();
    expect(stage.mutations(before).filter((call) => !call.startsWith('PATCH'))).toEqual([
      'DELETE forwardingRules',
      'DELETE firewalls',
      'DELETE backendServices',
      'DELETE networkEndpointGroups',
      'POST networkEndpointGroups',
      'POST networkEndpointGroups/attachNetworkEndpoints',
      'POST backendServices',
      'POST forwardingRules',
      'POST firewalls',
    ]);
    expect(
      (await items('/zones/us-central1-a/networkEndpointGroups')).map((neg) => short(neg.subnetwork)),
    ).toEqual(['dataplane-subnet']);
    expect(stage.history('nat').map(({ action }) => action)).toEqual(['allocate', 'release', 'allocate']);
  });
});

describe('a Network', () => {
  beforeEach(() => withPool());

  it('that does not exist, or is not ready, is waited for', async () => {
    await stage.apply(route('nat', 'edge', ['34.1.2.3'], blue), pod('nat-1', 'edge', blueOn(1)));
    await stage.reason('edge', 'nat', 'Accepted', 'NetworkNotFound');
    await stage.apply(network('blue'));
    await stage.reason('edge', 'nat', 'Accepted', 'NetworkNotReady');
    await stage.apply(paramSet('blue'));
    await stage.ready('edge', 'nat', 'nat-1');
  });

  it.each<[string, string, () => Promise<unknown>, () => Promise<unknown>]>([
    [
      'that goes',
      'NetworkNotFound',
      () => stage.delete(paths.network('blue')),
      () => stage.apply(network('blue')),
    ],
    [
      'whose parameter set goes',
      'NetworkNotReady',
      () => stage.delete(paths.paramSet('blue')),
      () => stage.apply(paramSet('blue')),
    ],
  ])(
    '%s takes Accepted from its routes and nothing else: the neighbours are served, and it heals by itself',
    async (_, reason, go, come) => {
      await stage.apply(paramSet('blue'), network('blue'), pod('nat-1', 'edge', blueOn(1)));
      await stage.apply(route('nat', 'edge', ['34.1.2.3'], blue), route('plain', 'edge', ['34.1.2.4']));
      await stage.ready('edge', 'nat', 'nat-1');
      await stage.ready('edge', 'plain', 'nat-1');
      await stage.rest();
      const before = stage.cloud.compute.calls.length;
      await go();
      const lost = await stage.reason('edge', 'nat', 'Accepted', reason);
      expect(lost.pod).toBeUndefined();
      await stage.rest();
      expect(stage.mutations(before)).toEqual(['PATCH backendServices']);
      // One Accepted route with a Network that cannot be read would stop every node's agent.
      await stage.apply(pod('nat-2', 'edge', blueOn(2)));
      await stage.ready('edge', 'plain', 'nat-2');
      await come();
      await stage.ready('edge', 'nat', 'nat-2');
      expect(await reaches('34.1.2.3')).toBe('edge/nat-2');
    },
  );
});

it('a cluster without the CRDs serves the default network; a route of another one is not answered until somebody knows', async () => {
  await withPool({ multiNetwork: false });
  // A real cluster keeps what is defined from one scenario to the next.
  for (const name of ['networks', 'gkenetworkparamsets']) await stage.undefine(`${name}.networking.gke.io`);
  // A route that is met before its Gateway is accepted says that, whoever knows its network.
  await stage.gatewayReason('edge', 'pool', 'Programmed', 'Programmed');
  await stage.apply(route('blue', 'edge', ['34.1.2.3'], blue), pod('nat-1', 'edge', blueOn(1)));
  await stage.apply(route('plain', 'edge', ['34.1.2.4'], { network: 'pod-network' }));
  await stage.ready('edge', 'plain', 'nat-1');
  expect((await stage.route('edge', 'blue'))?.conditions).toEqual([]);
  await stage.cloud.kubernetes.apply(crds);
  await stage.apply(paramSet('blue'), network('blue'));
  const lastTransitionTime = '2026-11-24T12:00:00Z';
  const ready = { type: 'Ready', status: 'True', reason: 'Ready', message: '', lastTransitionTime };
  await stage.patch(`${paths.network('blue')}/status`, { status: { conditions: [ready] } });
  await stage.ready('edge', 'blue', 'nat-1');
});
