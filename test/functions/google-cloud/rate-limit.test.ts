import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HttpError, NoAnswer } from '../../../functions/google-cloud/http.ts';
import { persist } from '../../../functions/google-cloud/persist.ts';
import { createRateLimit } from '../../../functions/google-cloud/rate-limit.ts';
import { peakPerSecond } from '../../load/meter.ts';

/** One call: when it is asked for, how long after its turn it reaches the server, how long the answer then takes, ms. */
interface Call {
  readonly at: number;
  readonly way: number;
  readonly answer: number;
  readonly blocks?: boolean;
}

const once = (at: number): Call => ({ at, way: 1, answer: 79 });

const sleep = (ms: number): Promise<void> => new Promise((wake) => void setTimeout(wake, ms));

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** When each call reaches the server, ms, rising; `late` is what a timer is late by. */
const arrivals = async (perSecond: number, calls: readonly Call[], late = 0): Promise<readonly number[]> => {
  const began = performance.now();
  const turn = createRateLimit({
    perSecond,
    elapsed: () => performance.now(),
    sleep: (ms) => sleep(ms + late),
  });
  const reached: number[] = [];
  const send = async ({ at, way, answer, blocks }: Call): Promise<void> => {
    await sleep(at);
    const answered = await turn(blocks);
    await sleep(way);
    reached.push(performance.now() - began);
    await sleep(answer);
    answered();
  };
  const sent = Promise.all(calls.map(send));
  await vi.runAllTimersAsync();
  await sent;
  return reached.toSorted((a, b) => a - b);
};

const many = (count: number, call: (index: number) => Call): readonly Call[] =>
  Array.from({ length: count }, (_, index) => call(index));

describe('a limit of calls a second', () => {
  it.each([1, 7, 100])(
    'of %i holds in every second, whether 500 ask at once or one after the other',
    async (limit) => {
      for (const everyMs of [0, 1, 20])
        expect(
          peakPerSecond(
            await arrivals(
              limit,
              many(500, (i) => once(i * everyMs)),
            ),
          ),
        ).toBeLessThanOrEqual(limit);
    },
  );

  it('holds at the server, however late the timers and however uneven the ways to it', async () => {
    const call = fc.record({
      at: fc.integer({ min: 0, max: 3_000 }),
      way: fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 9_900 })),
      answer: fc.oneof(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 9_000 })),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 12 }),
        fc.array(call, { maxLength: 60 }),
        fc.integer({ min: 0, max: 700 }),
        async (limit, calls, late) => {
          const reached = await arrivals(limit, calls, late);
          expect(reached).toHaveLength(calls.length);
          expect(peakPerSecond(reached)).toBeLessThanOrEqual(limit);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('lets a second’s calls go at once, and all of them in the end', async () => {
    const reached = await arrivals(
      40,
      many(400, () => once(0)),
    );
    expect(reached.filter((at) => at === 1)).toHaveLength(40);
    expect(reached.at(-1)).toBeLessThanOrEqual(10 * 1_100);
  });

  it('is not used up by calls whose answers take minutes', async () => {
    const waits = many(20, () => ({ at: 0, way: 1, answer: 120_000, blocks: true }));
    const reached = await arrivals(20, [...waits, once(1)]);
    expect(reached.at(-1)).toBeLessThanOrEqual(3_100);
  });

  it('holds up nobody who asks seldom', async () => {
    expect(
      await arrivals(
        40,
        many(10, (i) => once(i * 100)),
      ),
    ).toEqual(Array.from({ length: 10 }, (_, i) => i * 100 + 1));
  });
});

it.each([
  ['an answer', () => Promise.resolve('done'), ['turn', 'call', 'answered']],
  ['a refusal', () => Promise.reject(new HttpError(403, 'forbidden', 'no')), ['turn', 'call', 'answered']],
  // It may be on its way still.
  ['no answer', () => Promise.reject(new NoAnswer('over')), Array(4).fill(['turn', 'call']).flat()],
])('each try of a call has a turn of its own, which ends with an answer: %s', async (_, act, wanted) => {
  const order: string[] = [];
  const pace = {
    sleep: () => Promise.resolve(),
    random: () => 0.5,
    turn: () => {
      order.push('turn');
      return Promise.resolve(() => void order.push('answered'));
    },
  };
  const call = () => {
    order.push('call');
    return act();
  };
  await Promise.allSettled([persist(pace, call)]);
  expect(order).toEqual(wanted);
});
