import { beforeEach } from 'vitest';
import type { ReconcileRequest } from '../../events/reconcile-request.ts';
import type { Wiring } from '../../functions/wiring.ts';
import { cause, clusterKey, pod } from './fixtures.ts';
import { type World, worldOfRoute } from './world.ts';

export let world: World;

export let wiring: Wiring;

export const push = (data: unknown, more: object = {}) => ({
  message: {
    data: Buffer.from(JSON.stringify(data)).toString('base64'),
    messageId: '7',
    publishTime: world.now.toISOString(),
    ...more,
  },
  subscription: 'projects/p/subscriptions/s',
});

export const asked = () => world.published.map(({ kind, namespace: ns, name }) => `${kind} ${ns}/${name}`);

export const request: ReconcileRequest = {
  cluster: clusterKey,
  kind: 'route',
  namespace: 'edge',
  name: 'nat',
  cause,
};

/** Before each test: a world with one route, and functions that are wired to it. */
export const oneRoute = (): void => {
  beforeEach(() => {
    world = worldOfRoute();
    world.pods.set('edge/nat-1', pod('nat-1'));
    wiring = {
      runtime: world.deps.runtime,
      judgement: { clusters: [clusterKey], projects: ['p'], ownPrincipal: 'functions@p' },
      cluster: (key) => (key.name === clusterKey.name ? world.deps : undefined),
      clusters: () => [world.deps],
      readers: () => [world.deps],
      clustersOfProject: (project) => (project === 'p' ? [world.deps] : []),
      identityOf: () => () => Promise.resolve({ ok: true }),
      readerIdentity: () => () => Promise.resolve({ ok: true }),
      history: { page: () => Promise.reject(new Error('no function of an event reads it')) },
      movesSeen: new Map(),
      overviewSeen: new Map(),
      routesSeen: new Map(),
      settledLooks: new Map(),
      reported: new Map(),
    };
  });
};
