import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DotLocal, writeDotLocal } from '../../infra/local/dot-local.ts';
import { tenant } from '../../infra/local/people.ts';
import { command } from '../infra/cli/persistent-ip/terminal.ts';
import { gatewayClass, paths, route } from './objects.ts';
import { Stage } from './stage.ts';

/** `persistent-ip doctor` on the local cloud: each world that is broken turns its own line red, and no other. */

let stage: Stage;
let folder: string;
let local: DotLocal;

beforeEach(async () => {
  stage = await Stage.open();
  folder = mkdtempSync(join(tmpdir(), 'persistent-ip-'));
  local = await writeDotLocal(stage.cloud, folder);
});
afterEach(async () => {
  local.remove();
  rmSync(folder, { recursive: true, force: true });
  await stage.close();
});

const sourced = (): Record<string, string> =>
  Object.fromEntries(
    [...readFileSync(local.env, 'utf8').matchAll(/^export (PERSISTENT_IP_\w+)='([^']*)'$/gm)].map(
      ([, name = '', value = '']) => [name, value],
    ),
  );

interface Line {
  readonly check: string;
  readonly status: string;
  readonly found: string;
  readonly remedy?: string;
}

const doctor = async (more: { env?: object; minutes?: number } = {}) => {
  const { env = {}, minutes = 0 } = more;
  const { code, out } = await command(['doctor', '-o', 'json'], {
    env: { ...sourced(), ...env },
    now: () => new Date(Date.now() + minutes * 60_000),
  });
  const { checks } = JSON.parse(out) as { checks: readonly Line[] };
  const of = (status: string) => checks.filter((line) => line.status === status);
  return { code, checks, red: of('failed'), unknown: of('unknown'), skipped: of('skipped') };
};

describe('of a whole installation', () => {
  it('no line is red, and a route tells of the agents', async () => {
    await stage.serve();
    const { code, red, unknown, checks } = await doctor();
    expect({ code, red, unknown }).toEqual({ code: 0, red: [], unknown: [] });
    expect(checks.find(({ check }) => check === 'node agents')).toMatchObject({
      status: 'ok',
      found: 'agents serve 1 of 1 route',
    });
  });

  it('that somebody may not look at, no line is ok that was not looked at', async () => {
    const token = join(folder, 'tenant', 'token');
    const { code, checks, red } = await doctor({ env: { PERSISTENT_IP_ACCESS_TOKEN_FILE: token } });
    expect({ code, red }).toEqual({ code: 1, red: [] });
    const line = (name: string) => checks.find(({ check }) => check === name);
    expect(line('API server')?.found).toContain(tenant);
    expect(line('rights of the functions')).toMatchObject({
      status: 'unknown',
      remedy: expect.stringMatching(/kubectl auth can-i .* --as persistent-ip@/),
    });
    expect(line('GatewayClasses')?.status).toBe('unknown');
  });

  it('of a cluster that is none is refused', async () => {
    const ran = await command(['doctor', '--cluster', 'other'], { env: sourced() });
    expect(ran).toMatchObject({ code: 3, err: expect.stringContaining('it has local') });
  });
});

describe('the line is red of', () => {
  const onlyRed = async (check: string, found: RegExp, more?: Parameters<typeof doctor>[0]) => {
    const { code, red } = await doctor(more);
    expect(red).toMatchObject([{ check, found: expect.stringMatching(found) as string }]);
    expect(red[0]?.remedy).not.toBe('');
    expect(code).toBe(6);
  };

  it('a definition that is deleted', async () => {
    await stage.undefine('gkeiproutes.networking.gke.io');
    await onlyRed('GKEIPRoute', /is not installed/);
  });

  it('a class that is missing, and one that is another’s', async () => {
    const name = 'persistent-ip-regional-external';
    await stage.delete(paths.gatewayClass(name));
    await onlyRed('GatewayClasses', /there is no GatewayClass persistent-ip-regional-external/);
    await stage.apply(gatewayClass(name, { controllerName: 'example.com/other' }));
    await onlyRed('GatewayClasses', /belongs to controller example\.com\/other/);
  });

  it('a right that is taken away', async () => {
    const path = '/apis/rbac.authorization.k8s.io/v1/clusterroles/persistent-ip-functions';
    const { rules } = (await stage.admin.kubernetes('GET', path)) as {
      rules: readonly { resources: readonly string[] }[];
    };
    const without = rules.filter(({ resources }) => !resources.includes('gkeiproutes/status'));
    await stage.patch(path, { rules: without });
    await onlyRed('rights of the functions', /may not patch gkeiproutes\/status/);
  });

  it('a controller that writes our routes, too', async () => {
    await stage.serve();
    await stage.patch(`${paths.route('edge', 'nat')}/status?fieldManager=gke-ipr-controller`, {
      status: { pods: [] },
    });
    await onlyRed('other controllers', /"gke-ipr-controller" writes the status of edge\/nat/);
  });

  it('an agent that is silent', async () => {
    const node = 'gke-local-pool-1';
    await stage.serve({ ips: ['34.1.2.3', '34.1.2.4'], node });
    stage.cloud.nodes.stopKubelet(node);
    await stage.apply(route('late', 'edge', ['34.1.2.4'], { reactionMode: 'Exists' }));
    await stage.reason('edge', 'late', 'GCPReady', 'GCPReady');
    await onlyRed('node agents', /for edge\/late for two minutes/, { minutes: 3 });
  });
});
