import { admittingListeners, names, routeKind } from './admission.ts';
import type { Address } from './cloud.ts';
import { changedConditions, type PlainVerdict, stamp } from './conditions.ts';
import { type ClassMeaning, classProblem, meaningOf } from './gateway-class.ts';
import type {
  Gateway,
  GatewayClass,
  GatewayStatus,
  Listener,
  ListenerStatus,
  Namespace,
  Route,
} from './objects.ts';
import { evaluatePool, type Pool } from './pool.ts';
import { sourceRangesProblem } from './source-ranges.ts';

export interface GatewayObservation {
  readonly now: Date;
  readonly controllerName: string;
  readonly region: string;
  readonly gateway: Gateway;
  /** The class it names; `undefined` when there is none of that name. */
  readonly gatewayClass: GatewayClass | undefined;
  /** Every reserved address of the region. */
  readonly addresses: readonly Address[];
  readonly routes: readonly Route[];
  readonly namespaces: ReadonlyMap<string, Namespace>;
}

/** The status that a Gateway of ours must show; `undefined` when it is not ours or is being deleted. */
export const decideGateway = (o: GatewayObservation): GatewayStatus | undefined => {
  if (o.gatewayClass === undefined || o.gateway.metadata.deletionTimestamp !== undefined) return undefined;
  const meaning = meaningOf(o.gatewayClass, o.controllerName);
  if (meaning.kind === 'foreign') return undefined;
  const pool =
    meaning.kind === 'offered'
      ? evaluatePool(o.gateway, o.addresses, o.region, meaning.scheme)
      : { held: [], problems: [], unknownTypes: [] };
  const accepted = acceptedOf(o, meaning, pool);
  const usable = accepted.status === 'True' ? pool.held : [];
  const generation = o.gateway.metadata.generation;
  return {
    addresses: usable,
    conditions: stamp(
      o.gateway.status.conditions,
      [accepted, programmedOf(accepted, pool)],
      generation,
      o.now,
    ),
    listeners: o.gateway.listeners.map((listener) => listenerStatus(o, listener, accepted)),
  };
};

const acceptedOf = (
  o: GatewayObservation,
  meaning: Exclude<ClassMeaning, { kind: 'foreign' }>,
  pool: Pool,
): PlainVerdict => {
  const no = (reason: string, message: string): PlainVerdict => ({
    type: 'Accepted',
    status: 'False',
    reason,
    message,
  });
  if (meaning.kind !== 'offered') {
    const { reason, message } = classProblem(meaning);
    return no(reason, `GatewayClass ${o.gateway.className} is not accepted: ${message}`);
  }
  if (pool.unknownTypes.length > 0)
    return no(
      'UnsupportedAddress',
      `Address type ${pool.unknownTypes.join(', ')} is not supported: use IPAddress, NamedAddress or gke.networking.io/cidr`,
    );
  const ranges = sourceRangesProblem(o.gateway);
  if (ranges !== undefined) return no('InvalidParameters', `${ranges}; the last good firewall rules stay`);
  return { type: 'Accepted', status: 'True', reason: 'Accepted', message: 'The Gateway is valid' };
};

const programmedOf = (accepted: PlainVerdict, pool: Pool): PlainVerdict => {
  const type = 'Programmed';
  if (accepted.status === 'False')
    return { type, status: 'False', reason: 'Invalid', message: `Not accepted: ${accepted.message}` };
  if (pool.problems.length > 0)
    return { type, status: 'False', reason: 'AddressNotUsable', message: pool.problems.join('; ') };
  const message =
    pool.held.length === 0
      ? 'The pool is empty: add addresses to spec.addresses'
      : `The pool holds ${pool.held.length} address${pool.held.length === 1 ? '' : 'es'}`;
  return { type, status: 'True', reason: 'Programmed', message };
};

const listenerStatus = (
  o: GatewayObservation,
  listener: Listener,
  accepted: PlainVerdict,
): ListenerStatus => {
  const before = o.gateway.status.listeners.find(({ name }) => name === listener.name)?.conditions ?? [];
  const strange = listener.kinds.filter(
    ({ group, kind }) => group !== routeKind.group || kind !== routeKind.kind,
  );
  const refs: PlainVerdict =
    strange.length > 0
      ? {
          type: 'ResolvedRefs',
          status: 'False',
          reason: 'InvalidRouteKinds',
          message: `allowedRoutes.kinds names ${strange.map(({ kind }) => kind).join(', ')}: only ${routeKind.kind} of ${routeKind.group} can be attached`,
        }
      : { type: 'ResolvedRefs', status: 'True', reason: 'ResolvedRefs', message: 'The listener is valid' };
  const usable = accepted.status === 'True' && refs.status === 'True';
  const verdicts: PlainVerdict[] = [
    accepted.status === 'True'
      ? { type: 'Accepted', status: 'True', reason: 'Accepted', message: 'The listener is valid' }
      : { type: 'Accepted', status: 'False', reason: 'Invalid', message: 'The Gateway is not accepted' },
    refs,
    usable
      ? { type: 'Programmed', status: 'True', reason: 'Programmed', message: 'Routes can be attached' }
      : {
          type: 'Programmed',
          status: 'False',
          reason: 'Invalid',
          message: 'The listener or its Gateway is not valid',
        },
    { type: 'Conflicted', status: 'False', reason: 'NoConflicts', message: 'Listeners have unique names' },
  ];
  return {
    name: listener.name,
    supportedKinds: listener.kinds.length > 0 && strange.length === listener.kinds.length ? [] : [routeKind],
    attachedRoutes: o.routes.filter((route) => isAttached(o, route, listener)).length,
    conditions: stamp(before, verdicts, o.gateway.metadata.generation, o.now),
  };
};

const isAttached = (o: GatewayObservation, route: Route, listener: Listener): boolean => {
  const namespace = o.namespaces.get(route.metadata.namespace);
  return (
    namespace !== undefined &&
    route.metadata.deletionTimestamp === undefined &&
    route.parentRefs.some(
      (ref) => names(ref, o.gateway) && admittingListeners(o.gateway, ref, namespace).includes(listener),
    )
  );
};

/** Whether two statuses read the same; times of transition follow from the conditions. */
export const sameGatewayStatus = (a: GatewayStatus, b: GatewayStatus): boolean =>
  JSON.stringify(a.addresses) === JSON.stringify(b.addresses) &&
  changedConditions(a.conditions, b.conditions).length === 0 &&
  a.listeners.length === b.listeners.length &&
  b.listeners.every((after) => {
    const before = a.listeners.find(({ name }) => name === after.name);
    return (
      before !== undefined &&
      before.attachedRoutes === after.attachedRoutes &&
      JSON.stringify(before.supportedKinds) === JSON.stringify(after.supportedKinds) &&
      changedConditions(before.conditions, after.conditions).length === 0
    );
  });
