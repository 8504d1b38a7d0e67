import { describe, expect, it } from 'vitest';
import { createAuditReader } from '../../functions/google-cloud/audit-reader.ts';
import type { AuditEntry } from '../../functions/persistent-ip/audit.ts';
import type { AuditReads } from '../../functions/persistent-ip/ports.ts';
import { readHistory } from '../../functions/read-history.ts';
import { clusterKey } from './fixtures.ts';
import { fakePace } from './google-cloud/pace.ts';
import { tokens } from './google-cloud/setup.ts';
import { type Answer, onlyPlannedAnswers, type Seen, serve } from './wire.ts';

onlyPlannedAnswers();

const podOf = (pod: string) => ({ pod, uid: `uid-${pod}`, node: 'n', zone: 'z', podIP: '10.0.0.1' });
const logged = (timestamp: string, to: string | undefined, from?: string, address = '34.1.2.3') => {
  const payload: Omit<AuditEntry, 'insertId' | 'timestamp'> = {
    action: to === undefined ? 'release' : from === undefined ? 'allocate' : 'move',
    cluster: clusterKey,
    route: { namespace: 'edge', name: 'nat', uid: 'uid-nat' },
    addresses: [address],
    ...(from === undefined ? {} : { from: podOf(from) }),
    ...(to === undefined ? {} : { to: podOf(to) }),
    latencyMs: 12,
    outcome: 'held',
  };
  return { insertId: `i-${timestamp}`, timestamp, jsonPayload: payload, logName: 'l' };
};
const first = logged('2026-01-01T00:00:00.250Z', 'a');
const second = logged('2026-01-01T01:00:00Z', 'b', 'a');
const at = (time: string) => ({ from: Date.parse(time), to: Date.parse(time) });

const ask = async (answers: (call: Seen) => Answer, ip = '34.1.2.3', time = '2026-01-01T02:00:00Z') => {
  const wire = serve('https://logging.googleapis.com', answers);
  const reader = createAuditReader({ project: 'prj', tokens, ...fakePace() });
  return { intervals: await readHistory(reader, ip, at(time), 0), wire };
};
const filterOf = ({ body }: Seen) => (body as { filter: string }).filter;

describe('the history that Cloud Logging holds', () => {
  it('is read page by page: the routes that had the address, then all that is said of them', async () => {
    const { intervals, wire } = await ask(({ body }) => {
      const { pageToken } = body as { pageToken?: string };
      return pageToken ? [200, { entries: [first] }] : [200, { entries: [second], nextPageToken: 'more' }];
    });
    expect(intervals).toMatchObject([
      {
        from: '2026-01-01T01:00:00.000Z',
        holder: { pod: 'b', route: { name: 'nat' } },
        began: { action: 'move', latencyMs: 12 },
        certain: true,
      },
    ]);
    expect(wire.calls).toHaveLength(4);
    const times = 'timestamp>="1970-01-01T00:00:00.000Z" AND timestamp<="2026-01-01T02:00:00.000Z"';
    const log = 'logName="projects/prj/logs/persistent-ip-audit"';
    expect(wire.calls.map(filterOf)).toEqual([
      `${log} AND jsonPayload.addresses:"34.1.2.3" AND ${times}`,
      `${log} AND jsonPayload.addresses:"34.1.2.3" AND ${times}`,
      `${log} AND jsonPayload.route.uid=("uid-nat") AND ${times}`,
      `${log} AND jsonPayload.route.uid=("uid-nat") AND ${times}`,
    ]);
  });

  it('is not that of an address whose text only begins alike, nor of an entry that is not ours', async () => {
    const stranger = { insertId: 's', timestamp: '2026-01-01T00:00:00Z', jsonPayload: { text: 'hello' } };
    const alike = logged('2026-01-01T00:00:00Z', 'a', undefined, '34.1.2.30');
    const { intervals, wire } = await ask(() => [200, { entries: [alike, stranger] }]);
    expect(intervals).toMatchObject([{ holder: null, certain: false }]);
    expect(wire.calls).toHaveLength(1);
  });

  it.each([
    ['no payload', { jsonPayload: undefined }],
    ['an action that is none', { jsonPayload: { ...second.jsonPayload, action: 'give' } }],
    ['a cluster that is a text', { jsonPayload: { ...second.jsonPayload, cluster: 'c' } }],
    [
      'a route without a uid',
      { jsonPayload: { ...second.jsonPayload, route: { namespace: 'a', name: 'b' } } },
    ],
    ['an address that is a number', { jsonPayload: { ...second.jsonPayload, addresses: ['34.1.2.3', 7] } }],
    ['half a holder', { jsonPayload: { ...second.jsonPayload, to: { pod: 'b' } } }],
    ['no id', { insertId: '' }],
  ])('leaves an entry out that has %s: whoever may write logs may write there', async (_, odd) => {
    const { intervals } = await ask(() => [200, { entries: [{ ...second, ...odd }, first] }]);
    expect(intervals).toMatchObject([{ holder: { pod: 'a' }, to: null }]);
  });

  it.each([
    { latencyMs: null },
    { cause: 'somebody' },
    { conditions: [{ type: 7 }] },
    { unknown: { deep: [] } },
  ])('reads an entry with %o without it', async (more) => {
    const odd = { ...first, jsonPayload: { ...first.jsonPayload, ...more } };
    const { intervals } = await ask(() => [200, { entries: [odd] }]);
    expect(intervals).toMatchObject([{ holder: { pod: 'a' }, began: { action: 'allocate' } }]);
    const missing = 'latencyMs' in more ? { latencyMs: null } : 'cause' in more ? { cause: null } : {};
    expect(intervals[0]?.began).toMatchObject(missing);
  });

  it.each([
    [2, true, []],
    [4, false, [{ kind: 'missing-entry' }]],
  ])('where change 1 is followed by change %d is certain: %s', async (number, certain, doubts) => {
    const numbered = ({ jsonPayload, ...entry }: typeof first, changes: number) => ({
      ...entry,
      jsonPayload: { ...jsonPayload, changes },
    });
    const entries = [numbered(second, number), numbered(first, 1)];
    const { intervals } = await ask(() => [200, { entries }], '34.1.2.3', '2026-01-01T00:30:00Z');
    expect(intervals).toMatchObject([{ holder: { pod: 'a' }, certain, doubts }]);
  });

  it('cannot be asked for more than was meant', async () => {
    const { wire } = await ask(() => [200, {}], '1" OR logName:"x\\');
    expect(filterOf(wire.calls[0]!)).toContain('jsonPayload.addresses:"1\\" OR logName:\\"x\\\\" AND');
  });

  it('is asked for changes of holder by cluster and namespace, every text quoted', async () => {
    const wire = serve('https://logging.googleapis.com', () => [200, {}]);
    const reader = createAuditReader({ project: 'prj', tokens, ...fakePace() });
    await reader.page({ about: { changes: { cluster: 'c" OR "', namespace: 'edge' } }, since: 0, until: 1 });
    await reader.page({ about: { changes: {} }, since: 0, until: 1 });
    const log = 'logName="projects/prj/logs/persistent-ip-audit"';
    const changes = 'jsonPayload.action=("allocate" OR "move" OR "release")';
    const times = 'timestamp>="1970-01-01T00:00:00.000Z" AND timestamp<="1970-01-01T00:00:00.001Z"';
    expect(wire.calls.map(filterOf)).toEqual([
      `${log} AND ${changes} AND jsonPayload.cluster.name="c\\" OR \\"" AND jsonPayload.route.namespace="edge" AND ${times}`,
      `${log} AND ${changes} AND ${times}`,
    ]);
  });

  it('that cannot be read is a failure, and no history', async () => {
    const refused: Answer = [403, { error: { code: 403, message: 'm', status: 'PERMISSION_DENIED' } }];
    await expect(ask(() => refused)).rejects.toMatchObject({ kind: 'user', code: 'PERMISSION_DENIED' });
  });
});

describe('a long history', () => {
  const minute = 60_000;
  const range = (from: number, to: number) => ({ from: from * minute, to: to * minute });
  /** One move a minute between two Pods, the newest first, `size` of them a page; and how many pages were asked for. */
  const moves = (count: number, size: number) => {
    const podAt = (at: number) => podOf(at % 2 === 0 ? 'even' : 'odd');
    const all = Array.from({ length: count }, (_, back): AuditEntry => {
      const at = count - 1 - back;
      return {
        insertId: `i-${at}`,
        timestamp: new Date(at * minute).toISOString(),
        action: 'move',
        cluster: clusterKey,
        route: { namespace: 'edge', name: 'nat', uid: 'uid-nat' },
        addresses: ['34.1.2.3'],
        from: podAt(at - 1),
        to: podAt(at),
        outcome: 'held',
      };
    });
    let pages = 0;
    const audit: AuditReads = {
      page: ({ until }, token = '0') => {
        pages += 1;
        const asked = all.filter(({ timestamp }) => Date.parse(timestamp) <= until);
        const end = Number(token) + size;
        return Promise.resolve({
          entries: asked.slice(Number(token), end),
          next: end < asked.length ? String(end) : undefined,
        });
      },
    };
    return { audit, pages: () => pages };
  };

  it('is read in pages up to a bound, and what is older is said to be unknown', async () => {
    const { audit, pages } = moves(100, 2);
    const intervals = await readHistory(audit, '34.1.2.3', range(0, 99), 0);
    expect(pages()).toBe(40);
    // 20 pages of 2: minutes 60 to 99, of which the first may not be whole.
    expect(intervals[0]).toMatchObject({
      from: null,
      to: new Date(61 * minute).toISOString(),
      holder: { pod: 'even' },
      certain: false,
      doubts: [{ kind: 'before-log', message: expect.stringContaining('ends earlier') as string }],
    });
    expect(intervals.slice(1).every(({ certain }) => certain)).toBe(true);
  });

  it('that ends earlier shows what the other could not', async () => {
    const { audit } = moves(100, 2);
    const intervals = await readHistory(audit, '34.1.2.3', range(30, 31), 0);
    expect(intervals).toMatchObject([{ from: new Date(30 * minute).toISOString(), certain: true }]);
  });

  it('that fits is whole', async () => {
    const { audit } = moves(40, 2);
    const intervals = await readHistory(audit, '34.1.2.3', range(-1, 39), 0);
    expect(intervals).toHaveLength(40);
    expect(intervals[0]?.doubts[0]?.message).toBe('No entry says who held the address before');
  });

  it('of thousands of routes is refused, and not told in part', async () => {
    const { audit } = moves(1, 1);
    const [entry] = (await audit.page({ about: { routes: [] }, since: 0, until: 0 })).entries;
    const many = Array.from({ length: 2_001 }, (_, at) => ({
      ...entry!,
      route: { ...entry!.route, uid: `uid-${at}` },
    }));
    const page = () => Promise.resolve({ entries: many, next: undefined });
    await expect(readHistory({ page }, '34.1.2.3', range(0, 1), 0)).rejects.toMatchObject({
      code: 'TooManyRoutes',
      message: expect.stringContaining('more than 2000 routes have had 34.1.2.3') as string,
    });
  });
});
