import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../../infra/local/clock.ts';
import { functionsRole } from '../../../infra/local/functions-role.ts';
import { Identities } from '../../../infra/local/identities.ts';
import type { Listening } from '../../../infra/local/listen.ts';
import { type LocalLogging, startLogging } from '../../../infra/local/logging/index.ts';
import { startManagement } from '../../../infra/local/management/index.ts';
import { administrator, tenant } from '../../../infra/local/people.ts';
import { type Schedule, startSchedule } from '../../../infra/local/schedule.ts';
import { project, region, serviceAccount } from '../../../infra/local/site.ts';

/** What the local cloud says of its own deployment, and to whom. */

const sinkName = `projects/${project}/sinks/events`;
const identities = new Identities();
const role = functionsRole({ project, networkProject: project });
let schedule: Schedule;
let logging: LocalLogging;
let management: Listening;

beforeEach(async () => {
  schedule = startSchedule(systemClock, 60_000, () => {});
  logging = await startLogging({ clock: systemClock, identities });
  logging.addSink({ name: sinkName, destination: 'd', filter: 'severity>=INFO', route: () => {} });
  management = await startManagement({
    clock: systemClock,
    identities,
    project,
    region,
    deploymentName: 'pip',
    serviceAccount,
    urls: {} as never,
    schedule,
    triggers: { methods: () => [], remove: () => {} },
    pubsub: { deliveries: [], undelivered: () => undefined },
    rights: ({ principal, ...asked }) => principal !== serviceAccount || role.has(asked),
  });
});
afterEach(async () => {
  schedule.close();
  await Promise.all([logging.close(), management.close()]);
});

const as = async (who: string, method: string, url: string, body?: object) => {
  const response = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${identities.tokenOf(who)}`,
      'content-type': 'application/json',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { code: response.status, body: (await response.json()) as Record<string, unknown> };
};
const jobs = `/v1/projects/${project}/locations/${region}/jobs`;

it('people look and the tenant changes nothing; the deployment’s own accounts do neither', async () => {
  const job = `${management.url}${jobs}/pip-sweep`;
  const sink = `${logging.url}/v2/${sinkName}`;
  const codes = async (who: string) => [
    (await as(who, 'GET', job)).code,
    (await as(who, 'GET', sink)).code,
    (await as(who, 'POST', `${job}:pause`, {})).code,
    (await as(who, 'PATCH', `${sink}?updateMask=filter`, { filter: 'severity>=ERROR' })).code,
  ];
  expect(await codes(serviceAccount)).toEqual([403, 403, 403, 403]);
  expect(await codes(tenant)).toEqual([200, 200, 403, 403]);
  expect(schedule.job().state).toBe('ENABLED');
  expect(await codes(administrator)).toEqual([200, 200, 200, 200]);
  expect(schedule.job().state).toBe('PAUSED');
});

it('a schedule that is not to run by itself is none that is enabled', () => {
  const once = startSchedule(systemClock, 0, () => {});
  expect(once.job()).toMatchObject({ state: 'PAUSED', lastAttemptTime: expect.any(String) as string });
  once.resume();
  expect(once.job().state).toBe('PAUSED');
});

it('what is not there is 404, what cannot be read 400, and what is not offered 501 by name', async () => {
  const ask = async (method: string, path: string, body?: object) =>
    (await as(administrator, method, `${management.url}${path}`, body)).code;
  const query = new URLSearchParams({
    filter: 'metric.type="other"',
    'interval.startTime': '2026-11-25T12:00:00Z',
    'interval.endTime': '2026-11-25T13:00:00Z',
  });
  expect([
    await ask('GET', `${jobs}/other`),
    await ask('GET', `/v2/projects/${project}/locations/${region}/functions/pip-other`),
    await ask('POST', `/v1/projects/${project}:testIamPermissions`, { permissions: ['compute.*'] }),
    await ask('GET', `/v1/projects/${project}/services:batchGet`),
    await ask('GET', `/v3/projects/${project}/timeSeries?${query}`),
  ]).toEqual([404, 404, 400, 501, 501]);
  const sink = `${logging.url}/v2/${sinkName}?updateMask=filter`;
  expect((await as(administrator, 'PATCH', sink, { filter: 'resource.type=' })).code).toBe(400);
});

it('testIamPermissions answers for whoever asks, by the rights that every call is checked by', async () => {
  const permissions = ['compute.firewalls.create', 'compute.instances.delete'];
  const url = `${management.url}/v1/projects/${project}:testIamPermissions`;
  const granted = async (who: string) => (await as(who, 'POST', url, { permissions })).body;
  expect(await granted(administrator)).toEqual({ permissions });
  expect(await granted(serviceAccount)).toEqual({ permissions: permissions.slice(0, 1) });
});
