import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { notReady, paths, pod } from './objects.ts';
import { Stage } from './stage.ts';

/** *Standbys* of design/concepts.md: the nodes that the next holder may be on are attached before it is there. */

let stage: Stage;

const on = (node: number) => `gke-local-pool-${node}`;
const gcpReady = async (): Promise<string | undefined> =>
  (await stage.route('edge', 'nat'))?.conditions.find(({ type }) => type === 'GCPReady')?.message;

beforeEach(async () => {
  stage = await Stage.open();
  await stage.serve({ node: on(1) });
});
afterEach(() => stage.close());

describe('a node that cannot be prepared for the next move', () => {
  it('leaves the served route Ready; the message says why, until a later try succeeds', async () => {
    const message = "Quota 'NETWORK_ENDPOINT_GROUPS' exceeded.";
    const refuse = { status: 403, reason: 'quotaExceeded', message };
    const fault = stage.cloud.compute.inject({
      method: 'POST',
      // Listing endpoints is a POST, too.
      path: /networkEndpointGroups$|attachNetworkEndpoints/,
      times: 1_000,
      effect: { refuse },
    });
    await stage.apply(pod('nat-2', 'edge', { node: on(2), annotations: notReady }));
    await stage.until('edge', 'nat', 'says what was refused', ({ conditions }) =>
      conditions.some((each) => each.type === 'GCPReady' && each.message.includes(message)),
    );
    await stage.rest();
    expect((await stage.ready('edge', 'nat', 'nat-1')).ready).toBe(true);
    fault.cancel();
    stage.cloud.sweep();
    await stage.until('edge', 'nat', 'has nothing to say', ({ conditions }) =>
      conditions.some((each) => each.type === 'GCPReady' && each.message === `The leader is node ${on(1)}`),
    );
    expect(await gcpReady()).not.toContain(message);
  });
});

describe('a node that no Pod of the route is on any more', () => {
  const attached = async (): Promise<number> => {
    const path = `/zones/us-central1-a/networkEndpointGroups`;
    const { items } = (await stage.admin.compute('GET', path)) as { items?: readonly { name: string }[] };
    const counts = (items ?? []).map(async ({ name }) => {
      const list = await stage.admin.compute('POST', `${path}/${name}/listNetworkEndpoints`, {});
      return ((list.items ?? []) as readonly unknown[]).length;
    });
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
  };
  const sweepAt = async (minutes: number): Promise<void> => {
    stage.cloud.setAhead(minutes * 60_000);
    stage.cloud.sweep();
    await stage.rest();
    stage.cloud.setAhead(0);
  };

  it('is let go by the sweep after ten minutes, and the traffic does not notice', async () => {
    await stage.apply(pod('nat-2', 'edge', { node: on(2) }));
    await stage.ready('edge', 'nat', 'nat-2');
    await stage.delete(paths.pod('edge', 'nat-1'));
    await stage.gone(paths.pod('edge', 'nat-1'));
    for (let sweep = 0; sweep < 2; sweep += 1) await sweepAt(0);
    expect(await attached()).toBe(1);
    const before = stage.mutations().length;
    await sweepAt(10.1);
    expect(await attached()).toBe(0);
    expect(stage.mutations().slice(before)).toEqual([
      'POST networkEndpointGroups/detachNetworkEndpoints',
      'PATCH backendServices',
    ]);
    const { ready, pod: holder } = await stage.ready('edge', 'nat', 'nat-2');
    expect({ ready, holder }).toEqual({ ready: true, holder: 'nat-2' });
    await sweepAt(0);
    expect(stage.mutations()).toHaveLength(before + 2);
  });
});
