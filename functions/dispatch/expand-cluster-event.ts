import type { ClusterVerdict, PodVerdict } from '../../events/judge-cluster-event.ts';
import type { Cause, ReconcileRequest } from '../../events/reconcile-request.ts';
import { requestFor } from '../persistent-ip/dependants.ts';
import { isDefaultNetwork } from '../persistent-ip/networks.ts';
import type { Pod, Route } from '../persistent-ip/objects.ts';
import { selects } from '../persistent-ip/selector.ts';
import type { ClusterDependencies } from '../reconciler/dependencies.ts';

type Known = Pick<ClusterDependencies, 'cluster' | 'kubernetes'>;

/**
 * The objects that an entry may concern, as requests. What the entry says selects work; what is then done about
 * it rests on what the API server says now. Lists are asked for after the entry arrived, so that no remembered
 * *no routes here* drops one. Source: design/events.md, *From Pod to routes*.
 */
export const expandClusterEvent = async (
  deps: Known,
  verdict: Exclude<ClusterVerdict, { kind: 'drop' | 'refuse' }>,
  cause: Cause,
): Promise<readonly ReconcileRequest[]> => {
  const { kubernetes, cluster } = deps;
  const routeRequests = (routes: readonly Route[]) =>
    routes.map(({ metadata }) => requestFor(cluster.key, 'route', metadata, cause));
  switch (verdict.kind) {
    case 'object':
      return [requestFor(cluster.key, verdict.of, verdict, cause)];
    case 'objects-of-namespace':
      return verdict.of === 'route'
        ? [
            ...routeRequests(await kubernetes.routes(verdict.namespace)),
            ...(await gatewayRequests(deps, cause)),
          ]
        : gatewayRequests(deps, cause);
    case 'namespace':
      return [
        ...routeRequests(await kubernetes.routes(verdict.name)),
        ...(await gatewayRequests(deps, cause)),
      ];
    case 'network':
      return routeRequests((await kubernetes.routes()).filter(({ network }) => network === verdict.name));
    case 'networks':
      return routeRequests((await kubernetes.routes()).filter(({ network }) => !isDefaultNetwork(network)));
    case 'pod':
      return routeRequests(await routesOfPod(deps, verdict));
    case 'pods-of-namespace':
      return routeRequests(await kubernetes.routes(verdict.namespace));
    case 'node':
      return routeRequests(await routesOfNode(deps, verdict.name));
  }
};

const gatewayRequests = async ({ kubernetes, cluster }: Known, cause: Cause) =>
  (await kubernetes.gateways()).map(({ metadata }) => requestFor(cluster.key, 'gateway', metadata, cause));

/**
 * Routes whose addresses the Pod has, or might get. A Pod that is gone has no labels any more: the routes whose
 * `status.pods` names it; a Pod that was no holder leaves nothing but a standby, which the sweep detaches.
 */
const routesOfPod = async ({ kubernetes }: Known, verdict: PodVerdict): Promise<readonly Route[]> => {
  const routes = await kubernetes.routes(verdict.namespace);
  if (routes.length === 0) return [];
  const labels =
    verdict.labels ??
    (verdict.podGone ? undefined : (await kubernetes.pod(verdict.namespace, verdict.name))?.metadata.labels);
  return routes.filter(
    (route) =>
      route.status.pods.includes(verdict.name) ||
      (labels !== undefined && selects(route.podSelector, labels)),
  );
};

/** Routes that a Pod of this Node holds or might hold; on GKE a Node has the name of its VM. */
export const routesOfNode = async ({ kubernetes }: Known, node: string): Promise<readonly Route[]> => {
  const [routes, pods] = await Promise.all([kubernetes.routes(), kubernetes.podsOnNode(node)]);
  return routes.filter((route) => pods.some((pod) => concerns(route, pod)));
};

const concerns = (route: Route, pod: Pod): boolean =>
  route.metadata.namespace === pod.metadata.namespace &&
  (route.status.pods.includes(pod.metadata.name) || selects(route.podSelector, pod.metadata.labels));
