import { admittingListeners, listenerProblem, names, routeKind } from './admission.ts';
import { stamp } from './conditions.ts';
import type { GatewayObservation } from './gateway-observation.ts';
import type { Listener, ListenerStatus, Route } from './objects.ts';
import type { VerdictOf } from './vocabulary.ts';

/** What a listener says of itself, and how many routes it has. Source: Gateway API, *ListenerStatus*. */
export const listenerStatus = (
  o: GatewayObservation,
  listener: Listener,
  accepted: VerdictOf<'Gateway', 'Accepted'>,
): ListenerStatus => {
  const before = o.gateway.status.listeners.find(({ name }) => name === listener.name)?.conditions ?? [];
  const strange = listener.kinds.filter(
    ({ group, kind }) => group !== routeKind.group || kind !== routeKind.kind,
  );
  const refs: VerdictOf<'Listener', 'ResolvedRefs'> =
    strange.length > 0
      ? {
          type: 'ResolvedRefs',
          status: 'False',
          reason: 'InvalidRouteKinds',
          message: `allowedRoutes.kinds names ${strange.map(({ kind }) => kind).join(', ')}: only ${routeKind.kind} of ${routeKind.group} can be attached`,
        }
      : {
          type: 'ResolvedRefs',
          status: 'True',
          reason: 'ResolvedRefs',
          message: 'allowedRoutes can be read',
        };
  const problem =
    accepted.status === 'True'
      ? listenerProblem(listener)
      : `The Gateway is not accepted: ${accepted.message}`;
  const usable = problem === undefined && refs.status === 'True';
  const verdicts: VerdictOf<'Listener'>[] = [
    problem === undefined
      ? { type: 'Accepted', status: 'True', reason: 'Accepted', message: 'The listener is valid' }
      : { type: 'Accepted', status: 'False', reason: 'Invalid', message: problem },
    refs,
    usable
      ? { type: 'Programmed', status: 'True', reason: 'Programmed', message: 'Routes can be attached' }
      : { type: 'Programmed', status: 'False', reason: 'Invalid', message: problem ?? refs.message },
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
