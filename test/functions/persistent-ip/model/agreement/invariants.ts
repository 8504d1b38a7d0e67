import { matchingPods } from '../../../../../functions/persistent-ip/choose-pod.ts';
import type { CloudStep, Leader } from '../../../../../functions/persistent-ip/cloud.ts';
import { findCondition } from '../../../../../functions/persistent-ip/conditions.ts';
import type { Decision } from '../../../../../functions/persistent-ip/decide-route.ts';
import {
  ownerOf,
  type RouteObservation,
  stemOfRoute,
} from '../../../../../functions/persistent-ip/observation.ts';
import { isOwnedBy, recordOf } from '../../../../../functions/persistent-ip/ownership.ts';
import { vocabulary } from '../../../../../functions/persistent-ip/vocabulary.ts';
import { isEmpty, isParsable, readBlock } from '../reading.ts';

/**
 * What one decision alone must hold, whatever was observed; each returns what is wrong. Numbers are those of
 * design/concepts.md, *Invariants*.
 */
type Act = Extract<Decision, { kind: 'act' }>;
type Invariant = (o: RouteObservation, decision: Act) => string | undefined;

const is = (o: RouteObservation | Act['status'], type: string): string | undefined => {
  const conditions = o === undefined ? [] : 'route' in o ? o.route.status.conditions : o.conditions;
  return findCondition(conditions, type)?.status;
};

const speaksTheVocabulary: Invariant = (_, { status }) => {
  for (const [type, reasons] of Object.entries(vocabulary.GKEIPRoute)) {
    const found = status?.conditions.filter((condition) => condition.type === type) ?? [];
    // What another controller does to us is in second-controller.test.ts: in these worlds there is none.
    if (status === undefined || type === 'SecondController') continue;
    if (found.length !== 1) return `${found.length} conditions ${type}`;
    const [{ status: value, reason } = { status: '', reason: '' }] = found;
    const known: readonly string[] = value === 'True' ? reasons.True : value === 'False' ? reasons.False : [];
    if (!known.includes(reason)) return `${type}=${value}/${reason}`;
  }
  return undefined;
};

const oneOwner: Invariant = (_, { status }) =>
  (status?.pods.length ?? 0) > 1 ? `invariant 1: ${status?.pods.length} Pods` : undefined;

const readyIsTheOthers: Invariant = (_, { status }) => {
  if (status === undefined) return undefined;
  const others = ['Accepted', 'GCPReady', 'DPV2Ready'].every((type) => is(status, type) === 'True');
  return (is(status, 'Ready') === 'True') === others ? undefined : 'Ready is not what the others say';
};

/** Sent again it is no move. */
const isElsewhere = (leader: Leader | undefined, now: Leader | undefined): boolean =>
  leader !== undefined && (leader.instance !== now?.instance || leader.neg.name !== now.neg.name);

const truthfulReady: Invariant = (o, { status, stages }) => {
  if (is(status, 'Ready') !== 'True') return undefined;
  const service = o.cloud.backendService;
  const holder = recordOf(service?.description ?? '')?.holder;
  const pod = o.pods.find(({ metadata }) => metadata.uid === holder?.uid);
  const node = o.nodes.get(holder?.node ?? '');
  if (holder === undefined) return 'invariant 2: Ready without a holder record';
  if (pod?.metadata.name !== status?.pods[0])
    return 'invariant 2: the record is not of the Pod that is named';
  if (node?.instance?.name !== service?.leader?.instance) return 'invariant 2: the leader is another node';
  const moves = stages
    .flat()
    .some((step) => step.do === 'patch-backend-service' && isElsewhere(step.leader, service?.leader));
  return moves ? 'invariant 2: Ready while the leader is to move' : undefined;
};

const neverVouchesForAnAgent: Invariant = (o, { status }) => {
  if (is(status, 'DPV2Ready') !== 'True') return undefined;
  if (is(o, 'DPV2Ready') !== 'True') return 'DPV2Ready=True is ours';
  const seen = findCondition(o.route.status.conditions, 'Accepted')?.observedGeneration;
  if (seen !== o.route.metadata.generation) return 'DPV2Ready=True of an older generation';
  const same = JSON.stringify(o.route.status.pods) === JSON.stringify(status?.pods);
  return same ? undefined : 'DPV2Ready=True of another Pod';
};

const goodNeighbour: Invariant = ({ route, network }, { status }) => {
  if (is(status, 'Accepted') !== 'True') return undefined;
  for (const { value } of route.addresses)
    if (readBlock(value) === undefined) return `invariant 7: Accepted with "${value}"`;
  if (route.addresses.length > 16 || route.addresses.length === 0)
    return `invariant 7: Accepted with ${route.addresses.length} values`;
  if (isEmpty(route.podSelector) || !isParsable(route.podSelector)) return 'Accepted with a bad selector';
  const own = route.network === 'default' || route.network === 'pod-network';
  const ready = own || (network !== undefined && is({ pods: [], conditions: network.conditions }, 'Ready'));
  return own || ready === 'True' ? undefined : 'invariant 7: Accepted with an unreadable Network';
};

const namesNobodyBeforeItHasAll: Invariant = (o, { status }) => {
  if (status === undefined || status.pods.length === 0) return undefined;
  if (is(status, 'Accepted') !== 'True') return 'invariant 5: a Pod is named while the route is refused';
  const live = is(o, 'Accepted') === 'True' && o.route.status.pods.length > 0;
  const blocks = o.route.addresses.flatMap(({ value }) => readBlock(value) ?? []);
  const rules = o.cloud.rules.filter(({ description }) => isOwnedBy(ownerOf(o), description));
  return live || (blocks.length > 0 && rules.length > 0) ? undefined : 'invariant 7: named before allocation';
};

const releasesInOrder: Invariant = (o, { stages }) => {
  // The record says first that nobody holds the addresses, for the audit log.
  const order = [
    'patch-backend-service',
    'delete-forwarding-rule',
    'delete-firewall',
    'delete-backend-service',
    'delete-neg',
  ];
  let last = 0;
  if (o.route.metadata.deletionTimestamp === undefined) return undefined;
  for (const stage of stages)
    for (const step of stage) {
      const at = order.indexOf(step.do);
      if (at < last) return `${step.do} in a release, or too late`;
      last = at;
    }
  return undefined;
};

const healsWithoutDeleting: Invariant = (_, { status, stages }) => {
  const reason = findCondition(status?.conditions ?? [], 'Accepted')?.reason ?? '';
  const heals = ['InvalidLabels', 'GatewayNotAccepted', 'NetworkNotFound', 'NetworkNotReady'].includes(
    reason,
  );
  const deletes = stages.flat().find((step) => step.do.startsWith('delete-'));
  return heals && deletes !== undefined ? `${reason} and ${deletes.do}` : undefined;
};

const finalizersOfOthersStay: Invariant = ({ route: { metadata } }, { finalizers }) => {
  const others = (list: readonly string[]) =>
    list.filter((one) => one !== 'persistent-ip.dev/release').join();
  if (others(metadata.finalizers) !== others(finalizers)) return 'a finalizer of somebody else';
  const added = finalizers.length > metadata.finalizers.length;
  return added && metadata.deletionTimestamp !== undefined
    ? 'a finalizer on what is being deleted'
    : undefined;
};

/** "nothing without our ownership record is ever touched" */
const touchesOnlyOurs: Invariant = (o, { stages }) => {
  const owner = ownerOf(o);
  const stem = stemOfRoute(o.cluster.key, o.route);
  const ours = (description: string | undefined): boolean => isOwnedBy(owner, description);
  const created = new Set<string>();
  const wrong = (step: CloudStep): boolean => {
    switch (step.do) {
      case 'patch-backend-service':
      case 'delete-backend-service':
        return !ours(o.cloud.backendService?.description);
      case 'delete-firewall':
      case 'patch-firewall':
        return !ours(o.cloud.firewall?.description);
      case 'delete-forwarding-rule':
      case 'patch-forwarding-rule':
        return !ours(o.cloud.rules.find(({ name }) => name === step.name)?.description);
      case 'create-neg':
        created.add(`${step.neg.zone}/${step.neg.name}`);
        return !ours(step.description) || !step.neg.name.startsWith(`${stem}-`);
      case 'attach':
      case 'detach':
      case 'delete-neg': {
        const { zone, name } = step.neg;
        const neg = o.cloud.negs.find((one) => one.zone === zone && one.name === name);
        return neg === undefined ? !created.has(`${zone}/${name}`) : !ours(neg.owner);
      }
      case 'create-backend-service':
        return !ours(step.description) || step.name !== stem || o.cloud.backendService !== undefined;
      case 'create-firewall':
        return !ours(step.description) || step.name !== stem || o.cloud.firewall !== undefined;
      case 'create-forwarding-rule':
        return !ours(step.description) || !step.name.startsWith(`${stem}-`);
      default:
        return true;
    }
  };
  const found = stages.flat().find(wrong);
  return found === undefined ? undefined : `invariant 4: ${JSON.stringify(found)}`;
};

/** "Only the sweep detaches, and only Nodes without a matching Pod"; and never "the leader's endpoint". */
const detachesOnlyTheIdle: Invariant = (o, { stages }) => {
  const detached = stages.flat().flatMap((step) => (step.do === 'detach' ? step.instances : []));
  if (detached.length > 0 && o.cause.method !== 'sweep') return 'detached by something else than the sweep';
  const holder = recordOf(o.cloud.backendService?.description ?? '')?.holder;
  const needed = [
    o.cloud.backendService?.leader?.instance,
    holder?.node,
    ...matchingPods(o.route, o.pods).map(({ nodeName }) => nodeName),
  ];
  const wrong = detached.find((instance) => needed.includes(instance));
  return wrong === undefined ? undefined : `${wrong} is detached, which is needed`;
};

const all: readonly Invariant[] = [
  speaksTheVocabulary,
  oneOwner,
  readyIsTheOthers,
  truthfulReady,
  neverVouchesForAnAgent,
  goodNeighbour,
  namesNobodyBeforeItHasAll,
  releasesInOrder,
  healsWithoutDeleting,
  finalizersOfOthersStay,
  touchesOnlyOurs,
  detachesOnlyTheIdle,
];

/** What of a decision is against an invariant. */
export const brokenBy = (o: RouteObservation, decision: Decision): readonly string[] =>
  decision.kind === 'leave' ? [] : all.flatMap((invariant) => invariant(o, decision) ?? []);
