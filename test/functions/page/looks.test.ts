import type { IncomingMessage, ServerResponse } from 'node:http';
import { beforeEach, describe, expect, it } from 'vitest';
import { onInventory } from '../../../functions/inventory.ts';
import { readHandler } from '../../../functions/read-handler.ts';
import type { Wiring } from '../../../functions/wiring.ts';
import { pod } from '../fixtures.ts';
import { readerWiring } from '../reader-wiring.ts';
import { type World, worldOfRoute } from '../world.ts';

let world: World;
let wiring: Wiring;
let now: number;

beforeEach(() => {
  world = worldOfRoute();
  world.pods.set('edge/nat-1', pod('nat-1'));
  now = Date.parse('2026-11-25T12:00:00Z');
  wiring = readerWiring(world, () => now);
});

const ask = (url: string) => onInventory(wiring, { method: 'GET', url, ifNoneMatch: undefined });
const lists = () => world.calls.filter((call) => call === 'list-routes').length;

describe('many open pages', () => {
  it('cost one list, whatever each of them filters', async () => {
    const urls = ['/', '/', '/?namespace=edge', '/?page=2', '/?address=34.1.2.3'];
    const answers = await Promise.all(urls.map(ask));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(lists()).toBe(1);
  });

  it('share it until it is 2.5 s old, and an open page alone sees the present at each of its looks', async () => {
    for (const [passed, expected] of [
      [0, 1],
      [2_499, 1],
      [2_500, 2],
      [5_499, 3],
    ] as const) {
      now = Date.parse('2026-11-25T12:00:00Z') + passed;
      await ask('/');
      expect({ passed, lists: lists() }).toEqual({ passed, lists: expected });
    }
  });

  it('join a look that is slow, for that is when another one would do harm, but not one that hangs', async () => {
    let answer = (): void => {};
    const slow = new Promise<void>((resolve) => {
      answer = resolve;
    });
    world.pause = () => slow;
    const first = ask('/');
    now += 59_000;
    const second = ask('/');
    expect(lists()).toBe(1);
    now += 1_000;
    const third = ask('/');
    answer();
    expect((await Promise.all([first, second, third])).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(lists()).toBe(2);
  });

  it('of one route cost one look at it, and those of another route their own', async () => {
    await Promise.all([ask('/routes/edge/nat'), ask('/routes/edge/nat')]);
    const once = world.calls.length;
    await ask('/routes/edge/nat');
    expect(world.calls.length).toBe(once);
    expect((await ask('/routes/edge/nat?cluster=other')).status).toBe(404);
    expect((await ask('/routes/edge/nat?clutser=local')).status).toBe(400);
    now += 2_500;
    await ask('/routes/edge/nat');
    expect(world.calls.length).toBe(2 * once);
  });

  it('are told of a fault once, and look again', async () => {
    world.before = () => {
      throw new TypeError('a fault of our own');
    };
    await expect(ask('/')).rejects.toThrow('a fault of our own');
    world.before = () => {};
    expect((await ask('/')).status).toBe(200);
  });

  it('do not look through a clock that was set back', async () => {
    await ask('/');
    now -= 60_000;
    await ask('/');
    expect(lists()).toBe(2);
  });
});

describe('what is shared', () => {
  it('is not the JSON: who has just applied something sees it', async () => {
    await ask('/');
    await ask('/v1/routes');
    await ask('/v1/routes');
    expect(lists()).toBe(3);
  });

  it('is shown to nobody whom the function does not know', async () => {
    await ask('/');
    const shown: { status?: number; body?: string } = {};
    const response = {
      writeHead: (status: number) => {
        shown.status = status;
      },
      end: (body: string) => {
        shown.body = body;
      },
    } as unknown as ServerResponse;
    const unknown = () => Promise.resolve({ ok: false, status: 401, why: 'no token' } as const);
    const handler = readHandler(world.deps.runtime, unknown, (request) => onInventory(wiring, request));
    await handler({ method: 'GET', url: '/', headers: {} } as IncomingMessage, response);
    expect(shown.status).toBe(401);
    expect(shown.body).not.toContain('edge/nat');
  });
});
