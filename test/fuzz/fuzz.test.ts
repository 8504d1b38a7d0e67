import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Deployed, startDeployed } from './deployed.ts';
import { describeInput, fuzz } from './run.ts';
import { readSamples, type Samples } from './samples.ts';

/** A share of `npm run fuzz`, with the same inputs each time. */
const count = 1_000;
const seed = 1_000;

let samples: Samples;
let deployed: Deployed;

beforeAll(async () => {
  samples = readSamples();
  deployed = await startDeployed(samples);
});
afterAll(() => deployed.close());

test('whatever comes in gets an answer of the closed set, and no call is made that must not be', async () => {
  const { failed } = await fuzz(deployed, samples, { count, seed });
  expect(failed === undefined ? '' : `${failed.why}\n${describeInput(failed.input)}`).toBe('');
});

const pushed = ['on-cluster-event', 'on-compute-event', 'reconcile', 'sweep'] as const;

/** A push with this for its data. */
const pushOf = (door: (typeof pushed)[number], data: string) => ({
  door,
  method: 'POST',
  path: '/',
  headers: { 'content-type': 'application/json' },
  body: Buffer.from(
    JSON.stringify({
      message: { data, messageId: '1', publishTime: '2026-11-25T12:00:00Z' },
      subscription: 's',
    }),
  ),
});

test.each(pushed)(
  'a body beyond what Pub/Sub can carry is refused by its size at %s, unread',
  async (door) => {
    deployed.api.reset([], []);
    const answer = await deployed.knock(pushOf(door, 'A'.repeat(15_000_000)));
    expect(answer.status).toBe(200);
    expect(deployed.logged).toEqual([expect.stringContaining('"field":"body"')]);
    expect(deployed.logged[0]).toContain('is larger than any message of Pub/Sub');
    expect(deployed.api.calls).toEqual([]);
  },
);

test.each(['on-cluster-event', 'on-compute-event', 'reconcile'] as const)(
  'the largest message that Pub/Sub carries is read at %s',
  async (door) => {
    deployed.api.reset([], []);
    await deployed.knock(pushOf(door, Buffer.alloc(10_000_000, 'x').toString('base64')));
    expect(deployed.logged).toEqual([expect.stringContaining('is not JSON')]);
  },
);

test('a body has no business where people read, and is not read', async () => {
  deployed.api.reset([], []);
  const question = { ...pushOf('sweep', 'A'.repeat(15_000_000)), door: 'inventory' as const };
  expect((await deployed.knock({ ...question, path: '/v1/routes' })).status).toBe(405);
  expect(deployed.api.calls).toEqual([]);
});

test('a path that is no encoding tells nobody where our files are', async () => {
  deployed.api.reset([], []);
  const door = 'inventory' as const;
  const answer = await deployed.knock({
    door,
    method: 'GET',
    path: '/%zz',
    headers: {},
    body: Buffer.alloc(0),
  });
  expect(answer.status).toBe(400);
  expect(answer.body).not.toMatch(/\bat \w|node_modules/);
});
