import type { Candidate } from './choose-pod.ts';
import type { BackendService, CloudStep, Leader, NegRef, Stage } from './cloud.ts';
import { findCondition } from './conditions.ts';
import { type Holder, type HolderRecord, sameHolder } from './holder-record.ts';
import { negName, ruleName } from './names.ts';
import type { Gateway } from './objects.ts';
import { type Delivery, ownerOf, type RouteObservation, stemOfRoute } from './observation.ts';
import { describe, isOwnedBy, recordOf } from './ownership.ts';
import { sourceRangesOf, sourceRangesProblem } from './source-ranges.ts';

/** What the route should hold: its addresses on one Pod, with the Nodes of all matching Pods as standbys. */
export interface Goal {
  readonly ips: readonly string[];
  readonly gateways: readonly Gateway[];
  readonly chosen: Candidate | undefined;
  readonly holder: Holder | undefined;
  readonly standbys: readonly Candidate[];
}

export interface HoldPlan {
  readonly stages: readonly Stage[];
  /** Some step changes who receives traffic; without one only standbys are being prepared and Ready stays. */
  readonly urgent: boolean;
  /** Resources with our names that are not ours: nothing is done until somebody removes them. */
  readonly foreign: readonly string[];
  /** Every address has a forwarding rule under our record. */
  readonly allocated: boolean;
}

interface Endpoint {
  readonly neg: NegRef;
  readonly subnetwork: string;
  readonly instance: string;
}

/**
 * The steps from what is to what should be: NEGs, endpoints, backend service, then rules and firewall. A move
 * to a standby is one step. Source: design/google-cloud.md, *One route, four kinds of resource*.
 */
export const planHold = (o: RouteObservation, goal: Goal, delivery: Delivery): HoldPlan => {
  const stem = stemOfRoute(o.cluster.key, o.route);
  const owner = ownerOf(o);
  const foreign = foreignNames(o);
  const endpoints = goal.standbys.flatMap((standby) => endpointOf(o, stem, standby));
  const attach = planEndpoints(o, endpoints, describe(owner));
  const service = planService(o, stem, goal, endpoints, delivery);
  const rules = planRules(o, stem, goal);
  const firewall = planFirewall(o, stem, goal);
  const nothingToHang = o.cloud.backendService === undefined && service.steps.length === 0;
  const exposed = nothingToHang ? [] : [...rules.create, ...firewall];
  const stages = [attach.create, attach.attach, service.steps, rules.remove, exposed];
  return {
    stages: foreign.length > 0 ? [] : stages.filter((stage) => stage.length > 0),
    urgent: service.urgent || rules.remove.length > 0 || exposed.length > 0,
    foreign,
    allocated: rules.create.length === 0 && rules.remove.length === 0,
  };
};

const foreignNames = (o: RouteObservation): readonly string[] => {
  const owner = ownerOf(o);
  const { backendService, firewall, rules, negs } = o.cloud;
  return [
    ...(backendService && !isOwnedBy(owner, backendService.description)
      ? [`backend service ${backendService.name}`]
      : []),
    ...(firewall && !isOwnedBy(owner, firewall.description) ? [`firewall rule ${firewall.name}`] : []),
    ...rules
      .filter(({ description }) => !isOwnedBy(owner, description))
      .map(({ name }) => `forwarding rule ${name}`),
    ...negs
      .filter((neg) => !isOwnedBy(owner, neg.owner))
      .map(({ name, zone }) => `network endpoint group ${zone}/${name}`),
  ];
};

const endpointOf = (o: RouteObservation, stem: string, { node }: Candidate): readonly Endpoint[] => {
  if (node.instance === undefined) return [];
  const subnetwork = node.subnetwork ?? o.cluster.subnetwork;
  const { zone, name: instance } = node.instance;
  return [{ neg: { zone, name: negName(stem, zone, subnetwork) }, subnetwork, instance }];
};

const sameNeg = (a: NegRef, b: NegRef): boolean => a.zone === b.zone && a.name === b.name;

const planEndpoints = (o: RouteObservation, endpoints: readonly Endpoint[], description: string) => {
  const create: CloudStep[] = [];
  const attach: CloudStep[] = [];
  for (const { neg, subnetwork } of endpoints) {
    const seen = o.cloud.negs.find((other) => sameNeg(other, neg));
    const planned = create.some((step) => step.do === 'create-neg' && sameNeg(step.neg, neg));
    if (seen === undefined && !planned)
      create.push({ do: 'create-neg', neg, network: o.cluster.network, subnetwork, description });
    const wanted = endpoints.filter((other) => sameNeg(other.neg, neg)).map(({ instance }) => instance);
    const instances = [...new Set(wanted)].filter((instance) => seen?.endpoints.includes(instance) !== true);
    const repeated = attach.some((step) => step.do === 'attach' && sameNeg(step.neg, neg));
    if (instances.length > 0 && !repeated) attach.push({ do: 'attach', neg, instances });
  }
  return { create, attach };
};

const planService = (
  o: RouteObservation,
  stem: string,
  { ips, holder, chosen }: Goal,
  endpoints: readonly Endpoint[],
  delivery: Delivery,
): { steps: CloudStep[]; urgent: boolean } => {
  const owner = ownerOf(o);
  const seen = o.cloud.backendService;
  const place = chosen === undefined ? undefined : endpointOf(o, stem, chosen)[0];
  const leader: Leader | undefined = place && { neg: place.neg, instance: place.instance };
  const backends = wantedBackends(seen, endpoints);
  if (seen === undefined) {
    if (leader === undefined) return { steps: [], urgent: false };
    const record = newRecord(o, undefined, holder, ips, '');
    const description = describe(owner, record);
    return {
      steps: [{ do: 'create-backend-service', name: stem, backends, leader, record, description }],
      urgent: true,
    };
  }
  const written = recordOf(seen.description);
  const sameRecord = written !== undefined && sameHolder(written.holder, holder);
  const leads = leader === undefined || isLeader(o, seen, leader);
  const confirmed = isSettled(o, holder) || delivery.written === seen.description;
  const urgent = !sameRecord || !leads || !confirmed;
  const grows = backends.length > seen.backends.length;
  if (!urgent && !grows) return { steps: [], urgent };
  const record =
    written !== undefined && sameRecord
      ? { ...written, written: o.now.toISOString() }
      : newRecord(o, written?.holder, holder, ips, seen.fingerprint);
  const step: CloudStep = {
    do: 'patch-backend-service',
    name: stem,
    fingerprint: seen.fingerprint,
    ...(leader === undefined ? {} : { leader }),
    ...(grows ? { backends } : {}),
    record,
    description: describe(owner, record),
  };
  return { steps: [step], urgent };
};

/** The leader counts only while its endpoint is attached: a VM recreated under its name is not. */
const isLeader = (o: RouteObservation, seen: BackendService, wanted: Leader): boolean =>
  seen.leader !== undefined &&
  seen.leader.instance === wanted.instance &&
  sameNeg(seen.leader.neg, wanted.neg) &&
  o.cloud.negs.some((neg) => sameNeg(neg, wanted.neg) && neg.endpoints.includes(wanted.instance));

const wantedBackends = (
  seen: BackendService | undefined,
  endpoints: readonly Endpoint[],
): readonly NegRef[] => {
  const all: NegRef[] = [...(seen?.backends ?? [])];
  for (const { neg } of endpoints) if (!all.some((other) => sameNeg(other, neg))) all.push(neg);
  return all;
};

/**
 * Whether the status already says that the last change is over. Otherwise another delivery's PATCH may be on
 * its way, and *nothing to do* must be said by a PATCH of the same leader with the fingerprint.
 * Source: design/google-cloud.md, *Concurrency and idempotency*.
 */
export const isSettled = (
  { route }: Pick<RouteObservation, 'route'>,
  holder: Holder | undefined,
): boolean => {
  const gcp = findCondition(route.status.conditions, 'GCPReady');
  const { pods } = route.status;
  return holder === undefined
    ? gcp?.reason === 'NoPodsFound' && pods.length === 0
    : gcp?.status === 'True' && pods.length === 1 && pods[0] === holder.pod;
};

/** A new change of holder; its texts are cut so that a description always holds it. */
export const newRecord = (
  { now, cause }: Pick<RouteObservation, 'now' | 'cause'>,
  before: Holder | undefined,
  holder: Holder | undefined,
  ips: readonly string[],
  replaced: string,
): HolderRecord => ({
  holder,
  before,
  at: now.toISOString(),
  cause: {
    insertId: cause.insertId.slice(0, 36),
    method: cause.method.slice(0, 64),
    principal: cause.principal.slice(0, 64),
    at: cause.at.slice(0, 32),
  },
  replaced,
  written: now.toISOString(),
  addresses: ips,
});

const planRules = (o: RouteObservation, stem: string, { ips }: Goal) => {
  const owner = ownerOf(o);
  const ours = o.cloud.rules.filter(({ description }) => isOwnedBy(owner, description));
  const good = ours.filter(({ ip, backendService }) => ips.includes(ip) && backendService === stem);
  const remove: CloudStep[] = ours
    .filter((rule) => !good.includes(rule))
    .map(({ name }) => ({ do: 'delete-forwarding-rule', name }));
  const create: CloudStep[] = ips
    .filter((ip) => !good.some((rule) => rule.ip === ip))
    .map((ip) => ({
      do: 'create-forwarding-rule',
      name: ruleName(stem, ip),
      ip,
      backendService: stem,
      description: describe(owner),
    }));
  return { remove, create };
};

const sameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((entry) => b.includes(entry));

/** Traffic of a persistent IP bypasses NetworkPolicy on the node: this rule is its only filter. */
const planFirewall = (o: RouteObservation, stem: string, { ips, gateways }: Goal): readonly CloudStep[] => {
  // The Gateway is about to lose Accepted; until somebody mends the annotation the last good rule stays.
  if (gateways.some((gateway) => sourceRangesProblem(gateway) !== undefined)) return [];
  const destinationRanges = ips.map((ip) => `${ip}/32`);
  const sourceRanges = sourceRangesOf(gateways);
  const targetTags = o.cluster.nodeTag === undefined ? [] : [o.cluster.nodeTag];
  const seen = o.cloud.firewall;
  const same =
    seen !== undefined &&
    sameSet(seen.destinationRanges, destinationRanges) &&
    sameSet(seen.sourceRanges, sourceRanges) &&
    sameSet(seen.targetTags, targetTags);
  if (same) return [];
  return [
    {
      do: seen === undefined ? 'create-firewall' : 'patch-firewall',
      name: stem,
      network: o.cluster.network,
      sourceRanges,
      destinationRanges,
      targetTags,
      description: describe(ownerOf(o)),
    },
  ];
};
