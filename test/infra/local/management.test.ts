import { afterEach, beforeEach, expect, it } from 'vitest';
import { type LocalCloud, startCloud } from '../../../infra/local/cloud.ts';
import { administrator, tenant } from '../../../infra/local/people.ts';
import { clusterSink } from '../../../infra/local/site.ts';

/** What the local cloud says of its own deployment, and to whom. */

let cloud: LocalCloud;
beforeEach(async () => {
  cloud = await startCloud({ nodes: 1, sweepMs: 0 });
});
afterEach(() => cloud.close());

const as = async (who: string, method: string, url: string, body?: object) => {
  const response = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${cloud.identities.tokenOf(who)}`,
      'content-type': 'application/json',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { code: response.status, body: (await response.json()) as Record<string, unknown> };
};

it('people look and the tenant changes nothing; the deployment’s own accounts do neither', async () => {
  const job = `${cloud.management}/v1/projects/${cloud.project}/locations/${cloud.region}/jobs/persistent-ip-sweep`;
  const sink = `${cloud.logging.url}/v2/${clusterSink}`;
  const codes = async (who: string) => [
    (await as(who, 'GET', job)).code,
    (await as(who, 'GET', sink)).code,
    (await as(who, 'POST', `${job}:pause`, {})).code,
    (await as(who, 'PATCH', `${sink}?updateMask=filter`, { filter: 'severity>=ERROR' })).code,
  ];
  expect(await codes(cloud.serviceAccount)).toEqual([403, 403, 403, 403]);
  expect(await codes(tenant)).toEqual([200, 200, 403, 403]);
  expect(await codes(administrator)).toEqual([200, 200, 200, 200]);
});

it('no schedule is enabled where nothing is to run by itself', () => {
  expect(cloud.schedule.job()).toMatchObject({ state: 'PAUSED', lastAttemptTime: expect.any(String) });
});

it('what is not there is 404, what cannot be read 400, and what is not offered 501 by name', async () => {
  const { management: url, project } = cloud;
  const ask = async (method: string, path: string, body?: object) =>
    (await as(administrator, method, `${url}${path}`, body)).code;
  const series = `/v3/projects/${project}/timeSeries?${new URLSearchParams({ filter: 'metric.type="other"', 'interval.startTime': '2026-11-25T12:00:00Z', 'interval.endTime': '2026-11-25T13:00:00Z' })}`;
  expect([
    await ask('GET', `/v1/projects/${project}/locations/${cloud.region}/jobs/other`),
    await ask('GET', `/v2/projects/${project}/locations/${cloud.region}/functions/persistent-ip-other`),
    await ask('POST', `/v1/projects/${project}:testIamPermissions`, { permissions: ['compute.*'] }),
    await ask('GET', `/v1/projects/${project}/services:batchGet`),
    await ask('GET', series),
  ]).toEqual([404, 404, 400, 501, 501]);
  const filter = await as(
    administrator,
    'PATCH',
    `${cloud.logging.url}/v2/${clusterSink}?updateMask=filter`,
    {
      filter: 'resource.type=',
    },
  );
  expect(filter.code).toBe(400);
});

it('testIamPermissions answers for whoever asks, by the rights that every call is checked by', async () => {
  const asked = {
    permissions: ['compute.addresses.list', 'compute.firewalls.create', 'compute.instances.delete'],
  };
  const url = `${cloud.management}/v1/projects/${cloud.project}:testIamPermissions`;
  const granted = async (who: string) => (await as(who, 'POST', url, asked)).body;
  expect(await granted(administrator)).toEqual(asked);
  expect(await granted(tenant)).toEqual({ permissions: ['compute.addresses.list'] });
  expect(await granted(cloud.serviceAccount)).toEqual({ permissions: asked.permissions.slice(0, 2) });
  // Asking is no need: there is nothing here that a firewall rule would be made for.
  expect([...cloud.role.used.project]).not.toContain('compute.firewalls.create');
});
