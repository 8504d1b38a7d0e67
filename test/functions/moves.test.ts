import { beforeEach, describe, expect, it } from 'vitest';
import { onInventory } from '../../functions/inventory.ts';
import type { AuditEntry } from '../../functions/persistent-ip/audit.ts';
import { Failure } from '../../functions/persistent-ip/failure.ts';
import type { MovesReport } from '../../functions/persistent-ip/moves.ts';
import type { AuditQuery } from '../../functions/persistent-ip/ports.ts';
import type { Wiring } from '../../functions/wiring.ts';
import { clusterKey } from './fixtures.ts';
import { World } from './world.ts';

let now: number;
let asked: AuditQuery[];
let page: (query: AuditQuery, token?: string) => { entries: AuditEntry[]; next: string | undefined };
let wiring: Wiring;

const move = (at: number): AuditEntry => ({
  insertId: `i-${at}`,
  timestamp: new Date(at).toISOString(),
  action: 'move',
  cluster: clusterKey,
  route: { namespace: 'edge', name: 'nat', uid: 'r' },
  addresses: ['34.1.2.3'],
  latencyMs: 250,
  outcome: 'held',
});

beforeEach(() => {
  now = Date.parse('2026-11-25T15:00:00Z');
  asked = [];
  page = () => ({ entries: [move(now - 60_000)], next: undefined });
  wiring = {
    runtime: { ...new World().deps.runtime, now: () => new Date(now) },
    movesSeen: new Map(),
    history: {
      page: (query: AuditQuery, token?: string) =>
        new Promise((resolve) => {
          asked.push(query);
          resolve(page(query, token));
        }),
    },
  } as unknown as Wiring;
});

const ask = async (query: string, ifNoneMatch?: string) => {
  const { status, body, headers } = await onInventory(wiring, {
    method: 'GET',
    url: `/v1/moves${query}`,
    ifNoneMatch,
  });
  const json = (body === '' ? {} : JSON.parse(body)) as MovesReport & { error?: { message: string } };
  return { status, json, etag: headers.etag };
};

describe('moves', () => {
  it('are those of the last day where no time is given', async () => {
    const { status, json } = await ask('');
    expect(status).toBe(200);
    expect(json).toMatchObject({ moves: 1, medianMs: 250, complete: true });
    expect(asked).toEqual([{ about: { changes: {} }, since: now - 24 * 3_600_000, until: now }]);
  });

  it('are asked of the log by cluster and namespace, and since when', async () => {
    await ask('?since=90m&cluster=prod&namespace=edge');
    expect(asked[0]).toMatchObject({
      about: { changes: { cluster: 'prod', namespace: 'edge' } },
      since: now - 90 * 60_000,
    });
  });

  it('up to now are read once a minute, and a reader who has them is told so', async () => {
    const { etag } = await ask('');
    now += 59_000;
    expect((await ask('', etag)).status).toBe(304);
    expect(asked).toHaveLength(1);
    now += 1_000;
    await ask('');
    await ask('?namespace=core');
    expect(asked).toHaveLength(3);
  });

  it('of a range are read when they are asked for', async () => {
    for (let times = 0; times < 2; times += 1)
      await ask('?from=2026-11-25T10:00:00Z&to=2026-11-25T12:00:00Z');
    expect(asked).toHaveLength(2);
  });

  it('are read page by page up to a bound, and what was not read is not counted as nothing', async () => {
    // A page without end: one change each second, the newest first.
    page = (_, token = '0') => ({
      entries: Array.from({ length: 2 }, (_, at) => move(now - 1_000 * (2 * Number(token) + at + 1))),
      next: String(Number(token) + 1),
    });
    const { json } = await ask('');
    expect(asked).toHaveLength(20);
    // The oldest that was read may not be the only one of its millisecond.
    expect(json).toMatchObject({
      complete: false,
      moves: 39,
      from: new Date(now - 40_000 + 1).toISOString(),
    });
  });

  it('cannot be told when the log cannot be read, and are asked for again soon', async () => {
    page = () => {
      throw new Failure('retry', 'quota', 429, 'too many reads');
    };
    expect(await ask('')).toMatchObject({
      status: 503,
      json: { error: { message: 'the audit log cannot be read: quota: too many reads' } },
    });
    now += 9_000;
    await ask('');
    expect(asked).toHaveLength(1);
    now += 2_000;
    page = () => ({ entries: [], next: undefined });
    expect((await ask('')).status).toBe(200);
  });

  it.each([
    ['?since=yesterday', 'since is a number'],
    ['?since=0h', 'since is a number'],
    ['?since=32d', '31 days at most'],
    ['?from=yesterday', 'from is a time'],
    ['?to=2026-11-25', 'to is a time'],
    ['?since=1h&from=2026-11-25T14:05:00Z', 'give since, or from and to'],
    ['?from=2026-11-25T16:00:00Z', 'from is before to'],
    ['?from=2026-01-01T00:00:00Z', '31 days'],
    ['?when=now', 'no parameter "when"'],
  ])('are refused for %s, and nothing is read', async (query, why) => {
    const { status, json } = await ask(query);
    expect(status).toBe(400);
    expect(json.error?.message).toContain(why);
    expect(asked).toEqual([]);
  });
});
