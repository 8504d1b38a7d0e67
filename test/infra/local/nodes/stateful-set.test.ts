import { expect, test } from 'vitest';
import { isTrue, type Pod } from '../../../../infra/local/nodes/objects.ts';
import { type Member, type OrderedSpec, planMoves } from '../../../../infra/local/nodes/ordered-set.ts';
import { pods, statefulSets } from '../../../../infra/local/nodes/resources.ts';
import { deployment, startCluster } from './cluster.ts';

const place = { namespace: 'default' };

const member = (
  ordinal: number,
  state: 'healthy' | 'starting' | 'leaving' | 'failed' = 'healthy',
  revision = 'new',
): Member => ({
  ordinal,
  revision,
  pod: {
    metadata: {
      name: `db-${ordinal}`,
      uid: `${ordinal}`,
      resourceVersion: '1',
      creationTimestamp: '',
      ...(state === 'leaving' ? { deletionTimestamp: 'now' } : {}),
    },
    spec: {},
    status: {
      phase: state === 'starting' ? 'Pending' : state === 'failed' ? 'Failed' : 'Running',
      conditions: [{ type: 'Ready', status: state === 'healthy' || state === 'leaving' ? 'True' : 'False' }],
    },
  },
});

const spec: OrderedSpec = { replicas: 3, start: 0, ordered: true, partition: 0, revision: 'new' };

const told = (own: Partial<OrderedSpec>, ...members: Member[]): string[] =>
  planMoves({ ...spec, ...own }, members).map((move) =>
    move.do === 'create' ? `create ${move.ordinal}` : `delete ${move.pod.metadata.name}`,
  );

test.each([
  ['the lowest missing ordinal comes first', told({}), ['create 0']],
  ['the next waits until the one before is Ready', told({}, member(0, 'starting')), []],
  ['then it is made', told({}, member(0)), ['create 1']],
  ['Parallel makes all at once', told({ ordered: false }), ['create 0', 'create 1', 'create 2']],
  [
    'a name is made again only after its Pod is gone',
    told({}, member(0, 'leaving'), member(1), member(2)),
    [],
  ],
  [
    'a failed Pod is deleted to be made anew',
    told({}, member(0, 'failed'), member(1), member(2)),
    ['delete db-0'],
  ],
  [
    'surplus goes from the highest, one at a time',
    told({ replicas: 1 }, member(0), member(1), member(2)),
    ['delete db-2'],
  ],
  [
    'an update begins at the highest ordinal',
    told({}, member(0, 'healthy', 'old'), member(1, 'healthy', 'old'), member(2, 'healthy', 'old')),
    ['delete db-2'],
  ],
  [
    'and goes on when that one is healthy',
    told({}, member(0, 'healthy', 'old'), member(1, 'healthy', 'old'), member(2)),
    ['delete db-1'],
  ],
  [
    'a partition keeps lower ordinals as they are',
    told({ partition: 2 }, member(0, 'healthy', 'old'), member(1, 'healthy', 'old'), member(2)),
    [],
  ],
  [
    'OnDelete updates nothing by itself',
    told(
      { partition: undefined },
      member(0, 'healthy', 'old'),
      member(1, 'healthy', 'old'),
      member(2, 'healthy', 'old'),
    ),
    [],
  ],
])('%s', (_, moves, expected) => {
  expect(moves).toEqual(expected);
});

test('a StatefulSet’s rollout gives each name to a new Pod, highest first, never to two at once', async () => {
  const { api, until, untilAll } = await startCluster();
  await api.create(statefulSets, place, { ...deployment('db', 2, { serviceName: 'db' }) });
  const before = await untilAll<Pod>(
    pods,
    (all) => all.length === 2 && all.every((pod) => isTrue(pod.status, 'Ready')),
  );
  expect(before.map(({ metadata }) => metadata.name).sort()).toEqual(['db-0', 'db-1']);
  const order: string[] = [];
  void untilAll<Pod>(pods, (all) => {
    for (const { metadata } of all)
      if (!before.some((old) => old.metadata.uid === metadata.uid) && !order.includes(metadata.name))
        order.push(metadata.name);
    return false;
  });
  await api.patch(
    statefulSets,
    { ...place, name: 'db' },
    { spec: { template: { metadata: { annotations: { restartedAt: 'now' } } } } },
  );
  await untilAll<Pod>(
    pods,
    (all) => order.length === 2 && all.length === 2 && all.every((pod) => isTrue(pod.status, 'Ready')),
  );
  expect(order).toEqual(['db-1', 'db-0']);
  await until(
    statefulSets,
    'default/db',
    (set) => (set as never as { status: Record<string, unknown> }).status.updatedReplicas === 2,
  );
});
