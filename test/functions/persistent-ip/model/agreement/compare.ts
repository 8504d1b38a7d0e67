import type { Condition, RouteStatus } from '../../../../../functions/persistent-ip/objects.ts';
import type { World } from '../../../world.ts';
import { holdingPod, rankOf, rightfulPod } from '../choice.ts';
import { lossIn } from '../claims.ts';
import { type Cluster, keyOf, type Past } from '../cluster.ts';
import { decisionOf } from '../decision.ts';
import { compareClass, compareGateway } from './compare-gateway.ts';
import { Comparison, type Disagreement, spoken } from './comparison.ts';
import type { Tally } from './tally.ts';

const types = ['Accepted', 'GCPReady', 'DPV2Ready', 'Ready'];

/** A status that was just decided, against the model's sentence by sentence. */
export const compareDecision = (
  cluster: Cluster,
  past: Past,
  key: string,
  before: readonly Condition[],
  status: RouteStatus | undefined,
  failed: boolean,
  tally: Tally,
): Disagreement[] => {
  const all = new Comparison();
  const route = cluster.routes.find((one) => keyOf(one) === key);
  if (route === undefined) return [];
  const expected = decisionOf(cluster, past, route, failed);
  const about = `the next status of ${key}`;
  all.same(`whether we say anything of ${key}`, expected !== undefined, status !== undefined);
  if (expected === undefined || status === undefined) return all.found;
  tally.hear('GKEIPRoute', status.conditions);
  for (const [type, words] of Object.entries(expected.conditions)) tally.add(`GKEIPRoute ${type}=${words}`);
  tallyFlapping(tally, cluster, route, past);
  tallyRank(tally, cluster, route, expected.pods);
  if ((past.routes.get(key)?.pods.length ?? 0) > 0 && !failed)
    tally.add(`served before: ${expected.conditions.Accepted}`);
  all.same(`${about}: pods`, expected.pods, status.pods);
  all.same(about, expected.conditions, spoken(status.conditions, types));
  for (const { type, observedGeneration, status: is, lastTransitionTime } of status.conditions) {
    all.same(`${about}: the generation of ${type}`, route.generation, observedGeneration);
    // "`lastTransitionTime` changes only when `status` does."
    const old = before.find((condition) => condition.type === type);
    if (old !== undefined)
      all.same(
        `${about}: a new time of ${type}`,
        old.status !== is,
        old.lastTransitionTime !== lastTransitionTime,
      );
  }
  // "The loser is `Accepted=False/InvalidAddresses`, names the winner"
  const loss = lossIn(cluster, past, route);
  if (loss === undefined) return all.found;
  tally.add(`loses to ${loss.because}`);
  const message = status.conditions.find(({ type }) => type === 'Accepted')?.message ?? '';
  all.same(`${about}: the winner's name in "${message}"`, true, message.includes(loss.to));
  return all.found;
};

/** A world at rest against the model at rest. */
export const compareRest = (
  model: { cluster: Cluster; past: Past },
  world: World,
  seen: Past,
  tally: Tally,
): Disagreement[] => {
  const all = new Comparison();
  const { cluster, past } = model;
  all.same(
    'which routes are left',
    cluster.routes.map(keyOf).toSorted(),
    [...world.routes.keys()].toSorted(),
  );
  for (const route of cluster.routes) {
    const key = keyOf(route);
    const expected = past.routes.get(key);
    const found = seen.routes.get(key);
    all.same(`the Pod at rest of ${key}`, expected?.pods ?? [], found?.pods);
    tallyRank(tally, cluster, route, expected?.pods ?? []);
    const words = (one: typeof expected) =>
      types.map((type) => {
        const condition = one?.conditions.get(type);
        return condition === undefined ? 'none' : `${type}=${condition.status}/${condition.reason}`;
      });
    all.same(`the conditions at rest of ${key}`, words(expected), words(found));
    for (const word of words(expected)) tally.add(`at rest ${word}`);
    all.same(`the holder record of ${key}`, expected?.record ?? null, found?.record ?? null);
    all.same(`the moves of ${key}`, expected?.moved ?? 0, found?.moved);
    all.same(`the leader of ${key}`, expected?.leader ?? '', found?.leader);
    all.same(`whether anything is left of ${key}`, expected?.made ?? false, found?.made);
    all.same(`what ${key} opens`, expected?.ranges, found?.ranges);
    all.same(`the finalizer of ${key}`, expected?.finalizer ?? false, found?.finalizer);
  }
  for (const ip of [...new Set([...past.rules, ...seen.rules].map((rule) => rule.ip))].sort())
    all.same(
      `who holds ${ip}`,
      past.rules.find((rule) => rule.ip === ip)?.by,
      seen.rules.find((rule) => rule.ip === ip)?.by,
    );
  for (const one of cluster.classes) compareClass(all, one, world, tally);
  for (const gateway of cluster.gateways) compareGateway(all, cluster, gateway, world, seen, tally);
  return all.found;
};

/** Where too many moves keep the addresses from the Pod that the rules name. */
const tallyFlapping = (
  tally: Tally,
  cluster: Cluster,
  route: Cluster['routes'][number],
  past: Past,
): void => {
  const before = past.routes.get(keyOf(route));
  const rightful = rightfulPod(cluster, route);
  if (before === undefined || rightful === undefined) return;
  const kept = holdingPod(cluster, route, before);
  if (kept === rightful) return;
  tally.add(kept === undefined ? 'too many moves: nobody' : `too many moves: kept, Ready: ${kept.ready}`);
};

/** The rank of the Pod that holds the addresses. */
const tallyRank = (
  tally: Tally,
  cluster: Cluster,
  route: Cluster['routes'][number],
  pods: readonly string[],
): void => {
  const pod = cluster.pods.find(({ namespace, name }) => namespace === route.namespace && name === pods[0]);
  if (pod === undefined) return;
  const rank = rankOf(cluster, route, pod);
  tally.add(`rank ${rank} by ${route.mode}`);
  const rivals = cluster.pods.filter(
    (one) => rankOf(cluster, route, one) === rank && one.created === pod.created,
  );
  if (rivals.length > 1) tally.add('the greater name of one second');
};
