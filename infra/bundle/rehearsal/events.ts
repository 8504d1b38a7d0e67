import type { Rehearsed } from '../loader/load.ts';
import * as given from './objects.ts';

/** The audience, the identity that pushes, and the issuer of a rehearsal's tokens. */
const audience = 'https://rehearsal.example.com';
const pushIdentity = 'push@rehearsal.iam.gserviceaccount.com';

/** Environment variables of a function whose clouds are all at `host`. @param issuer of the tokens in `headers` */
export const environment = (host: string): Readonly<Record<string, string>> => {
  const url = `http://${host}`;
  const topic = `projects/${given.project}/topics/reconcile-requests`;
  const cluster = {
    ...given.cluster,
    region: given.region,
    zones: [given.zone],
    network: 'default',
    subnetwork: 'default',
    endpoint: url,
  };
  const audiences = Object.fromEntries(rehearsed.map(({ name }) => [name, [audience]]));
  const config = {
    deployment: 'rehearsal',
    project: given.project,
    controllerName: given.controllerName,
    serviceAccount: given.serviceAccount,
    requestsTopic: topic,
    requestsRegion: given.region,
    push: { audiences, emails: [pushIdentity], platformAuthenticates: true },
    clusters: [cluster],
    endpoints: { compute: url, pubsub: url, logging: url },
  };
  return { PERSISTENT_IP_CONFIG: JSON.stringify(config), GCE_METADATA_HOST: host, K_SERVICE: 'rehearsal' };
};

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token as Cloud Run hands it on, its signature checked and taken off. */
export const authorization = (now: Date): string => {
  const claims = {
    iss: 'https://accounts.google.com',
    aud: audience,
    email: pushIdentity,
    email_verified: true,
    exp: Math.floor(now.getTime() / 1000) + 3600,
  };
  return `Bearer ${base64url({ alg: 'RS256', typ: 'JWT' })}.${base64url(claims)}.SIGNATURE_REMOVED_BY_GOOGLE`;
};

const pushOf = (data: object, now: Date): object => ({
  subscription: `projects/${given.project}/subscriptions/rehearsal`,
  message: {
    data: Buffer.from(JSON.stringify(data)).toString('base64'),
    messageId: '1',
    publishTime: now.toISOString(),
  },
});

/** An entry that no address depends on: the kubelet's message has changed. */
const podBeats = (now: Date): object => ({
  insertId: 'rehearsal',
  logName: `projects/${given.project}/logs/cloudaudit.googleapis.com%2Factivity`,
  protoPayload: {
    '@type': 'type.googleapis.com/google.cloud.audit.AuditLog',
    authenticationInfo: { principalEmail: 'system:node:node-1' },
    methodName: 'io.k8s.core.v1.pods.status.patch',
    resourceName: 'core/v1/namespaces/edge/pods/nat-1/status',
    serviceName: 'k8s.io',
    request: {
      metadata: { uid: given.pods[1]?.metadata.uid },
      status: { conditions: [{ type: 'Ready', message: 'beat' }] },
    },
  },
  resource: {
    type: 'k8s_cluster',
    labels: {
      project_id: given.cluster.project,
      location: given.cluster.location,
      cluster_name: given.cluster.name,
    },
  },
  timestamp: now.toISOString(),
});

const moveDue = (now: Date): object => ({
  cluster: given.cluster,
  kind: 'route',
  namespace: 'edge',
  name: 'nat',
  uid: given.routeUid,
  cause: { insertId: 'rehearsal', method: 'rehearsal', principal: 'rehearsal', at: now.toISOString() },
});

/**
 * What is rehearsed, by the functions' deployed names: the move that an address waits for, and the entry that most instances of
 * `on-cluster-event` drop. All of a cache is read at each start: with what an entry that is published needs, a dropped one would
 * cost 8 % more.
 */
export const rehearsed: readonly {
  readonly name: string;
  readonly entryPoint: Rehearsed;
  readonly body: (now: Date) => object;
}[] = [
  { name: 'on-cluster-event', entryPoint: 'onClusterEvent', body: (now) => pushOf(podBeats(now), now) },
  { name: 'reconcile', entryPoint: 'reconcile', body: (now) => pushOf(moveDue(now), now) },
];
