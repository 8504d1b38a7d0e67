import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gateway, namespace, notReady, paths, pod, route } from './objects.ts';
import { Stage } from './stage.ts';

/** *The datapath contract* of design/concepts.md: the local agents keep it as GKE's do, with their faults. */

let stage: Stage;

beforeEach(async () => {
  stage = await Stage.open();
  stage.reserve('34.1.2.3', '34.1.2.4');
  await stage.apply(namespace('edge'), gateway('pool', 'edge', ['34.1.2.3', '34.1.2.4']));
});
afterEach(() => stage.close());

const on = (node: number) => `gke-local-pool-${node}`;
const message = async (name: string, type: string): Promise<string | undefined> =>
  (await stage.route('edge', name))?.conditions.find((condition) => condition.type === type)?.message;

/** A route that another controller accepted although an agent cannot parse its address. */
const acceptBadRoute = async (pods: readonly string[]): Promise<void> => {
  await stage.apply({
    ...route('bad', 'edge', ['34.1.2.4'], { parentRefs: [] }),
    metadata: { name: 'bad', namespace: 'edge', finalizers: ['networking.gke.io/gke-ipr-controller'] },
  });
  await stage.patch(paths.route('edge', 'bad'), {
    spec: { addresses: [{ type: 'IPAddress', value: '34.1.2.4' }] },
  });
  const { metadata } = (await stage.admin.kubernetes('GET', paths.route('edge', 'bad'))) as {
    metadata: { generation: number };
  };
  const accepted = {
    type: 'Accepted',
    status: 'True',
    reason: 'Accepted',
    message: '',
    observedGeneration: metadata.generation,
    lastTransitionTime: '2026-11-24T12:00:00Z',
  };
  await stage.patch(`${paths.route('edge', 'bad')}/status`, { status: { pods, conditions: [accepted] } });
};

describe('one Accepted route that an agent cannot read', () => {
  it('stops every other route of that node, without a word', async () => {
    await stage.apply(pod('nat-1', 'edge', { node: on(1) }));
    await stage.podReady('edge', 'nat-1');
    await acceptBadRoute(['nat-1']);
    await stage.apply(route('nat', 'edge', ['34.1.2.3']));
    await stage.reason('edge', 'nat', 'Ready', 'Mutated');
    await stage.rest();
    expect(stage.cloud.nodes.datapath(on(1)).size).toBe(0);
    await stage.patch(`${paths.route('edge', 'bad')}/status`, { status: { pods: [] } });
    await stage.ready('edge', 'nat', 'nat-1');
  });

  it.each([
    ['a bare IP', '34.1.2.4', /write it with its prefix length/],
    ['a name', 'nat-2', /is not a CIDR/],
    ['IPv6', '2001:db8::1/128', /is IPv6/],
  ])('is never one of ours: %s is refused, and the neighbours are served', async (_, value, words) => {
    await stage.apply(route('nat', 'edge', ['34.1.2.3']), pod('nat-1', 'edge', { node: on(1) }), {
      ...route('bad', 'edge', []),
      spec: { ...route('bad', 'edge', []).spec, addresses: [{ value }] },
    });
    await stage.reason('edge', 'bad', 'Accepted', 'InvalidAddresses');
    expect(await message('bad', 'Accepted')).toMatch(words);
    await stage.ready('edge', 'nat', 'nat-1');
  });
});

it('a Pod of Exists that is named before it has an IP gets a second write, for no agent wakes at its endpoint', async () => {
  await stage.apply(
    route('nat', 'edge', ['34.1.2.3'], { reactionMode: 'Exists' }),
    pod('nat-1', 'edge', {
      annotations: { ...notReady, 'local.persistent-ip.dev/start-after': '2m' },
    }),
  );
  await stage.until(
    'edge',
    'nat',
    'names nat-1, not Ready',
    ({ pod: name, ready }) => name === 'nat-1' && !ready,
  );
  expect(stage.history('nat').at(-1)?.to).toMatchObject({ podIP: '' });
  await stage.patch(paths.pod('edge', 'nat-1'), {
    metadata: { annotations: { 'local.persistent-ip.dev/start-after': '0s' } },
  });
  await stage.ready('edge', 'nat', 'nat-1');
  expect(stage.history('nat').at(-1)).toMatchObject({
    from: { pod: 'nat-1', podIP: '' },
    to: { pod: 'nat-1', podIP: expect.stringMatching(/^10\./) },
  });
});

it('an agent’s own error stands in DPV2Ready, and Ready says it', async () => {
  stage.cloud.nodes.breakDatapath(on(1), 'map update failed: no space left on device');
  await stage.apply(route('nat', 'edge', ['34.1.2.3']), pod('nat-1', 'edge', { node: on(1) }));
  await stage.reason('edge', 'nat', 'Ready', 'DPV2NotReady');
  expect(await message('nat', 'Ready')).toContain('no space left on device');
  stage.cloud.nodes.breakDatapath(on(1), undefined);
  await stage.apply(pod('nat-2', 'edge', { node: on(2) }));
  await stage.ready('edge', 'nat', 'nat-2');
});

it('an agent that is silent for two minutes: Ready says what to check', async () => {
  await stage.apply(pod('nat-1', 'edge', { node: on(1) }));
  await stage.podReady('edge', 'nat-1');
  stage.cloud.nodes.stopKubelet(on(1));
  await stage.apply(route('nat', 'edge', ['34.1.2.3'], { reactionMode: 'Exists' }));
  await stage.reason('edge', 'nat', 'GCPReady', 'GCPReady');
  expect(await message('nat', 'Ready')).toMatch(/^Waiting for the agent of node gke-local-pool-1/);
  stage.cloud.setAhead(121_000);
  stage.cloud.sweep();
  const words =
    /No node agent has answered for more than two minutes: check that the cluster runs Dataplane V2/;
  await stage.until('edge', 'nat', 'says what to check', ({ conditions }) =>
    conditions.some(({ type, message: said }) => type === 'Ready' && words.test(said)),
  );
});

it('a move is told the agents by one status write, and Ready by one more after their answer', async () => {
  await stage.apply(route('nat', 'edge', ['34.1.2.3']), pod('nat-1', 'edge', { node: on(1) }));
  await stage.apply(pod('nat-2', 'edge', { node: on(2), annotations: notReady }));
  await stage.ready('edge', 'nat', 'nat-1');
  await stage.rest();
  let writes = 0;
  stage.cloud.kubernetes.onAudit(({ user, objectRef }) => {
    const status = objectRef?.resource === 'gkeiproutes' && objectRef.subresource === 'status';
    if (status && user.username === stage.cloud.serviceAccount) writes += 1;
  });
  await stage.patch(paths.pod('edge', 'nat-2'), {
    metadata: { annotations: { 'local.persistent-ip.dev/ready': null } },
  });
  await stage.ready('edge', 'nat', 'nat-2');
  await stage.rest();
  // The move; GCPReady after the PATCH; Ready after the agent's answer, unless that came before GCPReady did.
  expect(writes).toBeGreaterThanOrEqual(2);
  expect(writes).toBeLessThanOrEqual(3);
});
