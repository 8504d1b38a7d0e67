import type { ComputeEvent, ComputeResource } from './compute-event.ts';
import type { Refusal } from './refusal.ts';

/** Why an entry cannot matter; a closed set, so that drops can be counted by reason. */
export type ComputeDropReason =
  | 'our own write'
  | 'the request failed'
  | 'no address depends on this method'
  | 'the operation still runs'
  | 'the operation was seen when it began';

export type ComputeVerdict =
  | { readonly kind: 'drop'; readonly why: ComputeDropReason }
  | { readonly kind: 'refuse'; readonly refusal: Refusal }
  | ComputeResource;

export interface ComputeEventConfig {
  /** Our service account's e-mail address. */
  readonly ownPrincipal: string;
  /** The projects of the configured clusters, and their shared VPC hosts; every other is refused. */
  readonly projects: readonly string[];
}

interface Rule {
  readonly kind: ComputeResource['kind'];
  /** Which of an operation's two entries is acted on. */
  readonly entry: 'first' | 'last' | 'any';
}

/**
 * The closed list, of activity and of system events.
 *
 * A VM that is deleted or stopped counts as gone from `STOPPING` on, which it is as soon as the operation runs: the
 * first entry is the earliest news, up to minutes before the last. The last adds nothing: what a look then finds, the
 * look at the first has found, or the node's own events and the sweep report it.
 *
 * Of everything else the last: until the operation is done the resource reads as before, and a look at the first
 * entry would find no drift, with nobody to look again.
 *
 * System events are reports of what has happened, and rare: any entry.
 */
const activity: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['instances.delete', { kind: 'instance', entry: 'first' }],
  ['instances.stop', { kind: 'instance', entry: 'first' }],
  ['forwardingRules.delete', { kind: 'forwarding-rule', entry: 'last' }],
  ['regionBackendServices.delete', { kind: 'backend-service', entry: 'last' }],
  ['regionBackendServices.patch', { kind: 'backend-service', entry: 'last' }],
  ['addresses.delete', { kind: 'address', entry: 'last' }],
]);

const system: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['instances.preempted', { kind: 'instance', entry: 'any' }],
  ['instances.hostError', { kind: 'instance', entry: 'any' }],
  ['instances.guestTerminate', { kind: 'instance', entry: 'any' }],
  ['instances.terminateOnHostMaintenance', { kind: 'instance', entry: 'any' }],
  ['instances.automaticRestart', { kind: 'instance', entry: 'any' }],
]);

const drop = (why: ComputeDropReason): ComputeVerdict => ({ kind: 'drop', why });

/**
 * Which resource an entry may concern. Precedence: our own writes and failures are dropped; then what is not on the
 * closed list; a foreign project is refused; then the entry that says nothing new. Our own changes are known, and
 * everybody else's are drift. Source: design/events.md.
 */
export const judgeComputeEvent = (event: ComputeEvent, config: ComputeEventConfig): ComputeVerdict => {
  if (event.principal === config.ownPrincipal) return drop('our own write');
  if (event.statusCode !== 0) return drop('the request failed');
  const rule = (event.method.system ? system : activity).get(event.method.short);
  const { resource } = event;
  if (rule === undefined || resource?.kind !== rule.kind) return drop('no address depends on this method');
  if (!config.projects.includes(resource.project))
    return {
      kind: 'refuse',
      refusal: { kind: 'untrusted', field: 'protoPayload.resourceName', problem: 'unknown project' },
    };
  // An operation that ended at once writes one entry, which is both or says neither.
  if (event.first !== event.last) {
    if (rule.entry === 'first' && event.last) return drop('the operation was seen when it began');
    if (rule.entry === 'last' && event.first) return drop('the operation still runs');
  }
  return resource;
};
