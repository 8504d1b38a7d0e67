import { decideClass } from '../../../../../functions/persistent-ip/gateway-class.ts';
import type { GatewayStatus } from '../../../../../functions/persistent-ip/objects.ts';
import type { World } from '../../../world.ts';
import { classVerdict } from '../classes.ts';
import { type AClass, type Cluster, controllerName, keyOf, type Past } from '../cluster.ts';
import { gatewayVerdict, reservationsDue } from '../gateways.ts';
import { deliverGateway } from '../world/deliver-gateway.ts';
import { Comparison, type Disagreement, spoken } from './comparison.ts';
import type { Tally } from './tally.ts';

export const compareClass = (all: Comparison, one: AClass, world: World, tally: Tally): void => {
  const gatewayClass = world.classes.find(({ metadata }) => metadata.name === one.name);
  const verdict = gatewayClass && decideClass(gatewayClass, controllerName);
  const expected = classVerdict(one);
  if (verdict !== undefined) tally.hear('GatewayClass', [verdict]);
  if (expected !== undefined) tally.add(`GatewayClass Accepted=${expected}`);
  all.same(`class ${one.name}`, expected, verdict && `${verdict.status}/${verdict.reason}`);
};

/** A Gateway's next status, before we have reserved or released what its entries without a value ask for. */
export const compareGatewayDecision = (
  cluster: Cluster,
  past: Past,
  key: string,
  status: GatewayStatus | undefined,
  tally: Tally,
): Disagreement[] => {
  const all = new Comparison();
  const gateway = cluster.gateways.find((one) => keyOf(one) === key);
  if (gateway === undefined) return [];
  const reservations = past.reservations.get(key) ?? [];
  const verdict = gatewayVerdict(cluster, gateway, past.reservations, past.offers.get(key)?.held ?? []);
  // "it goes when no forwarding rule uses the address and the address is deleted"
  const expected = gateway.deleting
    ? verdict !== undefined && reservations.length > 0 && 'False/Pending'
    : (verdict?.conditions.Programmed ?? false);
  all.same(`whether we write on Gateway ${key}`, expected !== false, status !== undefined);
  if (expected === false || status === undefined) return all.found;
  tally.hear('Gateway', status.conditions);
  tally.add(`Gateway Programmed=${expected}`);
  all.same(
    `the next Programmed of Gateway ${key}`,
    { Programmed: expected },
    spoken(status.conditions, ['Programmed']),
  );
  return all.found;
};

export const compareGateway = (
  all: Comparison,
  cluster: Cluster,
  gateway: Cluster['gateways'][number],
  world: World,
  seen: Past,
  tally: Tally,
): void => {
  const key = keyOf(gateway);
  const status = world.gateways.get(key)?.status;
  const reservations = seen.reservations.get(key) ?? [];
  const offered = seen.offers.get(key)?.held ?? [];
  const expected = gatewayVerdict(cluster, gateway, seen.reservations, offered);
  if (expected === undefined || status === undefined) {
    // What another controller or we said before stays as it is.
    all.same(`whether we write on Gateway ${key}`, expected !== undefined, deliverGateway(world, key));
    return;
  }
  for (const [type, words] of Object.entries(expected.conditions)) tally.add(`Gateway ${type}=${words}`);
  tally.hear('Gateway', status.conditions);
  if (expected.accepted)
    all.same(`addresses reserved for ${key}`, reservationsDue(gateway), reservations.length);
  all.same(`Gateway ${key}`, expected.conditions, spoken(status.conditions, ['Accepted', 'Programmed']));
  all.same(
    `the pool of Gateway ${key}`,
    expected.held.toSorted(),
    status.addresses.map(({ value }) => value.replace('/32', '')).toSorted(),
  );
  for (const { observedGeneration } of status.conditions)
    all.same(`the generation that Gateway ${key} speaks of`, gateway.generation, observedGeneration);
  for (const listener of expected.listeners) {
    for (const [type, words] of Object.entries(listener.conditions)) tally.add(`Listener ${type}=${words}`);
    const found = status.listeners.find(({ name }) => name === listener.name);
    tally.hear('Listener', found?.conditions ?? []);
    const about = `listener ${listener.name} of ${key}`;
    all.same(about, listener.conditions, spoken(found?.conditions ?? [], Object.keys(listener.conditions)));
    all.same(`${about}: attached routes`, listener.attached, found?.attachedRoutes);
    all.same(
      `${about}: kinds`,
      listener.kinds,
      found?.supportedKinds.map(({ kind }) => kind),
    );
  }
};
