import { describe, expect, it } from 'vitest';
import { persist } from '../../../functions/google-cloud/persist.ts';
import { createRateLimit } from '../../../functions/google-cloud/rate-limit.ts';

/** When each of `count` calls has its turn, ms, one asking every `everyMs`. */
const turns = async (perSecond: number, count: number, everyMs: number): Promise<readonly number[]> => {
  let now = 0;
  let waited = 0;
  const turn = createRateLimit({
    perSecond,
    now: () => new Date(now),
    sleep: (ms) => {
      waited = ms;
      return Promise.resolve();
    },
  });
  const sent: number[] = [];
  for (let call = 0; call < count; call++) {
    now = call * everyMs;
    waited = 0;
    await turn();
    sent.push(now + waited);
  }
  return sent;
};

/** The most calls that any second saw. */
const peak = (sent: readonly number[]): number =>
  Math.max(...sent.map((from) => sent.filter((at) => at >= from && at < from + 1000).length));

describe('a limit of calls a second', () => {
  it.each([2, 7, 40, 100])(
    'of %i holds in every second, whether 500 ask at once or one after the other',
    async (limit) => {
      for (const everyMs of [0, 1, 20, 400])
        expect(peak(await turns(limit, 500, everyMs))).toBeLessThanOrEqual(limit);
    },
  );

  it('lets half of a second’s calls go at once, and all of them in the end', async () => {
    const sent = await turns(40, 400, 0);
    expect(sent.filter((at) => at === 0)).toHaveLength(20);
    expect(sent.at(-1)).toBeLessThanOrEqual(400 * (1000 / 20));
  });

  it('holds up nobody because the clock was set back', async () => {
    let now = 600_000;
    const waits: number[] = [];
    const turn = createRateLimit({
      perSecond: 2,
      now: () => new Date(now),
      sleep: (ms) => {
        waits.push(ms);
        return Promise.resolve();
      },
    });
    await turn();
    now = 0;
    await turn();
    await turn();
    expect(waits).toEqual([1_000, 2_000]);
  });

  it('holds up nobody who asks seldom', async () => {
    expect(await turns(40, 10, 100)).toEqual(Array.from({ length: 10 }, (_, call) => call * 100));
  });
});

it('each try of a call has a turn of its own', async () => {
  const order: string[] = [];
  const pace = {
    sleep: () => Promise.resolve(),
    random: () => 0.5,
    turn: () => {
      order.push('turn');
      return Promise.resolve();
    },
  };
  const call = () => {
    order.push('call');
    return Promise.resolve('done');
  };
  expect(await persist(pace, call)).toBe('done');
  expect(order).toEqual(['turn', 'call']);
});
