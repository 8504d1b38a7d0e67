import type { Cause, ClusterKey, ReconcileRequest } from '../../events/reconcile-request.ts';
import { acceptRoute } from './accept-route.ts';
import { isGatewayRef, names } from './admission.ts';
import { overlap, within } from './claims.ts';
import type { ForwardingRule, Stage } from './cloud.ts';
import { findCondition } from './conditions.ts';
import type { SeenNetwork } from './networks.ts';
import type { Gateway, GatewayClass, Metadata, Namespace, Route } from './objects.ts';
import { cidrType } from './pool.ts';
import { gatewayKey } from './whose-route.ts';

/** A request for one object of a cluster. */
export const requestFor = (
  cluster: ClusterKey,
  kind: ReconcileRequest['kind'],
  { namespace, name, uid }: Pick<Metadata, 'namespace' | 'name'> & { readonly uid?: string },
  cause: Cause,
): ReconcileRequest => ({ cluster, kind, namespace, name, ...(uid === undefined ? {} : { uid }), cause });

/** What a route created, changed or released concerns: its Gateways, and the routes whose addresses overlap. */
export const dependantsOfRoute = (
  cluster: ClusterKey,
  route: Route,
  all: readonly Route[],
  cause: Cause,
): readonly ReconcileRequest[] => {
  const parents = new Map(route.parentRefs.filter(isGatewayRef).map((ref) => [gatewayKey(ref), ref]));
  return [
    ...[...parents.values()].map(({ namespace, name }) =>
      requestFor(cluster, 'gateway', { namespace, name }, cause),
    ),
    ...all
      .filter((other) => other.metadata.uid !== route.metadata.uid && overlap(other, route))
      .map((other) => requestFor(cluster, 'route', other.metadata, cause)),
  ];
};

/**
 * The route as it speaks for the addresses that its spec has given up and whose rules the stages delete: who waits for
 * one of them does not overlap with the spec any more. `undefined`: there is none.
 */
export const asBefore = (
  route: Route,
  rules: readonly ForwardingRule[],
  stages: readonly Stage[],
): Route | undefined => {
  const deleted = stages.flat().flatMap((step) => (step.do === 'delete-forwarding-rule' ? [step.name] : []));
  const addresses = rules
    .filter(({ name, ip }) => deleted.includes(name) && within(route, [ip]) === undefined)
    .map(({ ip }) => ({ type: cidrType, value: `${ip}/32` }));
  return addresses.length === 0 ? undefined : { ...route, addresses };
};

/**
 * What a route that vanished without a word concerns; nobody remembers its parents or addresses, so: every Gateway
 * that counts attached routes, and every route that waits for an address.
 */
export const dependantsOfVanished = (
  cluster: ClusterKey,
  gateways: readonly Gateway[],
  routes: readonly Route[],
  cause: Cause,
): readonly ReconcileRequest[] => [
  ...gateways
    .filter(({ status }) => status.listeners.some(({ attachedRoutes }) => attachedRoutes > 0))
    .map(({ metadata }) => requestFor(cluster, 'gateway', metadata, cause)),
  ...routes
    .filter(({ status }) => findCondition(status.conditions, 'Accepted')?.reason === 'InvalidAddresses')
    .map(({ metadata }) => requestFor(cluster, 'route', metadata, cause)),
];

export interface GatewaySurroundings {
  readonly cluster: ClusterKey;
  readonly controllerName: string;
  readonly classes: readonly GatewayClass[];
  readonly gateways: ReadonlyMap<string, Gateway>;
  readonly namespaces: ReadonlyMap<string, Namespace>;
  readonly networks: ReadonlyMap<string, SeenNetwork>;
  readonly routes: readonly Route[];
}

/**
 * The routes that name a Gateway and whose `Accepted` does not say what it must say now. It follows from state and
 * not from a change that was seen, so that a crash between two writes loses nobody.
 */
export const routesOutOfStep = (
  s: GatewaySurroundings,
  gateway: Gateway,
  cause: Cause,
): readonly ReconcileRequest[] =>
  s.routes
    .filter((route) => route.parentRefs.some((ref) => names(ref, gateway)))
    .filter((route) => {
      const said = findCondition(route.status.conditions, 'Accepted');
      const { controllerName, classes, gateways, namespaces } = s;
      const namespace = namespaces.get(route.metadata.namespace);
      const network = s.networks.get(route.network);
      const acceptance = acceptRoute({ route, controllerName, classes, gateways, namespace, network });
      const must = acceptance.accepted ? 'True' : 'False';
      return said?.status !== must || said.observedGeneration !== route.metadata.generation;
    })
    .map(({ metadata }) => requestFor(s.cluster, 'route', metadata, cause));

/** Every route that names a Gateway: what a Gateway that changed, or went, concerns. */
export const routesNaming = (
  cluster: ClusterKey,
  routes: readonly Route[],
  gateway: Pick<Metadata, 'namespace' | 'name'>,
  cause: Cause,
): readonly ReconcileRequest[] =>
  routes
    .filter(({ parentRefs }) =>
      parentRefs.some((ref) => isGatewayRef(ref) && gatewayKey(ref) === gatewayKey(gateway)),
    )
    .map(({ metadata }) => requestFor(cluster, 'route', metadata, cause));
