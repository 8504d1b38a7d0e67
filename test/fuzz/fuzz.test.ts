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

/** One request for the route that everything good is known of. */
const asked = (more: object = {}) => ({
  door: 'on-cluster-event' as const,
  method: 'POST',
  path: '/',
  headers: { 'content-type': 'application/json' },
  body: Buffer.from(
    JSON.stringify({
      message: { data: '', messageId: '1', publishTime: '2026-11-25T12:00:00Z', ...more },
      subscription: 's',
    }),
  ),
});

test('a body beyond what Pub/Sub can carry is refused by its size, unread', async () => {
  deployed.api.reset([], []);
  const answer = await deployed.knock(asked({ data: 'A'.repeat(15_000_000) }));
  expect(answer.status).toBe(200);
  expect(deployed.logged).toEqual([expect.stringContaining('"field":"body"')]);
  expect(deployed.logged[0]).toContain('is larger than any message of Pub/Sub');
  expect(deployed.api.calls).toEqual([]);
});

test('the largest message that Pub/Sub carries is read', async () => {
  deployed.api.reset([], []);
  const data = Buffer.alloc(10_000_000, 'x').toString('base64');
  await deployed.knock(asked({ data }));
  expect(deployed.logged).toEqual([expect.stringContaining('is not JSON')]);
});
