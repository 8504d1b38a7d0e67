import { afterEach, describe, expect, it } from 'vitest';
import { createComputeLists } from '../../functions/google-cloud/compute-lists.ts';
import { loadDescriptors } from '../../infra/local/compute/http/descriptors.ts';
import { methodsInTable } from '../../infra/local/compute/http/needs.ts';
import { administrator } from '../../infra/local/people.ts';
import permissions from '../../infra/rights/permissions.json' with { type: 'json' };
import { fakePace } from '../functions/google-cloud/pace.ts';
import { gateway, namespace, paths, pod, route } from './objects.ts';
import { Stage } from './stage.ts';

let stage: Stage;

afterEach(() => stage.close());

const internal = (name: string, addresses: readonly object[]) => ({
  ...gateway(name, 'edge', []),
  spec: { ...gateway(name, 'edge', []).spec, gatewayClassName: 'persistent-ip-regional-internal', addresses },
});

/** The node that the Pods have left: marked by one sweep, let go by another ten minutes later. */
const letGoOfStandby = async (): Promise<void> => {
  await stage.delete(paths.pod('edge', 'nat-1'));
  await stage.gone(paths.pod('edge', 'nat-1'));
  for (const minutes of [0, 11]) {
    stage.cloud.setAhead(minutes * 60_000);
    stage.cloud.sweep();
    await stage.rest();
    stage.cloud.setAhead(0);
  }
};

/** The lists of a sweep, with the functions' own token. */
const readLists = async (): Promise<void> => {
  const { cloud } = stage;
  const { project, networkProject, region, identities, serviceAccount, compute } = cloud;
  const lists = createComputeLists({
    project,
    region,
    networkProject,
    tokens: { token: async () => identities.tokenOf(serviceAccount) },
    endpoint: compute.url,
    ...fakePace(),
  });
  const [services, firewalls] = await Promise.all([lists.backendServices(), lists.firewalls()]);
  expect(services.length).toBeGreaterThan(0);
  expect(firewalls.map(({ name }) => name)).toEqual(services.map(({ name }) => name));
  await lists.vms(`${region}-a`);
};

/** Everything that the functions do at Compute Engine, once: made, moved, changed, released. */
const wholeLife = async (): Promise<void> => {
  stage.reserve('34.1.2.3');
  stage.cloud.compute.addPublicDelegatedPrefix({ name: 'ours', range: '192.0.2.0/28' });
  await stage.apply(namespace('edge'), gateway('pool', 'edge', ['34.1.2.3']));
  await stage.apply({
    ...gateway('brought', 'edge', []),
    metadata: {
      name: 'brought',
      namespace: 'edge',
      annotations: { 'persistent-ip.dev/ip-collection': 'ours' },
    },
    spec: { ...gateway('brought', 'edge', []).spec, addresses: [{ type: 'IPAddress' }] },
  });
  await stage.apply(internal('inside', [{ type: 'IPAddress' }]));
  const inside = await stage.gatewayReason('edge', 'inside', 'Programmed', 'Programmed');
  await stage.gatewayReason('edge', 'brought', 'Programmed', 'Programmed');
  const [{ value: ip = '' } = {}] = inside.status?.addresses ?? [];
  const parentRefs = [{ name: 'inside' }];
  await stage.apply(route('nat', 'edge', ['34.1.2.3']), route('lan', 'edge', [ip], { parentRefs }));
  await stage.apply(pod('nat-1', 'edge', { node: 'gke-local-pool-1' }));
  await stage.ready('edge', 'nat', 'nat-1');
  await stage.ready('edge', 'lan', 'nat-1');
  await stage.apply(pod('nat-2', 'edge', { node: 'gke-local-pool-2' }));
  await stage.ready('edge', 'nat', 'nat-2');
  await stage.ready('edge', 'lan', 'nat-2');
  await letGoOfStandby();
  await stage.patch(paths.route('edge', 'lan'), { spec: { allowGlobalAccess: true } });
  await stage.patch(paths.gateway('edge', 'pool'), {
    metadata: { annotations: { 'persistent-ip.dev/source-ranges': '198.51.100.0/24' } },
  });
  await stage.rest();
  await stage.ready('edge', 'lan', 'nat-2');
  await readLists();
  for (const name of ['nat', 'lan']) await stage.delete(paths.route('edge', name));
  for (const name of ['pool', 'brought', 'inside']) await stage.delete(paths.gateway('edge', name));
  await stage.rest();
  expect(await stage.count('/regions/us-central1/backendServices')).toBe(0);
};

/** An internal address of the host project, as its administrators reserve one. */
const reserveInHost = async (address: string): Promise<void> => {
  const { compute, identities, region } = stage.cloud;
  const response = await fetch(
    `${compute.url}/compute/v1/projects/host-project/regions/${region}/addresses`,
    {
      method: 'POST',
      headers: {
        authorization: `Bearer ${identities.tokenOf(administrator)}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        name: 'hosted',
        addressType: 'INTERNAL',
        address,
        subnetwork: `projects/host-project/regions/${region}/subnetworks/default`,
      }),
    },
  );
  expect(response.status).toBe(200);
};

const calls = () =>
  stage.cloud.compute.calls.filter(({ principal }) => principal === stage.cloud.serviceAccount);

/** Refusals that the functions met. */
const refusals = () =>
  calls()
    .filter(({ status }) => status === 403)
    .map(({ method, path }) => `${method} ${path}`);

/** Methods that the functions called, as the API's descriptors name them. */
const methods = () => {
  const api = loadDescriptors();
  const found = calls().map(({ method, path }) => api.match(method, path.split('/').slice(3))?.id);
  return [...new Set(found)];
};

/** Each of its thirty waits has a limit of its own, 20 s, and says what it waited for: this one must not come before. */
const wholeLifeLimit = 600_000;

describe('the functions have the custom role that Terraform makes, and no other right', () => {
  it(
    'which is enough, and of which nothing is left over',
    async () => {
      stage = await Stage.open();
      await wholeLife();
      expect(refusals()).toEqual([]);
      expect([...stage.cloud.role.used.project].sort()).toEqual(permissions.project);
      // Each with the source of what it needs: a method without a line would be judged by its name alone.
      expect(methods().length).toBeGreaterThan(20);
      expect(methods().filter((method) => method === undefined || !methodsInTable.includes(method))).toEqual(
        [],
      );
    },
    wholeLifeLimit,
  );

  it(
    'and with shared VPC a narrower one in the host project, whose addresses it may use',
    async () => {
      stage = await Stage.open({ networkProject: 'host-project' });
      await wholeLife();
      await reserveInHost('10.128.0.99');
      await stage.apply(internal('hosted', [{ type: 'IPAddress', value: '10.128.0.99' }]));
      const parentRefs = [{ name: 'hosted' }];
      await stage.apply(route('hosted', 'edge', ['10.128.0.99'], { parentRefs }));
      await stage.ready('edge', 'hosted');
      expect(refusals()).toEqual([]);
      expect([...stage.cloud.role.used.networkProject].sort()).toEqual(permissions.networkProject);
    },
    wholeLifeLimit,
  );
});
