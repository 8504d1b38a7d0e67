import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Json } from '../../infra/local/admin.ts';
import { tracePacket } from '../../infra/local/tour/packet.ts';
import { gateway, namespace, paths, pod, route } from './objects.ts';
import { Stage } from './stage.ts';

const host = 'host-project';
const hostUrl = `https://www.googleapis.com/compute/v1/projects/${host}`;
const network = `${hostUrl}/global/networks/default`;
const subnetwork = `${hostUrl}/regions/us-central1/subnetworks/default`;
const region = '/regions/us-central1';
let stage: Stage;

const items = async (path: string, project?: string) =>
  ((await stage.admin.compute('GET', path, undefined, project)) as { items?: readonly Json[] }).items ?? [];
/** Nobody may do this in the host project until the function returned is called. */
const forbid = (permission: string, method: string, path: RegExp): (() => void) => {
  const message = `Required '${permission}' permission for 'projects/${host}'`;
  const refuse = { status: 403, reason: 'forbidden', message };
  const fault = stage.cloud.compute.inject({ method, path, times: 1_000, effect: { refuse } });
  return () => fault.cancel();
};
const failed = async () => {
  const { conditions } = await stage.reason('edge', 'nat', 'GCPReady', 'GCPFailed');
  return conditions.find(({ type }) => type === 'GCPReady')?.message;
};

beforeEach(async () => {
  stage = await Stage.open({ networkProject: host });
  stage.reserve('34.1.2.3');
  await stage.apply(
    namespace('edge'),
    gateway('pool', 'edge', ['34.1.2.3']),
    pod('nat-1', 'edge', { node: 'gke-local-pool-1' }),
  );
});
afterEach(() => stage.close());

describe('in a shared VPC', () => {
  it('a route’s resources are the cluster’s own, but for the firewall rule; the network is the host project’s', async () => {
    await stage.apply(route('nat', 'edge', ['34.1.2.3']));
    await stage.ready('edge', 'nat', 'nat-1');
    expect(await items('/zones/us-central1-a/networkEndpointGroups')).toMatchObject([
      { network, subnetwork },
    ]);
    expect(await items(`${region}/forwardingRules`)).toHaveLength(1);
    expect(await items('/global/firewalls', host)).toMatchObject([
      { network, destinationRanges: ['34.1.2.3/32'] },
    ]);
    expect(await items('/global/firewalls')).toEqual([]);
    await stage.delete(paths.route('edge', 'nat'));
    await stage.rest();
    expect(await items('/global/firewalls', host)).toEqual([]);
  });

  it('an internal address may be reserved in either project', async () => {
    const { compute } = stage.cloud;
    const common = { addressType: 'INTERNAL', subnetwork } as const;
    compute.reserveAddress({ ...common, name: 'own', address: '10.128.3.1' });
    compute.reserveAddress({ ...common, name: 'shared', address: '10.128.3.2', project: host });
    const pool = gateway('inside', 'edge', ['10.128.3.1', '10.128.3.2']);
    await stage.apply({
      ...pool,
      spec: { ...pool.spec, gatewayClassName: 'persistent-ip-regional-internal' },
    });
    await stage.apply(
      route('nat', 'edge', ['10.128.3.1', '10.128.3.2'], { parentRefs: [{ name: 'inside' }] }),
    );
    await stage.ready('edge', 'nat', 'nat-1');
    for (const rule of await items(`${region}/forwardingRules`))
      expect(rule).toMatchObject({ network, subnetwork });
    for (const ip of ['10.128.3.1', '10.128.3.2'])
      expect((await tracePacket(stage.cloud, stage.admin, ip)).pod).toBe('edge/nat-1');
  });
});

describe('a host project that refuses', () => {
  it.each([
    ['to make a firewall rule', 'compute.firewalls.create', 'POST'],
    ['to be read', 'compute.firewalls.get', 'GET'],
  ])(
    '%s is named by the route, in its own words; it heals at a later look',
    async (_, permission, method) => {
      const allow = forbid(permission, method, /host-project\/global\/firewalls/);
      await stage.apply(route('nat', 'edge', ['34.1.2.3']));
      expect(await failed()).toBe(
        `Google Cloud refused (forbidden): Required '${permission}' permission for 'projects/${host}'`,
      );
      await stage.rest();
      expect((await stage.route('edge', 'nat'))?.ready).toBe(false);
      allow();
      stage.cloud.sweep();
      await stage.ready('edge', 'nat', 'nat-1');
    },
  );
});
