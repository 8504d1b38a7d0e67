import { describe, expect, it } from 'vitest';
import permissions from '../../../../../infra/rights/permissions.json' with { type: 'json' };
import { aNetworkOfAnswers, ask } from './asking-google.ts';
import { type Answers, whole } from './google-world.ts';

/** What each spoilt answer of Google's APIs turns red, and nothing else. */

aNetworkOfAnswers();

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
