import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openShell, type Shell } from '../infra/cli/persistent-ip/shell.ts';
import { command } from '../infra/cli/persistent-ip/terminal.ts';
import { pod, route } from './objects.ts';
import { Stage } from './stage.ts';

let stage: Stage;
let shell: Shell;

beforeEach(async () => {
  stage = await Stage.open();
  shell = await openShell(stage.cloud);
  await stage.serve({ ips: ['34.1.2.3', '34.1.2.4'] });
});
afterEach(async () => {
  shell.close();
  await stage.close();
});

const persistentIp = (...argv: readonly string[]) => command(argv, { env: shell.env, now: () => new Date() });

describe.each([
  ['the inventory', []],
  ['the cluster and Google Cloud directly', ['--direct']],
])('the command line asks %s', (_, how) => {
  it('who holds an address', async () => {
    const { code, out } = await persistentIp('get', 'addresses', '34.1.2.3', ...how);
    expect({ code, out }).toEqual({
      code: 0,
      out: expect.stringMatching(/\n34\.1\.2\.3 +edge\/pool +edge\/nat +edge\/nat-1\n$/) as string,
    });
  });

  it('what a Pod holds', async () => {
    const { out } = await persistentIp('get', 'addresses', '--pod', 'edge/nat-1', '-o', 'json', ...how);
    expect(JSON.parse(out)).toMatchObject([{ address: '34.1.2.3' }]);
  });

  it('which addresses are free', async () => {
    const { out } = await persistentIp('get', 'addresses', '--free', '-o', 'json', ...how);
    expect(JSON.parse(out)).toMatchObject([{ address: '34.1.2.4' }]);
  });
});

describe.each([
  ['the inventory', []],
  ['the cluster and Google Cloud directly', ['--direct']],
])('the command line asks %s', (_, how) => {
  it('why a route chose this Pod and not the other', async () => {
    await stage.apply(pod('nat-0', 'edge'));
    await stage.podReady('edge', 'nat-0');
    await stage.rest();
    const { pod: holder = '' } = await stage.ready('edge', 'nat');
    const other = holder === 'nat-0' ? 'nat-1' : 'nat-0';
    const { code, out, err } = await persistentIp('explain', 'edge/nat', ...how);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(new RegExp(`Holder +${holder} on gke-local`));
    expect(out).toMatch(new RegExp(`yes +${holder} .*first in the order`));
    expect(out).toMatch(new RegExp(`no +${other} +gke-local\\S+ +\\S+`));
  });

  it('why a route does not work, and what to do', async () => {
    await stage.apply(
      route('nobody', 'edge', ['34.1.2.4'], { podSelector: { matchLabels: { app: 'nobody' } } }),
    );
    await stage.reason('edge', 'nobody', 'Ready', 'NoPodsFound');
    await stage.rest();
    const { code, out, err } = await persistentIp('explain', 'nobody', '-n', 'edge', ...how);
    expect({ code, err }).toEqual({ code: 6, err: 'error: edge/nobody is not ready: NoPodsFound\n' });
    expect(out).toContain('No Pod has the labels');
    expect((await persistentIp('explain', 'edge/other', ...how)).code).toBe(3);
  });
});

it('the inventory’s account explains by reading alone', async () => {
  await persistentIp('explain', 'edge/nat');
  const calls = stage.cloud.kubernetes.calls.filter(({ user }) =>
    user.startsWith('persistent-ip-inventory@'),
  );
  expect(calls.length).toBeGreaterThan(5);
  expect(calls.every(({ method }) => method === 'GET')).toBe(true);
});

describe.each([
  ['the inventory', []],
  ['the audit log directly', ['--direct']],
])('the command line asks %s', (_, how) => {
  it('who held an address at a time, and when nobody did', async () => {
    const held = new Date();
    await stage.admin.kubernetes('DELETE', '/api/v1/namespaces/edge/pods/nat-1');
    await stage.reason('edge', 'nat', 'Ready', 'NoPodsFound');
    await stage.rest();
    await stage.apply(pod('nat-2', 'edge'));
    await stage.ready('edge', 'nat', 'nat-2');
    await stage.rest();
    const { out } = await persistentIp(
      'history',
      '34.1.2.3',
      '--at',
      held.toISOString(),
      '-o',
      'json',
      ...how,
    );
    expect(JSON.parse(out)).toMatchObject({
      intervals: [{ holder: { pod: 'nat-1', route: { namespace: 'edge', name: 'nat' } }, certain: true }],
    });
    const now = new Date().toISOString();
    const all = await persistentIp(
      'history',
      '34.1.2.3',
      '--from',
      hourAgo(),
      '--to',
      now,
      '-o',
      'json',
      ...how,
    );
    const { intervals } = JSON.parse(all.out) as { intervals: { holder: { pod: string } | null }[] };
    const holders = intervals.map(({ holder }) => holder?.pod ?? 'nobody');
    expect(holders.at(0)).toBe('nobody');
    expect(holders.filter((pod) => pod !== 'nobody')).toEqual(['nat-1', 'nat-2']);
    const { out: counted } = await persistentIp('get', 'moves', '--since', '1h', '-o', 'json', ...how);
    expect(JSON.parse(counted)).toMatchObject({
      moves: 0,
      allocations: 2,
      releases: 1,
      complete: true,
      worst: { route: { namespace: 'edge', name: 'nat' } },
    });
  });
});

const hourAgo = (): string => new Date(Date.now() - 3_600_000).toISOString();

describe('a sweep from the command line', () => {
  it('finds what an event that was lost would have told', async () => {
    stage.cloud.loseEvents(true);
    await stage.apply(route('sip', 'edge', ['34.1.2.4']));
    const { code, err } = await command(['sweep', '--wait', '20'], {
      env: shell.env,
      now: () => new Date(),
      sleep: () => stage.rest(),
    });
    expect({ code, err }).toEqual({
      code: 0,
      err: expect.stringMatching(/\n2 of 2 routes are ready\n$/) as string,
    });
    expect(await stage.route('edge', 'sip')).toMatchObject({ pod: 'nat-1', ready: true });
  });

  it('says which routes are not ready when the time is over', async () => {
    await stage.apply(
      route('nobody', 'edge', ['34.1.2.4'], { podSelector: { matchLabels: { app: 'nobody' } } }),
    );
    await stage.reason('edge', 'nobody', 'Ready', 'NoPodsFound');
    let seconds = 0;
    const { code, out } = await command(['sweep', '--wait', '3'], {
      env: shell.env,
      now: () => new Date(seconds++ * 1_000),
    });
    expect({ code, out }).toEqual({
      code: 6,
      out: expect.stringMatching(/edge +nobody +NoPodsFound/) as string,
    });
  });
});
