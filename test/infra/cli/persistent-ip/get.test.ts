import nock from 'nock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { command, type Ran } from './terminal.ts';

const site = 'http://localhost:8080';
const cluster = { project: 'p', location: 'l', name: 'one' };
const ready = [{ type: 'Ready', status: 'True', reason: 'ProgrammingComplete', message: '' }];
const route = (name: string, more: object = {}) => ({
  cluster,
  namespace: 'edge',
  name,
  pools: ['edge/pool'],
  addresses: ['34.1.2.3/32'],
  pod: `edge/${name}-0`,
  ready: true,
  conditions: ready,
  ...more,
});
const pool = {
  cluster,
  namespace: 'edge',
  name: 'pool',
  class: 'external',
  scheme: 'EXTERNAL',
  addresses: [
    { address: '34.1.2.3', type: 'IPAddress', route: 'edge/nat', pod: 'edge/nat-0' },
    { address: '34.1.2.4', type: 'IPAddress', route: null, pod: null },
  ],
  conditions: [],
};

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  expect(nock.pendingMocks()).toEqual([]);
  nock.cleanAll();
  nock.enableNetConnect();
});

const routes = (...items: readonly object[]) =>
  nock(site).get('/v1/routes').query(true).reply(200, { items });
const pools = () =>
  nock(site)
    .get('/v1/pools')
    .query(true)
    .reply(200, { items: [pool] });
const get = (...argv: readonly string[]): Promise<Ran> => command(['get', ...argv, '--inventory', site]);

describe('get', () => {
  it('says of each route who holds what, and of one that is not ready why', async () => {
    const notReady = [{ type: 'Ready', status: 'False', reason: 'NoPodsFound', message: 'none' }];
    routes(route('nat'), route('sip', { pod: null, ready: false, conditions: notReady }));
    expect((await get('routes')).out).toBe(
      [
        'NAMESPACE   NAME   ADDRESSES   POD     READY   REASON',
        'edge        nat    34.1.2.3    nat-0   True    -',
        'edge        sip    34.1.2.3    -       False   NoPodsFound',
        '',
      ].join('\n'),
    );
  });

  it('counts the addresses that do not fit into a line', async () => {
    routes(route('nat', { addresses: ['34.1.2.0/32', '34.1.2.1/32', '34.1.2.2/32', '34.1.2.3/32'] }));
    expect((await get('routes')).out).toContain('34.1.2.0,34.1.2.1 +2 more');
  });

  it('says which cluster where there are several', async () => {
    routes(route('nat'), route('nat', { cluster: { ...cluster, name: 'two' } }));
    expect((await get('routes')).out).toMatch(/^CLUSTER +NAMESPACE.*\none .*\ntwo /);
  });

  it('follows the pages to the last', async () => {
    nock(site)
      .get('/v1/routes')
      .query({ pageSize: '1000', namespace: 'edge' })
      .reply(200, { items: [route('a')], nextPageToken: 'more' })
      .get('/v1/routes')
      .query({ pageSize: '1000', namespace: 'edge', pageToken: 'more' })
      .reply(200, { items: [route('b')] });
    expect((await get('routes', '-n', 'edge')).out).toMatch(/ a .*\n.* b /);
  });

  it('tells which addresses are free, and what a Pod holds', async () => {
    pools();
    expect((await get('addresses', '--free')).out).toMatch(/^ADDRESS.*\n34\.1\.2\.4 .*\n$/);
    pools();
    expect((await get('addresses', '--pod', 'edge/nat-0')).out).toMatch(/^ADDRESS.*\n34\.1\.2\.3 .*\n$/);
  });

  it('counts what is used of a pool', async () => {
    pools();
    expect((await get('pools')).out).toMatch(/pool +external +2 +1 +1 /);
  });

  it('prints the facts for programs too', async () => {
    routes(route('nat'));
    expect(JSON.parse((await get('routes', '-o', 'json')).out)).toEqual([route('nat')]);
    routes(route('nat'));
    expect((await get('routes', '-o', 'yaml')).out).toContain('- cluster:\n    project: p');
  });

  it('ends with 3 for a name that is none', async () => {
    routes(route('nat'));
    expect(await get('routes', 'other')).toMatchObject({ code: 3, out: '' });
    pools();
    expect((await get('addresses', '34.9.9.9')).err).toMatch(/^error: there is no address "34.9.9.9": .*\n$/);
  });

  it('names the cluster that could not be read, beside what could', async () => {
    nock(site)
      .get('/v1/routes')
      .query(true)
      .reply(200, { items: [route('nat')], unreadable: [{ cluster, why: 'two: timeout' }] });
    const { out, err, code } = await get('routes');
    expect({ code, err }).toEqual({ code: 0, err: 'warning: two: timeout\n' });
    expect(out).toContain('nat');
  });

  it('shows a name that a terminal would obey, and does not do it', async () => {
    routes(route('nat', { pod: 'edge/\u001b[2Jgone' }));
    const { out } = await get('routes');
    expect(out).toContain('\\u{1b}[2Jgone');
    expect(out).not.toContain('\u001b');
  });
});

describe('colours', () => {
  it('go to a terminal and nowhere else', async () => {
    routes(route('nat'));
    const argv = ['get', 'routes', '--inventory', site];
    expect((await command(argv, { colours: true })).out).toContain('\u001b[32mTrue');
    routes(route('nat'));
    expect((await command(argv)).out).not.toContain('\u001b');
  });
});

describe('what goes wrong', () => {
  it.each([
    [401, 4, 'not yours'],
    [403, 4, 'not yours'],
    [503, 5, 'no cluster answers'],
    [500, 1, 'a fault'],
  ])('is told in one line: %i is exit code %i', async (status, code, message) => {
    nock(site)
      .get('/v1/routes')
      .query(true)
      .reply(status, { error: { code: status, message } });
    const ran = await get('routes');
    expect(ran).toMatchObject({ code, out: '' });
    expect(ran.err).toMatch(new RegExp(`^error: ${message}.*\\n$`));
  });

  it('is an inventory that does not answer', async () => {
    nock(site).get('/v1/routes').query(true).replyWithError('connect ECONNREFUSED');
    expect(await get('routes')).toMatchObject({ code: 5 });
  });

  it('is a command line that means nothing', async () => {
    expect((await command(['get', 'rutes'])).code).toBe(2);
    expect((await command(['get', 'routes', '--inventory', 'nonsense'])).code).toBe(2);
    expect((await command(['get', 'routes'])).err).toContain('--inventory URL');
    expect((await command(['get', 'routes', '--settings', '/nowhere.json'])).err).toContain('/nowhere.json');
  });

  it.each([
    [['addresses', '--pod', 'nat-1'], '--pod nat-1 names no Pod: write NAMESPACE/NAME'],
    [['pools', '--pod', 'edge/nat-1'], '--pod is for routes and addresses'],
    [['routes', '--free'], '--free is for addresses'],
  ])('is an option that would show something else than was asked for: get %j', async (argv, words) => {
    expect(await get(...argv)).toMatchObject({ code: 2, out: '', err: expect.stringContaining(words) });
  });

  it('is a time that is still to come, of which no log tells', async () => {
    const asked = ['history', '34.1.2.3', '--at', '2130-01-01T00:00:00Z', '--inventory', site];
    const { code, err } = await command(asked);
    expect({ code, err }).toEqual({
      code: 2,
      err: 'error: --at 2130-01-01T00:00:00Z is in the future: the log tells of what was\n',
    });
  });

  it('is --direct without the configuration', async () => {
    expect(await command(['get', 'routes', '--direct'])).toMatchObject({ code: 2 });
    const env = { PERSISTENT_IP_CONFIG: '{"deployment":"X"}' };
    expect((await command(['get', 'routes', '--direct'], { env })).err).toContain('deployment');
  });
});

describe('help', () => {
  it('lists the exit codes and ends well', async () => {
    const { code, out } = await command(['--help']);
    expect(code).toBe(0);
    expect(out).toContain('Exit codes');
  });
});

describe('get moves', () => {
  const counts = { moves: 0, allocations: 0, releases: 0, foundBySweep: 0, medianMs: null, worstMs: null };
  const report = {
    ...counts,
    from: '2026-11-25T14:00:00.000Z',
    to: '2026-11-25T16:00:00.000Z',
    complete: false,
    moves: 2,
    medianMs: 250,
    worstMs: 400,
    worst: {
      at: '2026-11-25T14:05:00Z',
      latencyMs: 400,
      cluster,
      route: { namespace: 'edge', name: 'nat' },
      pod: 'a',
    },
    hours: [
      { ...counts, hour: '2026-11-25T14:00:00.000Z', moves: 2, medianMs: 250, worstMs: 400 },
      { ...counts, hour: '2026-11-25T15:00:00.000Z' },
    ],
  };

  it('counts them by hour, and says what took longest and what was not counted', async () => {
    nock(site).get('/v1/moves').query({ since: '120m', namespace: 'edge' }).reply(200, report);
    const { out, err } = await get('moves', '--since', '2h', '-n', 'edge');
    expect(out).toBe(
      [
        'HOUR                       MOVES   ALLOCATIONS   RELEASES   MEDIAN   WORST    BY SWEEP',
        '2026-11-25T14:00:00.000Z   2       -             -          250 ms   400 ms   -',
        '2026-11-25T15:00:00.000Z   -       -             -          -        -        -',
        'all                        2       -             -          250 ms   400 ms   -',
        '',
      ].join('\n'),
    );
    expect(err).toContain('400 ms, was edge/nat at 2026-11-25T14:05:00Z');
    expect(err).toContain('these are those since 2026-11-25T14:00:00.000Z');
  });

  it.each([
    [['moves', 'nat'], 'by nothing else'],
    [['moves', '--free'], 'by nothing else'],
    [['routes', '--since', '2h'], '--since is for moves'],
    [['moves', '--since', 'long'], 'minutes, hours or days'],
  ])('is not asked for what means nothing: %j', async (argv, why) => {
    const { code, err } = await get(...argv);
    expect(code).toBe(2);
    expect(err).toContain(why);
  });
});
