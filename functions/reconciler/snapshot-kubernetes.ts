import type { Gateway, GatewayClass, Namespace, Route } from '../persistent-ip/objects.ts';
import type { KubernetesLists, KubernetesReads } from '../persistent-ip/ports.ts';
import { podsBySelector } from '../persistent-ip/selected.ts';
import { isUsable } from '../persistent-ip/selector.ts';
import { gatewayKey } from '../persistent-ip/whose-route.ts';
import type { ObservationDependencies } from './dependencies.ts';
import { once } from './once.ts';

type Port = KubernetesReads & KubernetesLists;

/** What of a cluster is listed whole. */
export interface ClusterListed {
  readonly clusterUid: string;
  readonly classes: readonly GatewayClass[];
  readonly gateways: readonly Gateway[];
  readonly namespaces: readonly Namespace[];
  readonly routes: readonly Route[];
}

export const listCluster = async (
  kubernetes: Pick<Port, 'clusterUid' | 'gatewayClasses' | 'gateways' | 'namespaces' | 'routes'>,
): Promise<ClusterListed> => {
  const [clusterUid, classes, gateways, namespaces, routes] = await Promise.all([
    kubernetes.clusterUid(),
    kubernetes.gatewayClasses(),
    kubernetes.gateways(),
    kubernetes.namespaces(),
    kubernetes.routes(),
  ]);
  return { clusterUid, classes, gateways, namespaces, routes };
};

/**
 * The reads of an observation, answered from lists. Networks, Nodes and Pods are listed at the first question about one:
 * a Pod for instance only after the routes, whose fences it must not be older than.
 * @param looked the routes that will be asked about; Pods that none of them selects are not there
 */
export const serveCluster = (
  kubernetes: Port,
  { clusterUid, classes, gateways, namespaces, routes }: ClusterListed,
  looked: readonly Route[],
): ObservationDependencies['kubernetes'] => {
  const routeOf = new Map(routes.map((route) => [gatewayKey(route.metadata), route]));
  const gatewayOf = new Map(gateways.map((gateway) => [gatewayKey(gateway.metadata), gateway]));
  const namespaceOf = new Map(namespaces.map((namespace) => [namespace.metadata.name, namespace]));
  const usable = looked.filter(({ podSelector }) => isUsable(podSelector));
  const selectors = new Map(
    [...Map.groupBy(usable, ({ metadata }) => metadata.namespace)].map(([namespace, those]) => [
      namespace,
      those.map(({ podSelector }) => podSelector),
    ]),
  );
  const pods = once(async () => podsBySelector(await kubernetes.podsSelected(selectors)));
  const nodes = once(async () => new Map((await kubernetes.nodes()).map((node) => [node.name, node])));
  return {
    clusterUid: () => Promise.resolve(clusterUid),
    route: (namespace, name) => Promise.resolve(routeOf.get(gatewayKey({ namespace, name }))),
    routes: (namespace) =>
      Promise.resolve(
        namespace === undefined ? routes : routes.filter(({ metadata }) => metadata.namespace === namespace),
      ),
    gateway: (namespace, name) => Promise.resolve(gatewayOf.get(gatewayKey({ namespace, name }))),
    gateways: () => Promise.resolve(gateways),
    gatewayClasses: () => Promise.resolve(classes),
    namespace: (name) => Promise.resolve(namespaceOf.get(name)),
    namespaces: () => Promise.resolve(namespaces),
    networks: once(() => kubernetes.networks()),
    networkParamSets: once(() => kubernetes.networkParamSets()),
    pods: async (namespace, selector) => (await pods())(namespace, selector),
    node: async (name) => (await nodes()).get(name),
  };
};
