import { describe, expect, it } from 'vitest';
import { refused } from '../../../functions/answer.ts';
import { readFilter } from '../../../functions/page/filter.ts';
import { type Overview, overviewPage } from '../../../functions/page/overview.ts';
import type { PoolView, RouteView } from '../../../functions/persistent-ip/inventory.ts';
import { type MovesReport, MovesTally } from '../../../functions/persistent-ip/moves.ts';
import { condition } from '../fixtures.ts';
import { problemsOf } from './problems-of.ts';

const cluster = { project: 'p', location: 'l', name: 'one' };
const ready = [condition('Accepted', 'True', 'Accepted'), condition('Ready', 'True', 'ProgrammingComplete')];
const waiting = [
  condition('Accepted', 'True', 'Accepted'),
  { ...condition('GCPReady', 'False', 'NoPodsFound'), message: 'No Pod has these labels.' },
  condition('Ready', 'False', 'NoPodsFound'),
];
const route = (name: string, more: Partial<RouteView> = {}): RouteView => ({
  cluster,
  namespace: 'edge',
  name,
  uid: name,
  pools: ['edge/pool'],
  addresses: ['34.1.2.3/32'],
  pod: `edge/${name}-0`,
  ready: true,
  conditions: ready,
  ...more,
});
const pool: PoolView = {
  cluster,
  namespace: 'edge',
  name: 'pool',
  class: 'external',
  scheme: 'EXTERNAL',
  addresses: [
    { address: '34.1.2.3', type: 'IPAddress', route: 'edge/nat', pod: 'edge/nat-0' },
    { address: '34.1.2.4', type: 'IPAddress', route: 'edge/sip', pod: null },
    { address: '34.1.2.5', type: 'IPAddress', route: null, pod: null },
  ],
  conditions: [],
};
/** Moves of a day that took so long, all in one hour of it. */
const report = (latencies: readonly number[], hour: number): MovesReport => {
  const from = Date.parse('2026-11-25T00:00:00Z');
  const tally = new MovesTally();
  tally.add(
    latencies.map((latencyMs, at) => ({
      insertId: String(at),
      timestamp: new Date(from + hour * 3_600_000 + at).toISOString(),
      action: 'move',
      cluster,
      route: { namespace: 'edge', name: 'nat', uid: 'r' },
      addresses: [],
      latencyMs,
      outcome: 'held',
    })),
  );
  return tally.report({ from, to: from + 24 * 3_600_000 });
};
const render = async (seen: Partial<Overview>, query = ''): Promise<string> =>
  String(
    await overviewPage({
      pools: [],
      routes: [],
      unreadable: [],
      moves: undefined,
      page: 1,
      filter: readFilter(new URLSearchParams(query)),
      ...seen,
    }),
  );

describe('the overview', () => {
  it('shows what is wrong first, with reason and remedy', async () => {
    const page = await render({
      routes: [route('a'), route('b', { ready: false, pod: null, conditions: waiting })],
    });
    expect(page.indexOf('edge/b')).toBeLessThan(page.indexOf('edge/a'));
    expect(page).toContain('GCPReady: NoPodsFound');
    expect(page).toContain('No Pod has these labels.');
  });

  it('counts used, reserved and free addresses', async () => {
    expect(await render({ pools: [pool] })).toContain('1 used, 1 reserved, 1 free');
  });

  it('names a cluster that cannot be read', async () => {
    expect(await render({ unreadable: ['two: timeout'] })).toContain(
      'A cluster cannot be read: two: timeout',
    );
  });

  it.each([
    ['cluster=two', ['c']],
    ['namespace=core', ['b']],
    ['pod=a-0', ['a']],
    ['address=10.0.0.5', ['b']],
    ['address=10.0.', ['b']],
  ])('is filtered by %s', async (query, names) => {
    const routes = [
      route('a'),
      route('b', { namespace: 'core', addresses: ['10.0.0.0/29'] }),
      route('c', { cluster: { ...cluster, name: 'two' } }),
    ];
    const page = await render({ routes }, query);
    const shown = [...page.matchAll(/<th scope="row"[^>]*><a href="\/routes\/[^/]+\/(\w)\?/g)].map(
      ([, name]) => name,
    );
    expect(shown).toEqual(names);
  });

  it('has pages, which keep the filter', async () => {
    const routes = Array.from({ length: 250 }, (_, at) => route(`r${at}`));
    const page = await render({ routes, page: 2 }, 'namespace=edge');
    expect(page).toContain('Page 2 of 3');
    expect(page).toContain('href="/?namespace=edge&amp;page=3"');
    expect(page).toContain('edge/r100');
    expect(page).not.toContain('edge/r99<');
  });

  it('shows hostile names as text', async () => {
    const hostile = '"><script>alert(1)</script>';
    const page = await render(
      {
        routes: [
          route(hostile, {
            pod: hostile,
            ready: false,
            conditions: [{ ...condition('Accepted', 'False', 'InvalidLabels'), message: hostile }],
          }),
        ],
        pools: [{ ...pool, name: hostile, class: hostile }],
        unreadable: [hostile],
      },
      `pod=${encodeURIComponent(hostile)}`,
    );
    expect(page).not.toContain('<script>alert');
    expect(page).toContain('&quot;&gt;&lt;script&gt;');
  });

  it('says how the day went, by hour as a picture and as a table, and what took longest', async () => {
    const page = await render({ moves: report([0, 1_250, 90], 3) });
    expect(page).toContain('3 from one Pod to another, 0 from nobody to a Pod, 0 to nobody.');
    expect(page).toMatch(
      /90 ms in the median, 1\.3 s at worst\s+\(<a href="\/routes\/edge\/nat\?cluster=one">edge\/nat</,
    );
    expect(page).toMatch(/<svg [^>]*role="img" aria-label="Moves by hour, 3 at most/);
    expect(page.match(/<tr>\s*<th scope="row">\d\d:00 UTC/g)).toHaveLength(24);
  });

  it('shows no chart of a day without moves, and says why moves cannot be counted', async () => {
    const quiet = await render({ moves: report([], 3) });
    expect(quiet).toContain('0 from one Pod to another');
    expect(quiet).not.toContain('role="img"');
    expect(await render({ moves: refused(503, 'the log <is> away') })).toContain('the log &lt;is&gt; away');
    expect(await render({ moves: undefined })).toContain('is being read');
    expect(await render({ moves: { ...report([1], 3), complete: false } })).toContain(
      'these are those since 2026-11-25 00:00:00 UTC',
    );
  });

  it('links to names that no URL can hold', async () => {
    expect(await render({ routes: [route('\ud800/..')] })).toContain('/routes/edge/%EF%BF%BD%2F..?');
  });

  it('is valid HTML', async () => {
    const page = await render({
      routes: [route('a'), route('b', { ready: false, pod: null, conditions: waiting })],
      pools: [pool, { ...pool, cluster: { ...cluster, name: 'two' } }],
      unreadable: ['two: timeout'],
      moves: { ...report([1, 2_000], 5), complete: false },
    });
    expect(await problemsOf(page)).toEqual([]);
    expect(await problemsOf(await render({ moves: refused(503, 'away') }))).toEqual([]);
  });

  it('is small and quick for 1,000 routes, and no bigger for 10,000', async () => {
    const many = (count: number) => ({ routes: Array.from({ length: count }, (_, at) => route(`r${at}`)) });
    const [thousand, ten] = [await render(many(1_000)), await render(many(10_000))];
    expect(thousand.length).toBeLessThan(100_000);
    expect(ten.length - thousand.length).toBeLessThan(200);
  });

  it('is no bigger for a namespace each, nor for 10,000 addresses in 625 pools', async () => {
    const routes = Array.from({ length: 10_000 }, (_, at) => route('nat', { namespace: `team-${at}` }));
    expect((await render({ routes })).length).toBeLessThan(100_000);
    const pools = Array.from({ length: 625 }, (_, at) => ({
      ...pool,
      name: `pool-${at}`,
      addresses: Array.from({ length: 16 }, () => pool.addresses[0]!),
    }));
    expect((await render({ pools })).length).toBeLessThan(200_000);
  });
});
