import { afterEach, beforeEach, expect, it } from 'vitest';
import { onTheRightPod } from './holders.ts';
import { gateway, namespace, route } from './objects.ts';
import { Stage } from './stage.ts';

let stage: Stage;

beforeEach(async () => {
  stage = await Stage.open();
  stage.reserve('34.1.2.3');
  await stage.apply(
    namespace('edge'),
    gateway('pool', 'edge', ['34.1.2.3']),
    route('nat', 'edge', ['34.1.2.3']),
  );
});
afterEach(() => stage.close());

const workload = (kind: string, spec: object) => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name: 'nat', namespace: 'edge' },
  spec: {
    selector: { matchLabels: { app: 'nat' } },
    template: { metadata: { labels: { app: 'nat' } }, spec: { containers: [{ name: 'c', image: 'c' }] } },
    ...spec,
  },
});
const path = (kind: string): string => `/apis/apps/v1/namespaces/edge/${kind.toLowerCase()}s/nat`;

/** Every Pod is of the present template and available, and no other is left: as `kubectl rollout status` waits. */
const rolledOut = (kind: string): Promise<void> =>
  stage.when(path(kind), 'is rolled out', ({ metadata, spec, status }) => {
    const { observedGeneration = 0, updatedReplicas, replicas, availableReplicas } = status ?? {};
    return (
      observedGeneration >= (metadata?.generation ?? 0) &&
      [updatedReplicas, replicas, availableReplicas].every((count) => count === spec?.replicas) &&
      (kind === 'Deployment' || status?.currentRevision === status?.updateRevision)
    );
  });

const restart = (kind: string, annotations: object = { restarted: 'now' }): Promise<unknown> =>
  stage.patch(path(kind), { spec: { template: { metadata: { annotations } } } });

it('a Deployment’s rollout with maxSurge ends with the addresses on the newest Pod, and no step of it is told twice', async () => {
  const strategy = { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } };
  await stage.apply(workload('Deployment', { replicas: 3, strategy }));
  await rolledOut('Deployment');
  const before = await onTheRightPod(stage, 'edge', 'nat');
  await restart('Deployment');
  await rolledOut('Deployment');
  const after = await onTheRightPod(stage, 'edge', 'nat');
  expect(after.metadata.uid).not.toBe(before.metadata.uid);
  // With a Pod more than wanted at every moment there was always one to hold them.
  expect(stage.history('nat').map(({ action }) => action)).not.toContain('release');
});

it('a StatefulSet’s rollout renews its Pods from the last to the first, which is then the newest', async () => {
  await stage.apply(workload('StatefulSet', { serviceName: 'nat', replicas: 3 }));
  await rolledOut('StatefulSet');
  expect((await onTheRightPod(stage, 'edge', 'nat')).metadata.name).toBe('nat-2');
  // Each in a second of its own: of two that were created in the same one the greater name would count as newer.
  await restart('StatefulSet', { 'local.persistent-ip.dev/ready-after': '1100ms' });
  await rolledOut('StatefulSet');
  expect((await onTheRightPod(stage, 'edge', 'nat')).metadata.name).toBe('nat-0');
});
