import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gateway, namespace, notReady, pod, route } from './objects.ts';
import { Stage } from './stage.ts';

/** *Standbys* of design/concepts.md: the nodes that the next holder may be on are attached before it is there. */

let stage: Stage;

const on = (node: number) => `gke-local-pool-${node}`;
const gcpReady = async (): Promise<string | undefined> =>
  (await stage.route('edge', 'nat'))?.conditions.find(({ type }) => type === 'GCPReady')?.message;

beforeEach(async () => {
  stage = await Stage.open();
  stage.reserve('34.1.2.3');
  await stage.apply(
    namespace('edge'),
    gateway('pool', 'edge', ['34.1.2.3']),
    route('nat', 'edge', ['34.1.2.3']),
    pod('nat-1', 'edge', { node: on(1) }),
  );
  await stage.ready('edge', 'nat', 'nat-1');
  await stage.rest();
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
