import { invalid, notImplemented } from '../errors.ts';
import { fullUrl, parseReference, placeOf, urlOf } from '../resource-url.ts';
import type { BackendService, HaPolicy, Key, NetworkEndpointGroup } from '../types.ts';
import type { World } from '../world/world.ts';
import { checkExcluded, checkLeader, checkNetwork, checkPolicyKept, instanceName } from './ha-policy.ts';
import type { At, Content, Draft, Kind } from './kind.ts';

type Service = Draft<BackendService>;

/** The groups of the backends, each a zonal GCE_VM_IP group of the service's region and network. */
const checkBackends = (next: Service, at: At): Map<Key, NetworkEndpointGroup> => {
  const groups = new Map<Key, NetworkEndpointGroup>();
  const expected = next.network === undefined ? undefined : fullUrl('networks', next.network, at.project);
  for (const [i, backend] of (next.backends ?? []).entries()) {
    const field = `resource.backends[${i}]`;
    const { key, resource } = at.world.refer(
      'networkEndpointGroups',
      backend.group,
      `${field}.group`,
      at.project,
    );
    if (groups.has(key)) throw invalid(`${field}.group`, backend.group, 'Duplicate backend group.');
    if (!placeOf(key).startsWith(`${placeOf(at.scope)}-`)) {
      throw invalid(`${field}.group`, backend.group, 'Its zone is not in the region of the backend service.');
    }
    const first = groups.values().next().value?.network;
    if (resource.network !== (expected ?? first ?? resource.network)) {
      throw invalid(`${field}.group`, backend.group, 'It is not of the network of the backend service.');
    }
    if (backend.balancingMode !== undefined && backend.balancingMode !== 'CONNECTION') {
      throw invalid(
        `${field}.balancingMode`,
        backend.balancingMode,
        'GCE_VM_IP groups take CONNECTION only.',
      );
    }
    groups.set(key, resource);
  }
  return groups;
};

/** The same rules for what is made and what is changed. */
const content = (
  next: Service,
  policy: HaPolicy,
  scheme: string,
  at: At,
  before: HaPolicy | undefined,
): Content<BackendService> => {
  checkExcluded(next);
  checkNetwork(next, policy, scheme);
  const network = next.network === undefined ? undefined : networkUrl(next.network, at);
  const groups = checkBackends(next, at);
  const changed = JSON.stringify(policy.leader) !== JSON.stringify(before?.leader);
  const haPolicy = checkLeader(policy, groups, at, changed);
  const { backends: _, ...rest } = next;
  return {
    ...rest,
    loadBalancingScheme: scheme,
    protocol: next.protocol ?? 'TCP',
    region: urlOf(at.scope),
    haPolicy,
    ...(network === undefined ? {} : { network }),
    ...(groups.size === 0 ? {} : { backends: backendsOf(next, at) }),
  };
};

const networkUrl = (network: string, at: At): string =>
  urlOf(at.world.refer('networks', network, 'resource.network', at.project).key);

const backendsOf = (next: Service, at: At): BackendService['backends'] & object =>
  (next.backends ?? []).map((backend) => ({
    balancingMode: 'CONNECTION',
    ...backend,
    group: fullUrl('networkEndpointGroups', backend.group ?? '', at.project),
  }));

const insert = (draft: Service, at: At): Content<BackendService> => {
  const scheme = draft.loadBalancingScheme ?? 'EXTERNAL';
  if (scheme !== 'EXTERNAL' && scheme !== 'INTERNAL') throw notImplemented(`backend services of ${scheme}`);
  if (draft.haPolicy === undefined) throw notImplemented('regional backend services without haPolicy');
  const policy = { fastIPMove: 'DISABLED', ...draft.haPolicy };
  return content({ timeoutSec: 30, ...draft } as Service, policy, scheme, at, undefined);
};

const fixed = ['loadBalancingScheme', 'network'] as const;

const change = (next: Service, current: BackendService, at: At): Content<BackendService> => {
  for (const field of fixed) {
    const value = next[field];
    const same = field === 'network' && value ? fullUrl('networks', value, at.project) : value;
    if (same !== current[field]) throw invalid(`resource.${field}`, value, 'It cannot be updated.');
  }
  if (next.protocol !== undefined && next.protocol !== current.protocol) {
    const used = at.world.store.usersOf(at.key).length > 0;
    if (used)
      throw invalid('resource.protocol', next.protocol, 'It cannot be updated while rules refer to it.');
  }
  const policy = checkPolicyKept(next.haPolicy, current.haPolicy);
  return content(next, policy, current.loadBalancingScheme, at, current.haPolicy);
};

const groupKeys = (service: Pick<BackendService, 'backends'>, project: string): Key[] =>
  (service.backends ?? []).flatMap(({ group }) =>
    group === undefined ? [] : (parseReference(group, 'networkEndpointGroups', project) ?? []),
  );

/** The backend service whose leader is that endpoint, if there is one. */
export const leaderOf = (world: World, group: Key, instance: string): Key | undefined =>
  world.store.usersOf(group).find((key) => {
    const leader = world.store.get('backendServices', key)?.haPolicy.leader;
    const given = leader?.networkEndpoint?.instance;
    return (
      leader?.backendGroup === urlOf(group) &&
      given !== undefined &&
      instanceName(given, group, world.project) === instance
    );
  });

/** Regional backend services with `haPolicy`: one leader takes the traffic of every rule. */
export const backendServices: Kind<'backendServices'> = {
  collection: 'backendServices',
  service: 'RegionBackendServices',
  message: 'BackendService',
  title: 'backend_service',
  scopes: ['global', 'regions'],
  fingerprint: true,
  insert,
  change,
  claims: (made, { project }) => groupKeys(made, project),
  show: (_resource, key, world) => {
    const usedBy = world.store.usersOf(key).filter((user) => world.locks.of(user) !== 'insert');
    return usedBy.length === 0 ? {} : { usedBy: usedBy.map((user) => ({ reference: urlOf(user) })) };
  },
};
