import { afterEach, beforeEach, expect, it } from 'vitest';
import { gateway, namespace, paths, pod, route } from './objects.ts';
import { Stage } from './stage.ts';

let stage: Stage;

beforeEach(async () => {
  stage = await Stage.open();
  await stage.serve();
});
afterEach(() => stage.close());

interface Told {
  readonly reason: string;
  readonly type: string;
  readonly message: string;
  readonly reportingComponent: string;
  readonly action: string;
  readonly related?: { readonly name?: string };
  readonly series?: { readonly count: number };
  readonly eventTime: string;
}

/** What `kubectl describe` reads: the Events of core/v1 that are about the route, by its uid. */
const told = async (inNamespace: string, name: string): Promise<readonly Told[]> => {
  await stage.rest();
  const { metadata } = (await stage.admin.kubernetes('GET', paths.route(inNamespace, name))) as {
    metadata: { uid: string };
  };
  const selector = `involvedObject.kind=GKEIPRoute,involvedObject.name=${name},involvedObject.uid=${metadata.uid}`;
  const { items } = (await stage.admin.kubernetes(
    'GET',
    `/api/v1/namespaces/${inNamespace}/events?fieldSelector=${encodeURIComponent(selector)}`,
  )) as unknown as { items: readonly Told[] };
  return items.toSorted((a, b) => (a.eventTime < b.eventTime ? -1 : 1));
};

it('a route says in Events who has got its addresses, and from whom', async () => {
  await stage.apply(pod('nat-2', 'edge', { node: 'gke-local-pool-2' }));
  await stage.ready('edge', 'nat', 'nat-2');
  const events = (await told('edge', 'nat')).filter(({ type }) => type === 'Normal');
  expect(events).toMatchObject([
    { reason: 'Allocated', action: 'Allocate', related: { name: 'nat-1' } },
    {
      reason: 'Moved',
      action: 'Move',
      reportingComponent: 'persistent-ip.dev/reconcile',
      message: expect.stringMatching(
        /^34\.1\.2\.3 went from Pod nat-1 on .* to Pod nat-2 on node gke-local-pool-2/,
      ),
      related: { name: 'nat-2' },
    },
  ]);
  const history = stage.history('nat').map(({ action }) => action);
  expect(history).toEqual(['allocate', 'move']);
});

it('a refusal is an Event with what to do, and as many messages again make no second one', async () => {
  await stage.apply(route('wrong', 'edge', ['34.1.2.77']));
  await stage.reason('edge', 'wrong', 'Accepted', 'InvalidAddresses');
  const [refusal, ...others] = await told('edge', 'wrong');
  expect(others).toEqual([]);
  expect(refusal).toMatchObject({
    reason: 'InvalidAddresses',
    type: 'Warning',
    action: 'Refuse',
    message: expect.stringContaining('34.1.2.77'),
  });
  await stage.cloud.pubsub.replay(stage.messages());
  expect(await told('edge', 'wrong')).toEqual([refusal]);
});

it('an agent that is silent for two minutes is one Warning with what Ready says, however often the sweep looks', async () => {
  stage.reserve('34.1.2.9');
  await stage.apply(
    namespace('late'),
    gateway('pool', 'late', ['34.1.2.9']),
    pod('late-1', 'late', { node: 'gke-local-pool-2' }),
  );
  await stage.podReady('late', 'late-1');
  stage.cloud.nodes.stopKubelet('gke-local-pool-2');
  await stage.apply(route('nat', 'late', ['34.1.2.9'], { reactionMode: 'Exists' }));
  await stage.reason('late', 'nat', 'GCPReady', 'GCPReady');
  const warnings = async () => (await told('late', 'nat')).filter(({ type }) => type === 'Warning');
  expect(await warnings()).toEqual([]);
  for (const ahead of [121_000, 181_000, 241_000]) {
    stage.cloud.setAhead(ahead);
    stage.cloud.sweep();
    await stage.rest();
  }
  const [silence, ...others] = await warnings();
  expect(others).toEqual([]);
  const said = (await stage.route('late', 'nat'))?.conditions.find(({ type }) => type === 'Ready');
  expect(silence).toMatchObject({ reason: 'Mutated', action: 'Report', message: said?.message });
  expect(silence?.message).toMatch(/^No node agent has answered .* Pod late-1 has an IP$/);
  expect(silence?.series).toBeUndefined();
});

it('an Event wakes no function, and stands in no audit log', async () => {
  const before = stage.messages().length;
  await stage.apply(namespace('quiet'));
  await stage.admin.kubernetes('POST', '/apis/events.k8s.io/v1/namespaces/quiet/events', {
    metadata: { name: 'nat.1' },
    eventTime: '2026-11-25T15:00:00.000000Z',
    reportingController: 'persistent-ip.dev/reconcile',
    reportingInstance: 'local',
    action: 'Move',
    reason: 'Moved',
    type: 'Normal',
    regarding: { kind: 'GKEIPRoute', namespace: 'quiet', name: 'nat' },
  });
  await stage.rest();
  expect(stage.cloud.logging.list('protoPayload.methodName:"events"')).toEqual([]);
  expect(
    stage.messages(before).filter(({ message }) =>
      Buffer.from(message.data ?? '', 'base64')
        .toString()
        .includes('io.k8s.events'),
    ),
  ).toEqual([]);
});

it('functions that may write no Events move the addresses all the same', async () => {
  const role = '/apis/rbac.authorization.k8s.io/v1/clusterroles/persistent-ip-functions';
  const { rules } = (await stage.admin.kubernetes('GET', role)) as unknown as {
    rules: readonly { readonly apiGroups: readonly string[] }[];
  };
  const without = rules.filter(({ apiGroups }) => !apiGroups.includes('events.k8s.io'));
  expect(without.length).toBe(rules.length - 1);
  await stage.patch(role, { rules: without });
  await stage.apply(pod('nat-2', 'edge', { node: 'gke-local-pool-2' }));
  await stage.ready('edge', 'nat', 'nat-2');
  expect((await told('edge', 'nat')).map(({ reason }) => reason)).not.toContain('Moved');
  expect(stage.history('nat').map(({ action }) => action)).toEqual(['allocate', 'move']);
});
