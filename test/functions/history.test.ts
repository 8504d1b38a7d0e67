import { beforeEach, describe, expect, it } from 'vitest';
import { onInventory } from '../../functions/inventory.ts';
import type { AuditEntry } from '../../functions/persistent-ip/audit.ts';
import { Failure } from '../../functions/persistent-ip/failure.ts';
import type { AuditQuery } from '../../functions/persistent-ip/ports.ts';
import type { Wiring } from '../../functions/wiring.ts';
import { World } from './world.ts';

let asked: AuditQuery[];
let entries: AuditEntry[];
let fault: Failure | undefined;

beforeEach(() => {
  asked = [];
  entries = [];
  fault = undefined;
});

const ask = async (url: string) => {
  const world = new World();
  const wiring = {
    runtime: { ...world.deps.runtime, now: () => new Date('2026-11-25T15:00:00Z') },
    history: {
      page: (query: AuditQuery) => {
        asked.push(query);
        return fault === undefined ? Promise.resolve({ entries, next: undefined }) : Promise.reject(fault);
      },
    },
  } as unknown as Wiring;
  const { status, body } = await onInventory(wiring, { method: 'GET', url, ifNoneMatch: undefined });
  return { status, json: JSON.parse(body) as { intervals?: unknown[]; error?: { message: string } } };
};
const holder = { pod: 'nat-1', uid: 'u1', node: 'n', zone: 'z', podIP: '10.0.0.1' };
const allocation = {
  action: 'allocate',
  insertId: 'i',
  timestamp: '2026-11-25T14:00:00.000Z',
  cluster: { project: 'p', location: 'l', name: 'c' },
  route: { namespace: 'edge', name: 'nat', uid: 'r' },
  addresses: ['34.1.2.3'],
  to: holder,
  outcome: 'done',
} as unknown as AuditEntry;

describe('the history of an address', () => {
  it('says who held it at a time', async () => {
    entries = [allocation];
    const { json } = await ask('/v1/addresses/34.1.2.3/history?at=2026-11-25T14:05:00Z');
    expect(json.intervals).toMatchObject([{ from: allocation.timestamp, to: null, holder, certain: true }]);
  });

  it('is the last day where no time is given, and reads 30 days before it', async () => {
    await ask('/v1/addresses/34.1.2.3/history');
    expect(asked[0]).toMatchObject({
      since: Date.parse('2026-10-25T15:00:00Z'),
      until: Date.parse('2026-11-25T15:00:00Z'),
    });
  });

  it.each([
    ['34.1.2/history', 'no IPv4 address'],
    ['%22%20OR%20%22/history', 'no IPv4 address'],
    ['%zz/history', 'no IPv4 address'],
    ['34.1.2.3/history?at=yesterday', 'at is a time'],
    ['34.1.2.3/history?at=2026-11-25T14:05:00', 'at is a time'],
    ['34.1.2.3/history?at=2026-02-30T14:05:00Z', 'at is a time'],
    ['34.1.2.3/history?to=0000-01-01T00:00:00Z', 'to is a time'],
    ['34.1.2.3/history?at=2026-11-25T14:05:00Z&from=2026-11-25T14:05:00Z', 'give at, or from and to'],
    ['34.1.2.3/history?from=2026-11-25T16:00:00Z', 'from is before to'],
    ['34.1.2.3/history?from=2026-01-01T00:00:00Z', '31 days'],
    ['34.1.2.3/history?when=now', 'no parameter "when"'],
  ])('is refused for %s, and nothing is read', async (path, why) => {
    const { status, json } = await ask(`/v1/addresses/${path}`);
    expect({ status, message: json.error?.message }).toEqual({
      status: 400,
      message: expect.stringContaining(why) as string,
    });
    expect(asked).toEqual([]);
  });

  it('says that the log cannot be read', async () => {
    fault = new Failure('retry', 'PERMISSION_DENIED', 403, 'no right');
    expect(await ask('/v1/addresses/34.1.2.3/history')).toMatchObject({
      status: 503,
      json: { error: { message: 'the audit log cannot be read: PERMISSION_DENIED: no right' } },
    });
  });
});
