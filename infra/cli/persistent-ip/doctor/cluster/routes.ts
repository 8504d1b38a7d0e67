import { findCondition } from '../../../../../functions/persistent-ip/conditions.ts';
import { hasOtherController } from '../../../../../functions/persistent-ip/gateway-class.ts';
import type { Gateway, GatewayClass, Route } from '../../../../../functions/persistent-ip/objects.ts';
import { agentPatience } from '../../../../../functions/persistent-ip/route-status.ts';
import { overwriterOf } from '../../../../../functions/persistent-ip/second-controller.ts';
import {
  gatewayKey,
  hasGkeMarks,
  ourParents,
  whoseRoute,
} from '../../../../../functions/persistent-ip/whose-route.ts';
import { counted, type Finding, failed, ok, skipped, some, unknown, warning } from '../finding.ts';
import type { ClusterGround } from '../ground.ts';

/** The routes of a cluster with what tells whose they are. */
export interface Routes {
  readonly routes: readonly Route[];
  readonly gateways: readonly Gateway[];
  readonly classes: readonly GatewayClass[];
  readonly controllerName: string;
}

const ofRoutes = ({ routes, gateways, classes, controllerName }: Routes) => {
  const byKey = new Map(gateways.map((gateway) => [gatewayKey(gateway.metadata), gateway]));
  const seen = routes.map((route) => ({ route, controllerName, classes, gateways: byKey }));
  return {
    ours: seen.filter((one) => whoseRoute(one) === 'ours').map(({ route }) => route),
    /** A Gateway of ours would serve them, but for a mark of GKE's. */
    left: seen
      .filter((one) => hasGkeMarks(one.route) && ourParents(one).length > 0)
      .map(({ route }) => route),
  };
};

const keyOf = ({ metadata }: Route): string => gatewayKey(metadata);

/**
 * Whether another controller writes what is ours to write: it overwrites our status now, or did within the hour
 * (condition SecondController). Then routes that we leave to GKE for its marks.
 */
export const judgeControllers = (seen: Routes): Finding => {
  const { ours, left } = ofRoutes(seen);
  const written = ours.flatMap((route) => {
    const overwriter = overwriterOf(route)?.manager;
    const told = findCondition(route.status.conditions, 'SecondController')?.status === 'True';
    return overwriter === undefined && !told ? [] : [{ route, overwriter }];
  });
  const [first] = written;
  if (first !== undefined) {
    const who = first.overwriter === undefined ? 'another controller' : `"${first.overwriter}"`;
    return failed(
      `${who} writes the status of ${some(written.map(({ route }) => keyOf(route)))} too`,
      `let one controller serve a route: kubectl get gkeiproute ${first.route.metadata.name} -n ${first.route.metadata.namespace} --show-managed-fields -o yaml says who it is`,
    );
  }
  if (left.length > 0)
    return warning(
      `${some(left.map(keyOf))}: left to GKE’s controller, for its finalizer or annotation is on it, while the Gateway is of ours`,
      'delete the route and apply it anew with parentRefs of one controller',
    );
  const beside = hasOtherController(seen.classes, seen.controllerName)
    ? '; another controller of persistent IPs has classes here and touches none of them'
    : '';
  return ok(`nobody else writes our ${counted(ours.length, 'route')}${beside}`);
};

/** When the status last changed in a way that an agent answers to. */
const namedAt = ({ status }: Route): number =>
  Math.max(
    ...['Accepted', 'GCPReady', 'DPV2Ready'].map(
      (type) => Date.parse(findCondition(status.conditions, type)?.lastTransitionTime ?? '') || 0,
    ),
  );

/**
 * Whether the node agents answer, told from the routes that name a Pod and are accepted as they are: only an agent
 * sets DPV2Ready to True. Source: design/concepts.md, *The datapath contract*.
 */
export const judgeAgents = (seen: Routes, now: Date): Finding => {
  const named = ofRoutes(seen).ours.filter(({ metadata, status }) => {
    const accepted = findCondition(status.conditions, 'Accepted');
    const current = accepted?.status === 'True' && accepted.observedGeneration === metadata.generation;
    return current && status.pods.length === 1 && metadata.deletionTimestamp === undefined;
  });
  if (named.length === 0) return skipped('no route to tell from: none names a Pod now');
  const dataplane = (route: Route) => findCondition(route.status.conditions, 'DPV2Ready');
  const refused = named.find((route) => dataplane(route)?.reason === 'DPV2NotReady');
  if (refused !== undefined)
    return failed(
      `the agent of ${keyOf(refused)} says: ${dataplane(refused)?.message ?? ''}`,
      'kubectl -n kube-system logs -l k8s-app=cilium, of the node that the Pod is on',
    );
  const waiting = named.filter((route) => dataplane(route)?.status !== 'True');
  const silent = waiting.filter((route) => now.getTime() - namedAt(route) >= agentPatience);
  if (silent.length > 0)
    return failed(
      `no node agent has answered for ${some(silent.map(keyOf))} for two minutes`,
      'kubectl -n kube-system get pods -l k8s-app=cilium -o wide: the agents run, with persistent IP enabled, and the Pod has an IP',
    );
  const answered = named.length - waiting.length;
  if (answered === 0)
    return unknown(
      `the agents of ${counted(waiting.length, 'route')} have been asked less than two minutes ago`,
      'look again in two minutes',
    );
  return ok(`agents serve ${answered} of ${counted(named.length, 'route')}`);
};

export const readRoutes = async ({ reads, config }: ClusterGround): Promise<Routes> => {
  const [routes, gateways, classes] = await Promise.all([
    reads.routes(),
    reads.gateways(),
    reads.gatewayClasses(),
  ]);
  return { routes, gateways, classes, controllerName: config.controllerName };
};
