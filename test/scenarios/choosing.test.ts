import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gateway, namespace, notReady, paths, pod, route } from './objects.ts';
import { Stage } from './stage.ts';

/**
 * *Choosing the Pod* of design/concepts.md, through the API: who is eligible, which rank decides, who is newest.
 * `nat-2` is made after `nat-1` and its name is the greater one, so it is the newer also within one second.
 */

let stage: Stage;

beforeEach(async () => {
  stage = await Stage.open();
  stage.reserve('34.1.2.3', '34.1.2.4');
  await stage.apply(namespace('edge'), gateway('pool', 'edge', ['34.1.2.3', '34.1.2.4']));
});
afterEach(() => stage.close());

const slowToEnd = { 'local.persistent-ip.dev/terminate-after': '20s' };
const on = (node: number) => `gke-local-pool-${node}`;
const held = (...pods: readonly object[]) => stage.apply(route('nat', 'edge', ['34.1.2.3']), ...pods);

const createdAt = async (name: string): Promise<string> => {
  const { metadata } = (await stage.admin.kubernetes('GET', paths.pod('edge', name))) as {
    metadata: { creationTimestamp: string };
  };
  return metadata.creationTimestamp;
};

/** Two Pods of one second, the greater name created first; a pair that straddles a second is made anew. */
const twins = async (): Promise<readonly [string, string]> => {
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const [less, greater] = [`twin-${attempt}-a`, `twin-${attempt}-b`] as const;
    await stage.apply(pod(greater, 'edge'), pod(less, 'edge'));
    if ((await createdAt(less)) === (await createdAt(greater))) return [less, greater];
    await stage.delete(paths.pod('edge', less));
    await stage.delete(paths.pod('edge', greater));
  }
  throw new Error('no two Pods of one second in ten tries');
};

describe('of the eligible Pods', () => {
  it('the newest holds the addresses, and an older one that turns Ready later does not take them', async () => {
    await held(pod('nat-1', 'edge', { node: on(1), annotations: notReady }));
    await stage.apply(pod('nat-2', 'edge', { node: on(2) }));
    await stage.ready('edge', 'nat', 'nat-2');
    await stage.patch(paths.pod('edge', 'nat-1'), {
      metadata: { annotations: { 'local.persistent-ip.dev/ready': null } },
    });
    await stage.podReady('edge', 'nat-1');
    await stage.rest();
    expect((await stage.route('edge', 'nat'))?.pod).toBe('nat-2');
  });

  it('of two that were created in the same second the greater name holds them', async () => {
    await held();
    const [less, greater] = await twins();
    await Promise.all([stage.podReady('edge', less), stage.podReady('edge', greater)]);
    await stage.rest();
    expect((await stage.ready('edge', 'nat', greater)).pod).toBe(greater);
  });

  it('one that is being deleted loses them to an older one that lives, while it still runs', async () => {
    await held(pod('nat-1', 'edge', { node: on(1) }));
    await stage.apply(pod('nat-2', 'edge', { node: on(2), annotations: slowToEnd }));
    await stage.ready('edge', 'nat', 'nat-2');
    await stage.delete(paths.pod('edge', 'nat-2'));
    await stage.ready('edge', 'nat', 'nat-1');
    const { metadata } = await stage.admin.kubernetes('GET', paths.pod('edge', 'nat-2'));
    expect(metadata).toHaveProperty('deletionTimestamp');
  });

  it('one that is being deleted keeps them as long as there is no other', async () => {
    await held(pod('only', 'edge', { annotations: slowToEnd }));
    await stage.ready('edge', 'nat', 'only');
    await stage.delete(paths.pod('edge', 'only'));
    await stage.rest();
    expect((await stage.ready('edge', 'nat', 'only')).pod).toBe('only');
  });
});

describe('a Node', () => {
  it('that is not ready loses them to an older Pod on a ready one (Exists)', async () => {
    await stage.apply(
      route('nat', 'edge', ['34.1.2.3'], { reactionMode: 'Exists' }),
      pod('nat-1', 'edge', { node: on(1) }),
    );
    await stage.apply(pod('nat-2', 'edge', { node: on(2) }));
    await stage.ready('edge', 'nat', 'nat-2');
    stage.cloud.nodes.stopKubelet(on(2));
    await stage.ready('edge', 'nat', 'nat-1');
  });

  it('that is not ready keeps them as long as there is no other (Exists)', async () => {
    await stage.apply(
      route('nat', 'edge', ['34.1.2.3'], { reactionMode: 'Exists' }),
      pod('only', 'edge', { node: on(2) }),
    );
    await stage.ready('edge', 'nat', 'only');
    stage.cloud.nodes.stopKubelet(on(2));
    await stage.nodeNotReady(on(2));
    await stage.rest();
    expect((await stage.route('edge', 'nat'))?.pod).toBe('only');
  });

  it('whose VM is stopped is gone, though Kubernetes still calls it Ready', async () => {
    await held(pod('nat-1', 'edge', { node: on(1) }));
    await stage.apply(pod('nat-2', 'edge', { node: on(2) }));
    await stage.ready('edge', 'nat', 'nat-2');
    await stage.admin.compute('POST', `/zones/us-central1-b/instances/${on(2)}/stop`);
    await stage.ready('edge', 'nat', 'nat-1');
    expect((await stage.history('nat').at(-1)) as object).toMatchObject({ from: { pod: 'nat-2' } });
  });
});

describe('a Pod that never holds an address', () => {
  const never = async (candidate: object): Promise<void> => {
    await held(candidate);
    await stage.reason('edge', 'nat', 'Ready', 'NoPodsFound');
    await stage.rest();
    expect((await stage.route('edge', 'nat'))?.pod).toBeUndefined();
  };

  it('is on the host’s network', async () => {
    const { spec, ...rest } = pod('host', 'edge');
    await never({ ...rest, spec: { ...spec, hostNetwork: true } });
  });

  it('has other labels', async () => {
    const { metadata, ...rest } = pod('other', 'edge');
    await never({ ...rest, metadata: { ...metadata, labels: { app: 'other' } } });
  });

  it('is in another namespace', async () => {
    await stage.apply(namespace('elsewhere'));
    await never(pod('nat-1', 'elsewhere'));
  });

  it.each(['Succeeded', 'Failed'])('has ended: %s, also under Exists', async (phase) => {
    const { spec, ...rest } = pod('done', 'edge', {
      annotations: { 'local.persistent-ip.dev/exit': phase },
    });
    await stage.apply(route('nat', 'edge', ['34.1.2.3'], { reactionMode: 'Exists' }), {
      ...rest,
      spec: { ...spec, restartPolicy: 'Never' },
    });
    await stage.podPhase('edge', 'done', phase);
    await stage.reason('edge', 'nat', 'Ready', 'NoPodsFound');
    await stage.rest();
    expect((await stage.route('edge', 'nat'))?.pod).toBeUndefined();
  });
});

it('several routes give addresses to the same Pod, and both move with it', async () => {
  await stage.apply(
    route('nat', 'edge', ['34.1.2.3']),
    route('sip', 'edge', ['34.1.2.4']),
    pod('nat-1', 'edge', { node: on(1) }),
  );
  await stage.ready('edge', 'nat', 'nat-1');
  await stage.ready('edge', 'sip', 'nat-1');
  await stage.apply(pod('nat-2', 'edge', { node: on(2) }));
  await stage.ready('edge', 'nat', 'nat-2');
  await stage.ready('edge', 'sip', 'nat-2');
  expect([...stage.cloud.nodes.datapath(on(2)).keys()].sort()).toEqual(['34.1.2.3/32', '34.1.2.4/32']);
});

it('a Pod whose container restarts without Ready keeps nothing, and its addresses stay for the route', async () => {
  await stage.apply(
    route('nat', 'edge', ['34.1.2.3']),
    route('other', 'edge', ['34.1.2.3']),
    pod('only', 'edge'),
  );
  await stage.ready('edge', 'nat', 'only');
  await stage.patch(paths.pod('edge', 'only'), { metadata: { annotations: notReady } });
  await stage.reason('edge', 'nat', 'Ready', 'NoPodsFound');
  await stage.rest();
  const other = await stage.route('edge', 'other');
  expect(other?.conditions[0]).toMatchObject({ type: 'Accepted', reason: 'InvalidAddresses' });
});
