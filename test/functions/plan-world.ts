import { reconcile } from '../../functions/reconciler/reconcile.ts';
import { address, cause, clusterKey, gateway, namespace, pod, route } from './fixtures.ts';
import { type World, worldOfRoute } from './world.ts';

/** Route edge/nat is live with 34.1.2.3 on Pod nat-1; 34.1.2.4 is free. Nothing of its making counts as a call. */
export const worldToPlanFor = async (): Promise<World> => {
  const world = worldOfRoute();
  world.gateways.set('infra/pool', gateway(['34.1.2.3', '34.1.2.4']));
  world.namespaces.set('infra', namespace('infra'));
  world.reserved.push(address('34.1.2.4'));
  world.pods.set('edge/nat-1', pod('nat-1'));
  // As the adapter reads it.
  world.put({ ...route(), podSelector: { matchLabels: { app: 'nat' }, matchExpressions: [] } });
  await reconcile(world.deps, { cluster: clusterKey, kind: 'route', namespace: 'edge', name: 'nat', cause });
  world.calls.length = 0;
  return world;
};

/** A manifest of a route in `edge`; `spec` stands for what is other. */
export const routeOf = (name: string, values: readonly string[], spec: object = {}) => ({
  apiVersion: 'networking.gke.io/v1',
  kind: 'GKEIPRoute',
  metadata: { name, namespace: 'edge' },
  spec: {
    parentRefs: [{ name: 'pool', namespace: 'infra' }],
    addresses: values.map((value) => ({ type: 'gke.networking.io/cidr', value })),
    podSelector: { matchLabels: { app: 'nat' } },
    ...spec,
  },
});

/** A manifest of a Gateway in `infra` that admits every namespace. */
export const gatewayOf = (name: string, values: readonly (string | undefined)[], spec: object = {}) => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'Gateway',
  metadata: { name, namespace: 'infra' },
  spec: {
    gatewayClassName: 'persistent-ip-regional-external',
    addresses: values.map((value) => ({ type: 'IPAddress', ...(value && { value }) })),
    listeners: [
      { name: 'default', protocol: 'none', port: 443, allowedRoutes: { namespaces: { from: 'All' } } },
    ],
    ...spec,
  },
});
