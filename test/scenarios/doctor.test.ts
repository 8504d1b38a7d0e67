import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tenant } from '../../infra/local/people.ts';
import { askDoctor, linesOf } from '../infra/cli/persistent-ip/doctor/ask.ts';
import { openShell, type Shell } from '../infra/cli/persistent-ip/shell.ts';
import { gatewayClass, paths, route } from './objects.ts';
import { Stage } from './stage.ts';

/**
 * What `persistent-ip doctor` says of a cluster: each world that is broken turns its own line red, and no other. What it says
 * of Google Cloud is in test/infra/cli/persistent-ip/doctor.
 */

let stage: Stage;
let shell: Shell;

beforeEach(async () => {
  stage = await Stage.open({ nodes: 2 });
  shell = await openShell(stage.cloud);
});
afterEach(async () => {
  shell.close();
  await stage.close();
});

const doctor = async (more: { env?: object; minutes?: number } = {}) => {
  const { env = {}, minutes = 0 } = more;
  const now = new Date(Date.now() + minutes * 60_000);
  const { checks: all } = await askDoctor({ ...shell.env, ...env }, now);
  const checks = all.filter(({ subject, check }) => subject === 'cluster local' && check !== 'audit log');
  return { checks, red: linesOf(checks, 'failed'), unknown: linesOf(checks, 'unknown') };
};

describe('of a whole installation', () => {
  it('no line is red, and a route tells of the agents', async () => {
    await stage.serve();
    const { red, unknown, checks } = await doctor();
    expect({ red, unknown }).toEqual({ red: [], unknown: [] });
    expect(checks.find(({ check }) => check === 'node agents')).toMatchObject({
      status: 'ok',
      found: 'agents serve 1 of 1 route',
    });
  });

  it('that somebody may not look at, no line is ok that was not looked at', async () => {
    const token = join(shell.folder, 'tenant', 'token');
    const { checks, red } = await doctor({ env: { PERSISTENT_IP_ACCESS_TOKEN_FILE: token } });
    expect(red).toEqual([]);
    const line = (name: string) => checks.find(({ check }) => check === name);
    expect(line('API server')?.found).toContain(tenant);
    expect(line('rights of the functions')).toMatchObject({
      status: 'unknown',
      remedy: expect.stringMatching(/kubectl auth can-i .* --as persistent-ip@/),
    });
    expect(line('GatewayClasses')?.status).toBe('unknown');
  });
});

describe('the line is red of', () => {
  const onlyRed = async (check: string, found: RegExp, more?: Parameters<typeof doctor>[0]) => {
    const { red } = await doctor(more);
    expect(red).toMatchObject([{ check, found: expect.stringMatching(found) as string }]);
    expect(red[0]?.remedy).not.toBe('');
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
