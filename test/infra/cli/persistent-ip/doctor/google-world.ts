import type { ConfigInput } from '../../../../../functions/config.ts';
import { functionOfQueue } from '../../../../../infra/cli/persistent-ip/doctor/google/names.ts';
import type { Settings } from '../../../../../infra/cli/persistent-ip/settings.ts';
import permissions from '../../../../../infra/rights/permissions.json' with { type: 'json' };
import { computeMethods } from '../../../../../infra/sink/compute-methods.ts';
import { renderSinkFilter, renderSystemEventFilter } from '../../../../../infra/sink/render.ts';
import apis from '../../../../../infra/terraform/apis.json' with { type: 'json' };

/** A deployment of Terraform's as Google's APIs show it: answers by `METHOD api path`, with the filter of a metric. */
export type Answers = Record<string, object | [number, object]>;

const queues = Object.entries(functionOfQueue);
const urlOf = (name: string): string => `https://pip-sw-${name}-123.r.run.app`;
const names = [...queues.map(([, name]) => name), 'inventory'];

export const configuration: ConfigInput = {
  deployment: 'pip-sw',
  project: 'p',
  serviceAccount: 'run@p',
  requestsTopic: 'projects/p/topics/pip-sw-requests',
  requestsRegion: 'r',
  push: { audiences: Object.fromEntries(names.map((name) => [name, [urlOf(name)]])), emails: ['push@p'] },
  clusters: [
    {
      project: 'p',
      location: 'r',
      name: 'c',
      region: 'r',
      zones: ['r-a'],
      network: 'n',
      subnetwork: 's',
      endpoint: 'https://c.example',
    },
  ],
};

const byQueue = (of: (queue: string) => string) =>
  Object.fromEntries(queues.map(([queue]) => [queue, of(queue)]));

export const settings: Settings = {
  topics: byQueue((queue) => `projects/p/topics/pip-sw-${queue}`),
  subscriptions: byQueue((queue) => `projects/p/subscriptions/pip-sw-${queue}`),
  dead_letter_subscriptions: byQueue((queue) => `projects/p/subscriptions/pip-sw-${queue}-dead-letters`),
  sinks: {
    'p/cluster-events': 'projects/p/sinks/pip-sw-cluster-events',
    'p/system-events': 'projects/p/sinks/pip-sw-system-events',
  },
  schedule: 'projects/p/locations/r/jobs/pip-sw-sweep',
  source_digest: 'abc123',
  inventory_service_account: 'inventory@p',
  configuration: JSON.stringify(configuration),
};

const agent = 'serviceAccount:service-123@gcp-sa-pubsub.iam.gserviceaccount.com';
const writer = 'serviceAccount:writer@logging';
const bound = (role: string, ...members: readonly string[]) => ({ bindings: [{ role, members }] });

export const sinkOf = (kind: string, topic: string, filter: string, project = 'p'): Answers => ({
  [`GET logging /v2/projects/${project}/sinks/pip-sw-${kind}`]: {
    name: `pip-sw-${kind}`,
    destination: `pubsub.googleapis.com/projects/p/topics/pip-sw-${topic}`,
    filter,
    writerIdentity: writer,
  },
});

const metricOf = (metric: string, id: string): string =>
  `GET monitoring /v3/projects/p/timeSeries?metric.type="pubsub.googleapis.com/subscription/${metric}" AND resource.labels.subscription_id="${id}"`;

const queueOf = (queue: string, target: string): Answers => ({
  [`GET pubsub /v1/projects/p/subscriptions/pip-sw-${queue}`]: {
    name: `projects/p/subscriptions/pip-sw-${queue}`,
    topic: `projects/p/topics/pip-sw-${queue}`,
    state: 'ACTIVE',
    ackDeadlineSeconds: 70,
    ...(queue === 'requests' ? { enableMessageOrdering: true } : {}),
    pushConfig: {
      pushEndpoint: urlOf(target),
      oidcToken: { serviceAccountEmail: 'push@p', audience: urlOf(target) },
    },
    deadLetterPolicy: {
      deadLetterTopic: `projects/p/topics/pip-sw-${queue}-dead-letters`,
      maxDeliveryAttempts: 10,
    },
  },
  [`GET pubsub /v1/projects/p/subscriptions/pip-sw-${queue}:getIamPolicy`]: bound(
    'roles/pubsub.subscriber',
    agent,
  ),
  [`GET pubsub /v1/projects/p/topics/pip-sw-${queue}-dead-letters:getIamPolicy`]: bound(
    'roles/pubsub.publisher',
    agent,
  ),
  [`GET pubsub /v1/projects/p/topics/pip-sw-${queue}:getIamPolicy`]: bound(
    'roles/pubsub.publisher',
    writer,
    'serviceAccount:run@p',
  ),
  [`GET pubsub /v1/projects/p/subscriptions/pip-sw-${queue}-dead-letters`]: {
    name: `projects/p/subscriptions/pip-sw-${queue}-dead-letters`,
    topic: `projects/p/topics/pip-sw-${queue}-dead-letters`,
  },
  [metricOf('num_undelivered_messages', `pip-sw-${queue}-dead-letters`)]: {
    timeSeries: [{ metric: {}, points: [{ value: { int64Value: '0' } }, { value: { int64Value: '4' } }] }],
  },
  [metricOf('push_request_count', `pip-sw-${queue}`)]: {
    timeSeries: [
      { metric: { labels: { response_class: 'ack' } }, points: [{ value: { int64Value: '12' } }] },
    ],
  },
});

const functionOf = (name: string): Answers => ({
  [`GET run /v2/projects/p/locations/r/services/pip-sw-${name}:getIamPolicy`]: bound(
    'roles/run.invoker',
    name === 'inventory' ? 'group:readers@example.com' : 'serviceAccount:push@p',
  ),
  [`GET cloudfunctions /v2/projects/p/locations/r/functions/pip-sw-${name}`]: {
    name: `projects/p/locations/r/functions/pip-sw-${name}`,
    environment: 'GEN_2',
    state: 'ACTIVE',
    buildConfig: { source: { storageSource: { bucket: 'b', object: 'pip-sw-abc123.zip' } } },
    serviceConfig: {
      uri: urlOf(name),
      serviceAccountEmail: name === 'inventory' ? 'inventory@p' : 'run@p',
      // Eventarc's audience is another one.
      environmentVariables: {
        PERSISTENT_IP_CONFIG: JSON.stringify({ ...configuration, push: { emails: [name] } }),
      },
    },
  },
});

/** Everything as it should be. */
export const whole = (): Answers => ({
  ...sinkOf(
    'cluster-events',
    'cluster-events',
    renderSinkFilter({ clusters: configuration.clusters, serviceAccount: 'run@p' }),
  ),
  ...sinkOf('system-events', 'compute-events', renderSystemEventFilter()),
  ...Object.assign({}, ...queues.map(([queue, target]) => queueOf(queue, target))),
  ...Object.assign({}, ...names.map(functionOf)),
  'POST logging /v2/entries:list': { entries: [{ timestamp: '2026-11-25T11:59:00Z' }] },
  'GET eventarc /v1/projects/p/locations/global/triggers': {
    triggers: computeMethods.map((method, index) => ({
      name: `projects/p/locations/global/triggers/t${index}`,
      eventFilters: [
        { attribute: 'type', value: 'google.cloud.audit.log.v1.written' },
        { attribute: 'methodName', value: method },
      ],
      destination: { cloudRun: { service: 'pip-sw-on-compute-event', region: 'r' } },
    })),
  },
  'GET cloudscheduler /v1/projects/p/locations/r/jobs/pip-sw-sweep': {
    name: 'projects/p/locations/r/jobs/pip-sw-sweep',
    state: 'ENABLED',
    schedule: '* * * * *',
    lastAttemptTime: '2026-11-25T11:59:00Z',
    status: {},
  },
  'GET serviceusage /v1/projects/p/services:batchGet': {
    services: apis.map((api) => ({ name: `projects/123/services/${api}`, state: 'ENABLED' })),
  },
  'POST cloudresourcemanager /v1/projects/p:getIamPolicy': {
    bindings: [
      { role: 'projects/p/roles/pip_sw', members: ['serviceAccount:run@p'] },
      { role: 'projects/p/roles/pip_sw_look', members: ['serviceAccount:inventory@p'] },
      { role: 'roles/eventarc.eventReceiver', members: ['serviceAccount:push@p'] },
    ],
  },
  'GET iam /v1/projects/p/roles/pip_sw': {
    includedPermissions: [...permissions.project, ...permissions.cluster, ...permissions.auditLog],
  },
  'GET iam /v1/projects/p/roles/pip_sw_look': {
    includedPermissions: [
      ...permissions.project.filter((one) => /\.(get|list)$/.test(one)),
      ...permissions.cluster,
      ...permissions.history,
    ],
  },
  'POST iam /v1/projects/p/serviceAccounts/push@p:getIamPolicy': bound(
    'roles/iam.serviceAccountOpenIdTokenCreator',
    agent,
  ),
  'POST cloudresourcemanager /v1/projects/p:testIamPermissions': {
    permissions: [...permissions.project, ...permissions.cluster, ...permissions.history],
  },
  'GET compute /compute/v1/projects/p/regions/r': {
    quotas: [
      { metric: 'IN_USE_ADDRESSES', limit: 69, usage: 4 },
      { metric: 'FORWARDING_RULES', limit: 45, usage: 4 },
    ],
  },
  'GET compute /compute/v1/projects/p': { quotas: [{ metric: 'FIREWALLS', limit: 500, usage: 12 }] },
});
