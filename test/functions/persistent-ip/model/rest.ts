import { whoseIs } from './classes.ts';
import {
  type AGateway,
  type ARoute,
  type Cluster,
  keyOf,
  type Past,
  type RoutePast,
  type Said,
} from './cluster.ts';
import { decisionOf, noPast } from './decision.ts';
import { gatewayVerdict } from './gateways.ts';

/**
 * "For a route whose `Accepted` is `True` with `observedGeneration == metadata.generation` and whose `status.pods` has
 * exactly one name, the agent of the node where that Pod runs maps every address and then sets `DPV2Ready`."
 */
export const agentVerdict = (
  cluster: Cluster,
  { namespace, generation }: ARoute,
  { pods, conditions }: RoutePast,
): string | undefined => {
  const accepted = conditions.get('Accepted');
  if (accepted?.status !== 'True' || accepted.generation !== generation || pods.length !== 1)
    return undefined;
  const pod = cluster.pods.find((one) => one.namespace === namespace && one.name === pods[0]);
  if (pod?.node === undefined || pod.ip === undefined) return undefined;
  if (cluster.agents === 'answer') return 'True/DPV2Ready';
  if (cluster.agents === 'fail') return 'False/DPV2NotReady';
  return undefined;
};

const said = (text: string, generation: number): Said => {
  const [status, reason] = text.split('/') as [string, string];
  return { status, reason, generation };
};

/**
 * Everything decided, done and answered, again and again, until nothing changes: where events that stop leave us.
 *
 * @param reservations which addresses Google gave in the end
 */
export const rest = (
  cluster: Cluster,
  before: Past,
  reservations: Past['reservations'],
): { cluster: Cluster; past: Past } => {
  const now = { ...cluster, gateways: [...cluster.gateways], routes: [...cluster.routes] };
  const past: Past = {
    offers: new Map(before.offers),
    reservations,
    routes: new Map(before.routes),
    rules: [...before.rules],
  };
  let earlier = '';
  for (let round = 0; round < 30; round++) {
    for (const gateway of now.gateways) {
      // What the others of the pool offer before an address is reserved: of too many, those stay.
      if (round === 0) offer(now, past, gateway, before.reservations);
      offer(now, past, gateway, reservations);
    }
    for (const route of [...now.routes]) settle(now, past, route);
    const later = view(now, past);
    // "it goes when no forwarding rule uses the address and the address is deleted"
    if (later === earlier) {
      now.gateways = now.gateways.filter(({ deleting }) => !deleting);
      return { cluster: now, past };
    }
    earlier = later;
  }
  throw new Error('the model itself does not come to rest');
};

const offer = (cluster: Cluster, past: Past, gateway: AGateway, reservations: Past['reservations']): void => {
  const key = keyOf(gateway);
  const offered = past.offers.get(key)?.held ?? [];
  const verdict = gatewayVerdict(cluster, gateway, reservations, offered);
  if (verdict !== undefined) past.offers.set(key, verdict);
};

const view = (cluster: Cluster, { offers, rules, routes }: Past): string =>
  JSON.stringify([
    cluster.routes.map(keyOf),
    [...offers],
    rules,
    [...routes].map(([key, { conditions, ...one }]) => [key, one, [...conditions]]),
  ]);

const settle = (cluster: Cluster, past: Past, route: ARoute): void => {
  const key = keyOf(route);
  const before = past.routes.get(key) ?? noPast;
  const expected = decisionOf(cluster, past, route);
  if (expected === undefined) {
    // "we release our cloud resources and remove our finalizer" and "write nothing on it"
    const { pods, conditions } = before;
    const released = whoseIs(cluster, route, before.finalizer) === 'let-go';
    if (released) past.rules = past.rules.filter(({ by }) => by !== key);
    past.routes.set(key, answered(cluster, route, released ? { ...noPast, pods, conditions } : before));
    vanish(cluster, past, route);
    return;
  }
  const { then, pods } = expected;
  const { ips, ...left } = then;
  past.rules = past.rules.filter(({ ip, by }) => by !== key || ips.includes(ip));
  for (const ip of ips) if (!past.rules.some((rule) => rule.ip === ip)) past.rules.push({ ip, by: key });
  const after: RoutePast = { ...left, pods, conditions: new Map(before.conditions) };
  for (const [type, text] of Object.entries(expected.conditions))
    after.conditions.set(type, said(text, route.generation));
  if (expected.busy) after.conditions.set('GCPReady', said('True/GCPReady', route.generation));
  // "then sets `GCPReady=False/CleanupComplete` and drops the finalizer"
  if (route.deleting) after.conditions.set('GCPReady', said('False/CleanupComplete', route.generation));
  past.routes.set(key, answered(cluster, route, after));
  vanish(cluster, past, route);
};

/** "The agent looks at nothing else (no Gateway, class, finalizer or deletionTimestamp)": it answers whosever route it is. */
const answered = (cluster: Cluster, route: ARoute, one: RoutePast): RoutePast => {
  const answer = agentVerdict(cluster, route, one);
  const before = one.conditions.get('DPV2Ready');
  if (answer === undefined || before === undefined) return one;
  const conditions = new Map(one.conditions).set('DPV2Ready', said(answer, before.generation));
  return { ...one, conditions };
};

/** An object that is being deleted goes when its last finalizer does. */
const vanish = (cluster: Cluster, past: Past, route: ARoute): void => {
  const others = route.marks.filter((mark) => mark !== 'gke-annotation');
  if (!route.deleting || past.routes.get(keyOf(route))?.finalizer || others.length > 0) return;
  cluster.routes.splice(cluster.routes.indexOf(route), 1);
  past.routes.delete(keyOf(route));
};
