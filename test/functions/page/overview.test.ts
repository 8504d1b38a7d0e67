import { describe, expect, it } from 'vitest';
import { readFilter } from '../../../functions/page/filter.ts';
import { type Overview, overviewPage } from '../../../functions/page/overview.ts';
import type { PoolView, RouteView } from '../../../functions/persistent-ip/inventory.ts';
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
const render = async (seen: Partial<Overview>, query = ''): Promise<string> =>
  String(
    await overviewPage({
      pools: [],
      routes: [],
      unreadable: [],
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

  it('links to names that no URL can hold', async () => {
    expect(await render({ routes: [route('\ud800/..')] })).toContain('/routes/edge/%EF%BF%BD%2F..?');
  });

  it('is valid HTML', async () => {
    const page = await render({
      routes: [route('a'), route('b', { ready: false, pod: null, conditions: waiting })],
      pools: [pool, { ...pool, cluster: { ...cluster, name: 'two' } }],
      unreadable: ['two: timeout'],
    });
    expect(await problemsOf(page)).toEqual([]);
  });

  it('is small and quick for 1,000 routes, and no bigger for 10,000', async () => {
    const many = (count: number) => ({ routes: Array.from({ length: count }, (_, at) => route(`r${at}`)) });
    const [thousand, ten] = [await render(many(1_000)), await render(many(10_000))];
    expect(thousand.length).toBeLessThan(100_000);
    expect(ten.length - thousand.length).toBeLessThan(200);
  });
});
