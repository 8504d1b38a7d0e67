import type { Firewall } from '../../../../../functions/persistent-ip/cloud.ts';
import type { Condition, Route } from '../../../../../functions/persistent-ip/objects.ts';
import { stemOfRoute } from '../../../../../functions/persistent-ip/observation.ts';
import { isOurs, recordOf } from '../../../../../functions/persistent-ip/ownership.ts';
import { clusterKey } from '../../../fixtures.ts';
import type { World } from '../../../world.ts';
import { type Cluster, keyOf, type Past, type RoutePast } from '../cluster.ts';
import { agentVerdict } from '../rest.ts';
import { deliverGateway } from './deliver-gateway.ts';
import { deliverRoute } from './deliver-route.ts';

const said = (conditions: readonly Condition[]): RoutePast['conditions'] =>
  new Map(
    conditions.map(({ type, status, reason, observedGeneration = 0 }) => [
      type,
      { status, reason, generation: observedGeneration },
    ]),
  );

/** Names come from the route's identity; what somebody else put under one of them does not count. */
const madeAnything = (world: World, stem: string): boolean =>
  [world.services, world.rules, world.firewalls].some((all) =>
    [...all.values()].some(({ name, description }) => name.startsWith(stem) && isOurs(description)),
  ) || [...world.negs.values()].some(({ name }) => name.startsWith(stem));

const opened = ({ sourceRanges, destinationRanges }: Firewall, globally: boolean): string =>
  `${sourceRanges.toSorted().join()} for ${destinationRanges
    .map((range) => range.replace('/32', ''))
    .toSorted()
    .join()}${globally ? ' from every region' : ''}`;

const routePast = (world: World, { metadata, status, ...route }: Route): RoutePast => {
  const stem = stemOfRoute(clusterKey, { metadata, status, ...route });
  const service = world.services.get(stem);
  const ours = service !== undefined && isOurs(service.description);
  const neg = [...world.negs.values()].find(({ name }) => name.startsWith(`${stem}-`));
  const firewall = world.firewalls.get(stem);
  const record = ours ? recordOf(service.description) : undefined;
  const holder = record?.holder;
  return {
    finalizer: metadata.finalizers.includes('persistent-ip.dev/release'),
    made: madeAnything(world, stem),
    place: neg === undefined ? '' : `${ours ? service.scheme : ''} ${neg.network} ${neg.subnetwork}`,
    ranges:
      firewall &&
      opened(
        firewall,
        [...world.rules.values()].some((rule) => rule.backendService === stem && rule.allowGlobalAccess),
      ),
    last: (holder ?? record?.before)?.uid ?? '',
    moved: record?.moves.filter((time) => time > world.now.getTime() - 60_000).length ?? 0,
    had: [...(record?.addresses ?? [])],
    leader: (ours ? service.leader?.instance : undefined) ?? '',
    attached: [...world.negs.values()]
      .filter(({ name }) => name.startsWith(`${stem}-`))
      .flatMap(({ endpoints }) => endpoints)
      .toSorted(),
    pods: [...status.pods],
    conditions: said(status.conditions),
    record: !ours
      ? undefined
      : holder === undefined
        ? null
        : { pod: holder.pod, uid: holder.uid, node: holder.node, ip: holder.podIP },
  };
};

const isFor = (uid: string, description: string): boolean =>
  description !== '' && JSON.parse(description).gateway?.uid === uid;

/** The past as the model knows it, read off a world. */
export const pastOf = (world: World, cluster: Cluster): Past => {
  const owners = new Map(
    [...world.routes].map(([key, route]) => [stemOfRoute(clusterKey, route), key] as const),
  );
  return {
    offers: new Map(
      [...world.gateways].map(([key, { status }]) => [
        key,
        {
          accepted: status.conditions.some(({ type, status: is }) => type === 'Accepted' && is === 'True'),
          held: status.addresses.map(({ value }) => value.replace('/32', '')),
        },
      ]),
    ),
    reservations: new Map(
      [...world.gateways].map(([key, { metadata }]) => [
        key,
        world.reserved.filter(({ description }) => isFor(metadata.uid, description)),
      ]),
    ),
    routes: new Map([...world.routes].map(([key, route]) => [key, routePast(world, route)])),
    rules: [...world.rules.values()].map(({ ip, backendService }) => ({
      ip,
      by:
        owners.get(backendService) ??
        cluster.otherRules.find((other) => other.ip === ip)?.by ??
        `nobody known: ${backendService}`,
    })),
  };
};

/** The node agents' answers, as `DPV2Ready` says them; the keys of the routes that they wrote on. */
export const agentsAnswer = (world: World, cluster: Cluster): readonly string[] =>
  [...world.routes].flatMap(([key, route]) => {
    const one = cluster.routes.find((other) => keyOf(other) === key);
    const verdict = one && agentVerdict(cluster, one, routePast(world, route));
    if (verdict === undefined) return [];
    const [status, reason] = verdict.split('/') as ['True' | 'False', string];
    const conditions = route.status.conditions.map((condition) =>
      condition.type === 'DPV2Ready' ? { ...condition, status, reason, message: '' } : condition,
    );
    if (JSON.stringify(conditions) === JSON.stringify(route.status.conditions)) return [];
    world.put({ ...route, status: { ...route.status, conditions } });
    return [key];
  });

/** Delivers for every object, until nothing changes any more. */
export const settleWorld = (world: World, cluster: Cluster): void => {
  for (let round = 0; round < 30; round++) {
    let changed = false;
    for (const key of [...world.gateways.keys()]) changed = deliverGateway(world, key) || changed;
    for (const key of [...world.routes.keys()]) changed = deliverRoute(world, key).changed || changed;
    changed = agentsAnswer(world, cluster).length > 0 || changed;
    if (!changed) return;
  }
  throw new Error('the world does not come to rest');
};
