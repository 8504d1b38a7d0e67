import type { Metadata, Route } from '../../../../../functions/persistent-ip/objects.ts';
import { stemOfRoute } from '../../../../../functions/persistent-ip/observation.ts';
import { describe } from '../../../../../functions/persistent-ip/ownership.ts';
import { clusterKey, condition, gateway, metadata, route } from '../../../fixtures.ts';
import type { World } from '../../../world.ts';
import { type ARoute, type Cluster, elsewhere, keyOf } from '../cluster.ts';
import { time } from './time.ts';

const ourFinalizer = 'persistent-ip.dev/release';
const foreignFinalizers = {
  'gke-finalizer': 'networking.gke.io/gke-ipr-controller',
  'third-finalizer': 'example.com/keep',
};

const routeMetadata = (one: ARoute, kept: Partial<Metadata>, ours: boolean): Metadata => {
  const finalizers = ours ? [ourFinalizer] : [];
  for (const [mark, finalizer] of Object.entries(foreignFinalizers))
    if (one.marks.includes(mark as ARoute['marks'][number])) finalizers.push(finalizer);
  return metadata(one.name, {
    ...kept,
    namespace: one.namespace,
    uid: uidOf(one),
    generation: one.generation,
    creationTimestamp: time(one.created),
    finalizers,
    annotations: one.marks.includes('gke-annotation')
      ? { 'networking.gke.io/pip-region': 'us-central1' }
      : {},
    ...(one.deleting ? { deletionTimestamp: time(one.created + 1000) } : {}),
  });
};

export const uidOf = ({ namespace: ns, name }: ARoute): string => `uid-${ns}-${name}`;

export const placeGateways = (world: World, cluster: Cluster): void => {
  const before = new Map(world.gateways);
  world.gateways.clear();
  for (const one of cluster.gateways) {
    const key = keyOf(one);
    const finalizers = before.get(key)?.metadata.finalizers ?? [];
    // The API server removes what is deleted and has no finalizer.
    if (one.deleting && finalizers.length === 0) continue;
    world.gateways.set(
      key,
      gateway([], {
        metadata: metadata(one.name, {
          namespace: one.namespace,
          generation: one.generation,
          // Whoever has read the Gateway before writes on it in vain.
          resourceVersion: `${before.get(key)?.metadata.resourceVersion ?? ''}1`,
          finalizers,
          ...(one.deleting ? { deletionTimestamp: time(1000) } : {}),
          annotations:
            one.sourceRanges === undefined ? {} : { 'persistent-ip.dev/source-ranges': one.sourceRanges },
        }),
        className: one.className,
        addresses: one.addresses.map(({ type, value }) => (value === undefined ? { type } : { type, value })),
        listeners: one.listeners,
        status: before.get(key)?.status ?? { addresses: [], conditions: [], listeners: [] },
      }),
    );
  }
};

export const placeRoutes = (world: World, cluster: Cluster): void => {
  const before = new Map(world.routes);
  world.routes.clear();
  for (const one of cluster.routes) {
    const old = before.get(keyOf(one));
    const ours = old?.metadata.finalizers.includes(ourFinalizer) ?? false;
    const made: Route = route([], {
      metadata: routeMetadata(one, {}, ours),
      parentRefs: one.parents.map(({ section, ...ref }) =>
        section === undefined ? ref : { ...ref, sectionName: section },
      ),
      addresses: one.addresses,
      network: one.network,
      podSelector: one.selector,
      reactionMode: one.mode,
      extra: one.extra,
      status: old?.status ?? {
        pods: [],
        conditions:
          one.theirs === undefined
            ? []
            : [
                {
                  ...condition('Accepted', one.theirs, one.theirs === 'True' ? 'Accepted' : 'Unattachable'),
                  observedGeneration: 0,
                },
              ],
      },
    });
    // The API server removes what is deleted and has no finalizer.
    if (one.deleting && made.metadata.finalizers.length === 0) continue;
    world.put(made);
  }
};

export const placeStrangers = (world: World, cluster: Cluster): void => {
  for (const { ip, by } of cluster.otherRules)
    world.rules.set(`other-${ip}`, {
      name: `other-${ip}`,
      ip,
      fingerprint: '1',
      network: '',
      allowGlobalAccess: false,
      backendService: 'other',
      description:
        by === 'stranger'
          ? 'made by hand'
          : describe({
              deployment: 'test',
              clusterUid: 'another',
              route: {
                cluster: { ...clusterKey, name: 'another' },
                namespace: elsewhere.split('/')[0]!,
                name: elsewhere.split('/')[1]!,
                uid: 'uid-far',
              },
            }),
    });
  for (const one of world.routes.values()) {
    const stem = stemOfRoute(clusterKey, one);
    if (cluster.squatted.includes(keyOf(one.metadata)) && !world.services.has(stem))
      world.services.set(stem, {
        name: stem,
        fingerprint: '1',
        scheme: 'EXTERNAL',
        network: '',
        description: 'made by hand',
        backends: [],
      });
  }
};
