import { invalid, notFound, required } from '../errors.ts';
import { keyOf, nameOf, parseReference, scopeOf, urlOf } from '../resource-url.ts';
import type { BackendService, HaPolicy, Key, NetworkEndpointGroup } from '../types.ts';
import type { At, Draft } from './kind.ts';

/** Proto comments of BackendService: each of these says *cannot be specified with haPolicy*. */
const excluded = [
  ...['healthChecks', 'sessionAffinity', 'connectionTrackingPolicy', 'failoverPolicy', 'localityLbPolicy'],
  ...['subsetting', 'connectionDraining', 'networkPassThroughLbTrafficPolicy'],
];

/** What `haPolicy` excludes beside itself. */
export const checkExcluded = (draft: object): void => {
  for (const field of excluded) {
    const value = (draft as Record<string, unknown>)[field];
    if (value !== undefined && !(Array.isArray(value) && value.length === 0)) {
      throw invalid(`resource.${field}`, value, `${field} cannot be specified with haPolicy.`);
    }
  }
};

/** *haPolicy can be set only at creation and never removed; fastIPMove cannot be updated* (proto). */
export const checkPolicyKept = (next: HaPolicy | undefined, current: HaPolicy): HaPolicy => {
  if (next === undefined) throw invalid('resource.haPolicy', undefined, 'haPolicy cannot be removed.');
  const move = next.fastIPMove ?? 'DISABLED';
  if (move !== (current.fastIPMove ?? 'DISABLED')) {
    throw invalid('resource.haPolicy.fastIPMove', move, 'fastIPMove cannot be updated.');
  }
  return { ...next, fastIPMove: move };
};

/**
 * *This field must be set for internal passthrough load balancers when haPolicy is enabled, and for
 * external ones when fastIPMove is* (proto comment of `network`); otherwise an external one has none.
 */
export const checkNetwork = (draft: Draft<BackendService>, policy: HaPolicy, scheme: string): void => {
  const needed = scheme === 'INTERNAL' || policy.fastIPMove === 'GARP_RA';
  if (needed && draft.network === undefined) throw required('resource.network');
  if (!needed && draft.network !== undefined) {
    const why = 'It cannot be set on an EXTERNAL backend service whose haPolicy.fastIPMove is DISABLED.';
    throw invalid('resource.network', draft.network, why);
  }
};

/** The instance's name of a name or an instance URL; `undefined` if it is neither or of another zone. */
export const instanceName = (value: string, group: Key, project: string): string | undefined => {
  if (/^[^/]+$/.test(value)) return value;
  const key = parseReference(value, 'instances', project);
  return key !== undefined && scopeOf(key) === scopeOf(group) ? nameOf(key) : undefined;
};

/**
 * *The leader's backendGroup must already be specified as a backend of this backend service. Removing a
 * backend that is designated as the leader's backendGroup is not permitted. The instance must already be
 * attached to the NEG* (proto comments of BackendServiceHAPolicyLeader).
 * @param changed false if the service has this leader already: one whose instance is gone does not keep a
 *   patch of something else from being accepted (unverified)
 */
export const checkLeader = (
  policy: HaPolicy,
  groups: ReadonlyMap<Key, NetworkEndpointGroup>,
  at: At,
  changed: boolean,
): HaPolicy => {
  const { leader } = policy;
  if (leader === undefined || Object.keys(leader).length === 0) return withoutLeader(policy);
  const field = 'resource.haPolicy.leader';
  if (leader.backendGroup === undefined) throw required(`${field}.backendGroup`);
  const group = parseReference(leader.backendGroup, 'networkEndpointGroups', at.project);
  if (group === undefined) {
    throw invalid(`${field}.backendGroup`, leader.backendGroup, 'The URL is malformed.');
  }
  if (!groups.has(group)) {
    const why = 'The backendGroup of the leader must be a backend of the backend service.';
    throw invalid(`${field}.backendGroup`, leader.backendGroup, why);
  }
  const given = leader.networkEndpoint?.instance;
  if (given === undefined) throw required(`${field}.networkEndpoint.instance`);
  const instance = instanceName(given, group, at.project);
  if (instance === undefined) {
    throw invalid(
      `${field}.networkEndpoint.instance`,
      given,
      'It must be an instance of the zone of the NEG.',
    );
  }
  if (changed && !at.world.endpoints.has(group, instance)) {
    const key = keyOf(scopeOf(group), 'instances', instance);
    if (at.world.store.get('instances', key) === undefined) throw notFound(key);
    const why = `The instance is not attached to the network endpoint group '${group}'.`;
    throw invalid(`${field}.networkEndpoint.instance`, given, why);
  }
  return { ...policy, leader: { backendGroup: urlOf(group), networkEndpoint: { instance: given } } };
};

const withoutLeader = ({ leader: _, ...policy }: HaPolicy): HaPolicy => policy;
