import { EventEmitter, once } from 'node:events';
import {
  ApiException,
  AppsV1Api,
  AuthenticationV1Api,
  CoreV1Api,
  CustomObjectsApi,
  KubeConfig,
  type KubernetesObject,
  KubernetesObjectApi,
  PatchStrategy,
  setHeaderOptions,
  Watch,
} from '@kubernetes/client-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Api, deployment, pod, route } from './api.ts';

let api: Api;
let config: KubeConfig;
beforeEach(async () => {
  api = await Api.start();
  config = new KubeConfig();
  config.loadFromOptions({
    // Over plain HTTP client-node wants to be told that this is no accident.
    clusters: [{ name: 'local', server: api.kubernetes.url, skipTLSVerify: true }],
    users: [
      { name: 'functions', token: api.identities.tokenOf('functions@project.iam.gserviceaccount.com') },
    ],
    contexts: [{ name: 'local', cluster: 'local', user: 'functions' }],
    currentContext: 'local',
  });
});
afterEach(() => api.close());

const routeRef = { group: 'networking.gke.io', version: 'v1', namespace: 'default', plural: 'gkeiproutes' };

describe('@kubernetes/client-node, unchanged', () => {
  it('creates, reads, lists and deletes Pods', async () => {
    const core = config.makeApiClient(CoreV1Api);
    const made = await core.createNamespacedPod({
      namespace: 'default',
      body: pod('a', { app: 'nat' }) as object,
    });
    expect(made.metadata?.uid).toBeDefined();
    const { items } = await core.listNamespacedPod({ namespace: 'default', labelSelector: 'app=nat' });
    expect(items.map(({ metadata }) => metadata?.name)).toEqual(['a']);
    await core.deleteNamespacedPod({ name: 'a', namespace: 'default' });
    await expect(core.readNamespacedPod({ name: 'a', namespace: 'default' })).rejects.toMatchObject({
      code: 404,
    });
  });

  it('writes the status of a route with optimistic concurrency', async () => {
    const custom = config.makeApiClient(CustomObjectsApi);
    const body = (await custom.createNamespacedCustomObject({ ...routeRef, body: route('nat') })) as object;
    const write = (pods: string[]): Promise<unknown> =>
      custom.replaceNamespacedCustomObjectStatus({
        ...routeRef,
        name: 'nat',
        body: { ...body, status: { pods } },
      });
    expect(await write(['nat-1'])).toMatchObject({ status: { pods: ['nat-1'] } });
    const stale: unknown = await write(['nat-2']).catch((error: unknown) => error);
    expect(stale).toBeInstanceOf(ApiException);
    expect((stale as ApiException<string>).code).toBe(409);
    expect(JSON.parse((stale as ApiException<string>).body)).toMatchObject({ reason: 'Conflict' });
  });

  it('sends a merge patch when told to', async () => {
    const custom = config.makeApiClient(CustomObjectsApi);
    await custom.createNamespacedCustomObject({ ...routeRef, body: route('nat') });
    const patched: unknown = await custom.patchNamespacedCustomObject(
      { ...routeRef, name: 'nat', body: { metadata: { finalizers: ['persistent-ip.dev/release'] } } },
      setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
    );
    expect(patched).toMatchObject({ metadata: { finalizers: ['persistent-ip.dev/release'] } });
  });

  it('scales a Deployment', async () => {
    const apps = config.makeApiClient(AppsV1Api);
    await apps.createNamespacedDeployment({ namespace: 'default', body: deployment('nat') as object });
    const scale = await apps.readNamespacedDeploymentScale({ name: 'nat', namespace: 'default' });
    const next = { ...scale, spec: { replicas: 4 } };
    await apps.replaceNamespacedDeploymentScale({ name: 'nat', namespace: 'default', body: next });
    const { spec } = await apps.readNamespacedDeployment({ name: 'nat', namespace: 'default' });
    expect(spec?.replicas).toBe(4);
  });

  it('asks who it is', async () => {
    const authentication = config.makeApiClient(AuthenticationV1Api);
    const { status } = await authentication.createSelfSubjectReview({ body: {} as object });
    expect(status?.userInfo?.username).toBe('functions@project.iam.gserviceaccount.com');
  });

  it('finds kinds by discovery', async () => {
    const objects = KubernetesObjectApi.makeApiClient(config);
    const made = await objects.create(route('nat') as KubernetesObject);
    expect(made.metadata?.name).toBe('nat');
  });

  it('watches', async () => {
    const seen = new EventEmitter();
    const watch = await new Watch(config).watch(
      '/api/v1/namespaces/default/pods',
      {},
      (phase, object: { metadata: { name: string } }) =>
        seen.emit('event', `${phase} ${object.metadata.name}`),
      () => undefined,
    );
    const first = once(seen, 'event');
    await api.post('/api/v1/namespaces/default/pods', pod('a'));
    expect(await first).toEqual(['ADDED a']);
    watch.abort();
  });
});
