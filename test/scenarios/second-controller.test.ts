import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { paths, pod } from './objects.ts';
import { Stage } from './stage.ts';

/**
 * Another controller that writes a route's status as soon as ours has written it. Invariant 7 of design/concepts.md: a
 * status that another controller keeps rewriting is reported once and not fought over.
 */

let stage: Stage;

const status = `${paths.route('edge', 'nat')}/status`;

/** What GKE's own controller might say of a route that it does not serve. */
const theirs = (type: string) => ({
  type,
  status: 'False',
  reason: 'Theirs',
  message: 'written by the other one',
  observedGeneration: 1,
  lastTransitionTime: '2026-11-24T12:00:00Z',
});
/** It reads before it writes, and leaves the conditions that it does not know. */
const rewriteOnce = async (): Promise<void> => {
  const { status: before } = (await stage.admin.kubernetes('GET', paths.route('edge', 'nat'))) as {
    status: { conditions: readonly { type: string }[] };
  };
  const kept = before.conditions.filter(({ type }) => type === 'DPV2Ready' || type === 'SecondController');
  await stage.patch(`${status}?fieldManager=gke-ipr-controller`, {
    status: { pods: [], conditions: [...kept, theirs('Accepted'), theirs('GCPReady'), theirs('Ready')] },
  });
  await stage.rest();
};
const ourWrites = () =>
  stage.cloud.kubernetes.calls.filter(
    ({ user, method, path }) =>
      user === stage.cloud.serviceAccount && method === 'PATCH' && path.startsWith(status),
  ).length;
const noted = () =>
  stage.cloud.logging
    .list('logName:"persistent-ip-audit" AND jsonPayload.conditions:*')
    .map(({ jsonPayload }) => (jsonPayload as { conditions: readonly { type: string }[] }).conditions)
    .filter((conditions) => conditions.some(({ type }) => type === 'SecondController')).length;

beforeEach(async () => {
  stage = await Stage.open();
  await stage.serve();
});
afterEach(() => stage.close());

describe('a second controller that rewrites the status', () => {
  it('gets at most three writes a minute from ours, is named by a condition, and once in the audit log', async () => {
    const before = ourWrites();
    for (let times = 0; times < 20; times += 1) await rewriteOnce();
    expect(ourWrites() - before).toBe(0);
    for (const minute of [1, 2, 3]) {
      const soFar = ourWrites();
      stage.cloud.setAhead(minute * 60_000);
      stage.cloud.sweep();
      await stage.rest();
      stage.cloud.setAhead(0);
      // Or the next minute's request would be taken for one of a burst, published before a look that was ahead.
      stage.cloud.sweep();
      await stage.rest();
      for (let times = 0; times < 10; times += 1) await rewriteOnce();
      expect(ourWrites() - soFar).toBeGreaterThan(0);
      expect(ourWrites() - soFar).toBeLessThanOrEqual(3);
    }
    const { conditions } = await stage.reason('edge', 'nat', 'SecondController', 'StatusRewritten');
    expect(conditions.find(({ type }) => type === 'SecondController')?.message).toContain(
      '"gke-ipr-controller" writes this status, too',
    );
    expect(noted()).toBe(1);
  });

  it('that stops leaves a route that is Ready again, and nothing in Google Cloud has changed', async () => {
    const mutations = stage.mutations().filter((call) => !call.startsWith('PATCH backendServices')).length;
    await rewriteOnce();
    stage.cloud.setAhead(60_000);
    stage.cloud.sweep();
    await stage.ready('edge', 'nat', 'nat-1');
    expect(stage.mutations().filter((call) => !call.startsWith('PATCH backendServices'))).toHaveLength(
      mutations,
    );
    expect(stage.history('nat')).toHaveLength(1);
  });

  it('does not keep a route from being deleted', async () => {
    await rewriteOnce();
    await stage.delete(paths.route('edge', 'nat'));
    await stage.gone(paths.route('edge', 'nat'));
    expect(await stage.count('/regions/us-central1/forwardingRules')).toBe(0);
  });
});

it('the node agents, which write the status of every route, are no second controller', async () => {
  for (const name of ['nat-2', 'nat-3']) {
    await stage.apply(pod(name, 'edge'));
    await stage.ready('edge', 'nat', name);
  }
  const { conditions } = await stage.ready('edge', 'nat', 'nat-3');
  expect(conditions.map(({ type }) => type)).not.toContain('SecondController');
});
