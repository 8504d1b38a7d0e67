import { readFileSync } from 'node:fs';
import nock from 'nock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ConfigInput, readConfig } from '../../../../../functions/config.ts';
import { staticCredentials } from '../../../../../functions/google-cloud/credentials.ts';
import { googleChecks } from '../../../../../infra/cli/persistent-ip/doctor/google/checks.ts';
import { googleApi } from '../../../../../infra/cli/persistent-ip/doctor/google-api.ts';
import {
  doctorPermissions,
  permissionOf,
} from '../../../../../infra/cli/persistent-ip/doctor/permission-of.ts';
import { runChecks } from '../../../../../infra/cli/persistent-ip/doctor/run-checks.ts';
import permissions from '../../../../../infra/rights/permissions.json' with { type: 'json' };
import {
  renderComputeFilter,
  renderSinkFilter,
  renderSystemEventFilter,
} from '../../../../../infra/sink/render.ts';
import { type Answers, configuration, settings, sinkOf, whole } from './google-world.ts';

/** What doctor asks of Google's APIs, and what it says of their answers; shapes as in their discovery documents. */

const now = new Date('2026-11-25T12:00:00Z');

interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly body: string;
  readonly headers: Headers;
}
let asked: Asked[];

beforeEach(() => {
  asked = [];
  nock.disableNetConnect();
});
afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

const serve = (answers: Answers): void => {
  const answer = async (request: Request): Promise<[number, object]> => {
    const url = new URL(request.url);
    asked.push({ method: request.method, url, body: await request.text(), headers: request.headers });
    const [api = ''] = url.hostname.split('.');
    const key = `${request.method} ${api} ${url.pathname}`;
    const found = answers[key] ?? answers[`${key}?${url.searchParams.get('filter')}`];
    if (found === undefined)
      return [404, { error: { code: 404, status: 'NOT_FOUND', message: `${key} was not found` } }];
    return Array.isArray(found) ? (found as [number, object]) : [200, found];
  };
  const anyHost = nock(/googleapis\.com/).persist();
  // nock hands its callback the request itself.
  anyHost.get(() => true).reply(answer as never);
  anyHost.post(() => true).reply(answer as never);
};

const ask = async (answers: Answers, more: { config?: Partial<ConfigInput>; settings?: object } = {}) => {
  serve(answers);
  const config = readConfig({ PERSISTENT_IP_CONFIG: JSON.stringify({ ...configuration, ...more.config }) });
  const ground = { config, settings: { ...settings, ...more.settings }, now: () => now };
  const google = googleApi(config, ground.settings, staticCredentials('token'));
  const results = await runChecks(googleChecks(ground, google, config.clusters), { limitMs: 5_000 });
  const of = (status: string) =>
    results
      .filter((result) => result.status === status)
      .map(({ subject, check, found }) => `${subject}: ${check}: ${found}`);
  return { results, of };
};

describe('of a whole installation', () => {
  it('every line is ok, by reads with the caller’s token, charged to the project', async () => {
    const { results } = await ask(whole());
    expect(results.filter(({ status }) => status !== 'ok')).toEqual([]);
    expect(results).toHaveLength(33);
    const posted = asked.filter(({ method }) => method === 'POST').map(({ url }) => url.pathname);
    expect(posted.filter((path) => !/:(getIamPolicy|testIamPermissions|list)$/.test(path))).toEqual([]);
    for (const { headers } of asked) {
      expect(headers.get('authorization')).toBe('Bearer token');
      expect(headers.get('x-goog-user-project')).toBe('p');
    }
  });

  it('each question needs one permission that the docs name, and they name no other', async () => {
    await ask(whole());
    // What the caller may do, everybody may ask.
    const questions = asked.filter(({ url }) => !url.pathname.endsWith(':testIamPermissions'));
    const needed = questions.map(({ url }) => permissionOf(url.hostname.split('.')[0] ?? '', url.pathname));
    // GKE is asked by a cluster's line, and only where its API server does not tell of Dataplane V2.
    const gke = permissionOf('container', '/v1/projects/p/locations/r/clusters/c');
    expect(new Set([...needed, gke])).toEqual(new Set(doctorPermissions));
    const page = readFileSync(new URL('../../../../../docs/command-line.md', import.meta.url), 'utf8');
    const [, list = ''] = /A role of your own needs ([^.]*(?:\.\w[^.]*)*)\. /.exec(page) ?? [];
    const named = [...list.matchAll(/`([\w.]+)`/g)].map(([, permission]) => permission);
    expect(named).toEqual(doctorPermissions.toSorted());
  });

  it('that the caller may not charge is read without', async () => {
    const denied = {
      error: {
        code: 403,
        status: 'PERMISSION_DENIED',
        message: 'Caller does not have required permission to use project p.',
        details: [{ reason: 'USER_PROJECT_DENIED' }],
      },
    };
    const { results } = await ask({
      ...whole(),
      'GET cloudscheduler /v1/projects/p/locations/r/jobs/pip-sw-sweep': [403, denied],
    });
    expect(results.find(({ check }) => check === 'schedule')?.status).toBe('unknown');
    const tries = asked.filter(({ url }) => url.hostname.startsWith('cloudscheduler'));
    expect(tries.map(({ headers }) => headers.get('x-goog-user-project'))).toEqual(['p', null]);
  });
});

describe('the line is red of', () => {
  const sink = 'GET logging /v2/projects/p/sinks/pip-sw-cluster-events';
  const requests = 'GET pubsub /v1/projects/p/subscriptions/pip-sw-requests';
  const job = 'GET cloudscheduler /v1/projects/p/locations/r/jobs/pip-sw-sweep';
  const reconcile = 'GET cloudfunctions /v2/projects/p/locations/r/functions/pip-sw-reconcile';
  const triggers = 'GET eventarc /v1/projects/p/locations/global/triggers';
  const metric = (name: string, id: string) =>
    `GET monitoring /v3/projects/p/timeSeries?metric.type="pubsub.googleapis.com/subscription/${name}" AND resource.labels.subscription_id="${id}"`;
  const series = (value: string, labels = {}) => ({
    timeSeries: [{ metric: { labels }, points: [{ value: { int64Value: value } }] }],
  });
  const none = { bindings: [] };
  const region = 'GET compute /compute/v1/projects/p/regions/r';

  it.each<[string, Answers, RegExp]>([
    ['a sink that is disabled', { [sink]: { disabled: true } }, /log sink cluster-events: .* is disabled/],
    [
      'a sink that writes elsewhere',
      { [sink]: { destination: 'pubsub.googleapis.com/projects/p/topics/other' } },
      /log sink cluster-events: .* writes to pubsub/,
    ],
    [
      'a sink whose filter is edited',
      { [sink]: { filter: 'severity>=ERROR' } },
      /log sink cluster-events: the filter/,
    ],
    [
      'a writer that may not publish',
      { 'GET pubsub /v1/projects/p/topics/pip-sw-cluster-events:getIamPolicy': none },
      /writer of log sink cluster-events: .*serviceAccount:writer@/,
    ],
    [
      'a queue without order',
      { [requests]: { enableMessageOrdering: false } },
      /queue requests: subscription: .*no order/,
    ],
    [
      'a queue that pushes elsewhere',
      { [requests]: { pushConfig: { pushEndpoint: 'https://evil.example' } } },
      /queue requests: subscription: .* pushes to https:\/\/evil\.example/,
    ],
    [
      'a queue whose token is for another',
      {
        [requests]: {
          pushConfig: {
            pushEndpoint: 'https://pip-sw-reconcile-123.r.run.app',
            oidcToken: { serviceAccountEmail: 'push@p', audience: 'https://other.example' },
          },
        },
      },
      /queue requests: subscription: .* token for https:\/\/other/,
    ],
    [
      'a queue that pushes as somebody else',
      {
        [requests]: {
          pushConfig: {
            pushEndpoint: 'https://pip-sw-reconcile-123.r.run.app',
            oidcToken: { serviceAccountEmail: 'other@p', audience: 'https://pip-sw-reconcile-123.r.run.app' },
          },
        },
      },
      /queue requests: subscription: .* pushes as other@p/,
    ],
    [
      'a topic that was deleted',
      { [requests]: { topic: '_deleted-topic_' } },
      /queue requests: subscription: .*deleted/,
    ],
    [
      'dead letters that wait',
      { [metric('num_undelivered_messages', 'pip-sw-requests-dead-letters')]: series('2') },
      /queue requests: dead letters: 2 dead letters wait/,
    ],
    [
      'dead letters that Pub/Sub may not put away',
      { 'GET pubsub /v1/projects/p/topics/pip-sw-requests-dead-letters:getIamPolicy': none },
      /queue requests: way of dead letters: .*service-123@gcp-sa-pubsub.* may not publish/,
    ],
    [
      'dead letters that Pub/Sub may not take off',
      { 'GET pubsub /v1/projects/p/subscriptions/pip-sw-requests:getIamPolicy': none },
      /queue requests: way of dead letters: .* may not take messages off/,
    ],
    [
      'pushes that all fail',
      {
        [metric('push_request_count', 'pip-sw-requests')]: series('7', {
          response_class: 'remote_server_5xx',
        }),
      },
      /queue requests: pushes: no push .* 7 remote_server_5xx/,
    ],
    [
      'an audit log that is not pushed',
      {
        'POST logging /v2/entries:list': { entries: [{ timestamp: '2026-11-25T11:30:00Z' }] },
        [metric('push_request_count', 'pip-sw-cluster-events')]: {},
      },
      /cluster c: audit log: entries are written/,
    ],
    ['a schedule that is paused', { [job]: { state: 'PAUSED' } }, /schedule: .* is PAUSED/],
    [
      'a schedule whose last run failed',
      { [job]: { status: { code: 7, message: 'no right' } } },
      /schedule: the last run .* code 7 .*: no right/,
    ],
    [
      'a schedule that has not run',
      { [job]: { lastAttemptTime: '2026-11-25T11:00:00Z' } },
      /schedule: .* ran last at 2026-11-25T11:00:00Z/,
    ],
    [
      'a function that is not active',
      { [reconcile]: { state: 'FAILED', stateMessages: [{ severity: 'ERROR', message: 'no image' }] } },
      /functions: pip-sw-reconcile is FAILED: no image/,
    ],
    [
      'a function that runs as somebody else',
      { [reconcile]: { serviceConfig: { serviceAccountEmail: 'default@p' } } },
      /functions: pip-sw-reconcile runs as default@p/,
    ],
    [
      'a function of another version',
      { [reconcile]: { buildConfig: { source: { storageSource: { object: 'pip-sw-old.zip' } } } } },
      /version: reconcile is of pip-sw-old\.zip/,
    ],
    [
      'a function that was told something else',
      {
        [reconcile]: {
          serviceConfig: { environmentVariables: { PERSISTENT_IP_CONFIG: '{"deployment":"old"}' } },
        },
      },
      /configuration: reconcile was told another configuration/,
    ],
    ['triggers that are gone', { [triggers]: { triggers: [] } }, /Eventarc triggers: no Eventarc trigger/],
    [
      'requests that the functions may not publish',
      { 'GET pubsub /v1/projects/p/topics/pip-sw-requests:getIamPolicy': none },
      /publisher of requests: the functions .* may not publish/,
    ],
    [
      'an API that is off',
      {
        'GET serviceusage /v1/projects/p/services:batchGet': {
          services: [{ name: 'projects/1/services/pubsub.googleapis.com', state: 'DISABLED' }],
        },
      },
      /APIs: .* not enabled/,
    ],
    [
      'a role that lacks a permission',
      { 'GET iam /v1/projects/p/roles/pip_sw': { includedPermissions: ['compute.addresses.list'] } },
      /rights of the functions: the policy of p gives run@p no role with/,
    ],
    [
      'an inventory that may not read the audit log',
      {
        'GET iam /v1/projects/p/roles/pip_sw_look': {
          includedPermissions: [...permissions.project, ...permissions.cluster],
        },
      },
      /rights of the inventory: the policy of p gives inventory@p no role with logging\.logEntries\.list/,
    ],
    [
      'a function that nobody may call',
      { 'GET run /v2/projects/p/locations/r/services/pip-sw-reconcile:getIamPolicy': none },
      /rights of pushes: who pushes \(serviceAccount:push@p\) may not call pip-sw-reconcile/,
    ],
    [
      'pushes that Pub/Sub may not sign',
      { 'POST iam /v1/projects/p/serviceAccounts/push@p:getIamPolicy': none },
      /rights of pushes: Pub\/Sub’s own account .* may not sign pushes as push@p/,
    ],
    [
      'a quota that is used up',
      { [region]: { quotas: [{ metric: 'IN_USE_ADDRESSES', limit: 8, usage: 8 }] } },
      /cluster c: quotas: used up: IN_USE_ADDRESSES 8 of 8/,
    ],
  ])('%s', async (_, spoilt, line) => {
    const world = whole();
    for (const [key, change] of Object.entries(spoilt)) {
      const before = world[key];
      const replaces = Array.isArray(before) || !key.match(/sinks|subscriptions\/[^:]*$|jobs|functions/);
      world[key] = replaces ? change : { ...before, ...change };
    }
    expect((await ask(world)).of('failed')).toEqual([expect.stringMatching(line)]);
  });

  it.each([
    ['sink', sink, /log sink cluster-events: there is no sink/],
    ['subscription', requests, /queue requests: subscription: there is no subscription/],
    ['job', job, /schedule: there is no job/],
    [
      'subscription of dead letters',
      `${requests}-dead-letters`,
      /queue requests: dead letters: there is no subscription/,
    ],
    ['function', reconcile, /functions: there is no function reconcile/],
  ])('a %s that is not there', async (_, key, line) => {
    const { [key]: gone, ...rest } = whole();
    expect(gone).toBeDefined();
    expect((await ask(rest)).of('failed')).toEqual([expect.stringMatching(line)]);
  });
});

describe('a right that is held by other roles than Terraform’s', () => {
  const topic = 'GET pubsub /v1/projects/p/topics/pip-sw-requests:getIamPolicy';
  const roles: Answers = {
    'GET iam /v1/roles/pubsub.publisher': { includedPermissions: ['pubsub.topics.publish'] },
    'GET iam /v1/roles/editor': { includedPermissions: ['pubsub.topics.get', 'pubsub.topics.publish'] },
    'GET iam /v1/roles/viewer': { includedPermissions: ['pubsub.topics.get'] },
  };
  const bound = (role: string) => ({ bindings: [{ role, members: ['serviceAccount:run@p'] }] });

  it.each([
    ['is held if they have its permissions', 'roles/editor', []],
    [
      'is not held if they have others',
      'roles/viewer',
      [expect.stringMatching(/publisher of requests: the functions .* may not publish/)],
    ],
  ])('%s: %s', async (_, role, red) => {
    expect((await ask({ ...whole(), ...roles, [topic]: bound(role) })).of('failed')).toEqual(red);
  });
});

describe('a line could not look', () => {
  it('where the caller may not, and names the roles', async () => {
    const denied = [403, { error: { code: 403, status: 'PERMISSION_DENIED', message: 'no' } }];
    const { results, of } = await ask(
      Object.fromEntries(Object.keys(whole()).map((key) => [key, denied as never])),
    );
    expect(of('ok')).toEqual([]);
    expect(of('failed')).toEqual([]);
    expect(
      results.every(({ remedy = '' }) => remedy.includes('roles/viewer') || remedy.includes('see ')),
    ).toBe(true);
    expect(results.find(({ check }) => check === 'schedule')?.remedy).toMatch(
      /^ask for cloudscheduler\.jobs\.get in the project/,
    );
  });

  it('where an answer is not as its reference says', async () => {
    const world = {
      ...whole(),
      'GET logging /v2/projects/p/sinks/pip-sw-cluster-events': { name: 7 } as never,
    };
    const { of } = await ask(world);
    expect(of('failed')).toEqual([]);
    expect(of('unknown')).toContainEqual(
      expect.stringMatching(/log sink cluster-events: logging answers something else/),
    );
  });

  it('where the settings say nothing, and nothing of that is ok', async () => {
    const empty = Object.fromEntries(Object.keys(settings).map((name) => [name, undefined]));
    const { of } = await ask(whole(), { settings: empty });
    expect(of('unknown')).toEqual([
      expect.stringContaining('sink of project p'),
      expect.stringContaining('subscriptions'),
      expect.stringContaining('configuration'),
      expect.stringContaining('schedule'),
      expect.stringContaining('account of the inventory'),
    ]);
  });
});

it('a quota that is nearly used up is a warning, and one that was never given is none', async () => {
  const quotas = [
    { metric: 'IN_USE_ADDRESSES', limit: 8, usage: 6 },
    { metric: 'STATIC_BYOIP_ADDRESSES', limit: 0, usage: 0 },
  ];
  const { of } = await ask({ ...whole(), 'GET compute /compute/v1/projects/p/regions/r': { quotas } });
  expect(of('warning')).toEqual([expect.stringContaining('nearly used up: IN_USE_ADDRESSES 6 of 8')]);
});

it('a cluster of another project, with the network of a third, is asked for in those', async () => {
  const [cluster] = configuration.clusters;
  const clusters = [{ ...(cluster as ConfigInput['clusters'][number]), project: 'q', networkProject: 'h' }];
  const serviceAccount = 'run@p';
  const sinks = Object.fromEntries(
    ['q/cluster-events', 'q/system-events', 'q/compute-events', 'h/compute-events'].map((key) => {
      const [project, kind] = key.split('/');
      return [key, `projects/${project}/sinks/pip-sw-${kind}`];
    }),
  );
  const compute = renderComputeFilter(serviceAccount);
  const members = ['serviceAccount:run@p', 'serviceAccount:inventory@p'];
  const policy = { bindings: [{ role: 'projects/q/roles/pip_sw', members }] };
  const world: Answers = {
    ...whole(),
    ...sinkOf('cluster-events', 'cluster-events', renderSinkFilter({ clusters, serviceAccount }), 'q'),
    ...sinkOf('system-events', 'compute-events', renderSystemEventFilter(), 'q'),
    ...sinkOf('compute-events', 'compute-events', compute, 'q'),
    ...sinkOf('compute-events', 'compute-events', `${compute} severity>=ERROR`, 'h'),
    'POST cloudresourcemanager /v1/projects/q:getIamPolicy': policy,
    'GET iam /v1/projects/q/roles/pip_sw': {
      includedPermissions: [...permissions.project, ...permissions.cluster],
    },
    'POST cloudresourcemanager /v1/projects/h:getIamPolicy': { bindings: [] },
    'POST cloudresourcemanager /v1/projects/q:testIamPermissions': { permissions: [] },
    'GET compute /compute/v1/projects/q/regions/r': {
      quotas: [{ metric: 'IN_USE_ADDRESSES', limit: 69, usage: 4 }],
    },
    'GET compute /compute/v1/projects/q': { quotas: [{ metric: 'FIREWALLS', limit: 5, usage: 5 }] },
    'GET compute /compute/v1/projects/h': { quotas: [{ metric: 'FIREWALLS', limit: 5, usage: 4 }] },
  };
  const { of, results } = await ask(world, {
    config: { clusters },
    settings: { sinks, configuration: undefined },
  });
  expect(of('failed')).toEqual([
    expect.stringMatching(/^project h: log sink compute-events: the filter of projects\/h/),
    expect.stringMatching(/^project h: rights of the functions: the policy of h gives run@p no role/),
    expect.stringMatching(/^project h: rights of the inventory: the policy of h gives inventory@p no role/),
  ]);
  expect(of('warning')).toEqual([
    expect.stringContaining('FIREWALLS 4 of 5'),
    expect.stringMatching(/^project q: your rights: you lack/),
  ]);
  expect(of('unknown')).toEqual([expect.stringContaining('the settings hold no configuration')]);
  // Eventarc calls functions of its own project only.
  expect(results.filter(({ check }) => check === 'Eventarc triggers')).toEqual([]);
});
