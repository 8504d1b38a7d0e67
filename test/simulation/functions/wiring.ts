import {
  objectKey,
  orderingKey,
  type ReconcileRequest,
  serialiseReconcileRequest,
} from '../../../events/reconcile-request.ts';
import { createCompute } from '../../../functions/google-cloud/compute.ts';
import { createComputeLists } from '../../../functions/google-cloud/compute-lists.ts';
import { type Pace, persist } from '../../../functions/google-cloud/persist.ts';
import type { AuditEntry } from '../../../functions/persistent-ip/audit.ts';
import type { AuditPort, EventPort, RequestPort } from '../../../functions/persistent-ip/ports.ts';
import type { ClusterDependencies, Runtime } from '../../../functions/reconciler/dependencies.ts';
import type { Wiring } from '../../../functions/wiring.ts';
import { clusterKey, facts } from '../../functions/fixtures.ts';
import type { SimCompute } from '../cloud/compute.ts';
import { simClients } from '../cloud/compute-clients.ts';
import type { SimCluster } from '../cloud/kubernetes.ts';
import { functionsUser, kubernetesApi, simKubernetes } from '../cloud/kubernetes-port.ts';
import type { Message, Subscription } from '../cloud/messages.ts';
import { loggingApi, pubsubApi } from '../cloud/plain-apis.ts';
import type { Caller } from '../engine/call.ts';
import { Calls } from '../engine/calls.ts';
import type { Engine } from '../engine/engine.ts';
import type { Delivery } from './delivery.ts';
import type { Listener, Sabotage } from './ports.ts';
import { recorded } from './recorded.ts';

/** What the functions' calls reach. */
export interface Surroundings extends Pick<Listener, 'onStatus' | 'onStep'> {
  readonly engine: Engine;
  readonly cluster: SimCluster;
  readonly compute: SimCompute;
  /** Where reconcile requests are published. */
  readonly requests: () => Subscription;
  /** The audit log. */
  readonly audited: AuditEntry[];
  readonly sabotage: Sabotage;
}

/** The process of one instance: what it remembers between deliveries, until it crashes. */
export interface Instance {
  /** How far its clock is ahead, milliseconds. */
  readonly skewMs: number;
  readonly settledLooks: Map<string, number>;
  readonly reported: Wiring['reported'];
  readonly cached: { uid?: string };
  alive: boolean;
}

/** The functions' own wiring, as `functions/connect.ts` makes it, onto what is simulated: for one delivery. */
export const wiringOf = (
  around: Surroundings,
  instance: Instance,
  delivery: Delivery,
  caller: Caller,
): Wiring => {
  const runtime = runtimeOf(around.engine, instance, delivery);
  const deps = dependenciesOf(around, instance, delivery, new Calls(around.engine, caller), runtime);
  const nobody = () => Promise.reject(new Error('pushes are not authenticated here'));
  return {
    runtime,
    judgement: { clusters: [clusterKey], projects: [clusterKey.project], ownPrincipal: functionsUser },
    cluster: ({ project, location, name }) =>
      project === clusterKey.project && location === clusterKey.location && name === clusterKey.name
        ? deps
        : undefined,
    clusters: () => [deps],
    readers: () => [deps],
    clustersOfProject: (project) => (project === clusterKey.project ? [deps] : []),
    identityOf: () => nobody,
    readerIdentity: () => nobody,
    history: { page: () => Promise.reject(new Error('no function of an event reads it')) },
    movesSeen: new Map(),
    overviewSeen: new Map(),
    routesSeen: new Map(),
    settledLooks: instance.settledLooks,
    reported: instance.reported,
  };
};

const runtimeOf = ({ time, fates }: Engine, instance: Instance, { label }: Delivery): Runtime => {
  let drawn = 0;
  return {
    now: () => new Date(time.ms + instance.skewMs),
    sleep: (ms) =>
      new Promise((resolve) => {
        time.after(ms, () => {
          if (instance.alive) resolve();
        });
      }),
    random: () => {
      drawn += 1;
      return fates.draw(`${label} random ${drawn}`);
    },
    log: () => {},
  };
};

const dependenciesOf = (
  around: Surroundings,
  instance: Instance,
  delivery: Delivery,
  calls: Calls,
  runtime: Runtime,
): ClusterDependencies => {
  const { engine, cluster, compute, audited, requests, sabotage } = around;
  const pace = { sleep: runtime.sleep, random: runtime.random };
  const computeOptions = {
    project: facts.networkProject,
    region: facts.region,
    tokens: { token: () => Promise.reject(new Error('nobody asks for a token')) },
    now: runtime.now,
    clients: simClients(engine, compute, calls, functionsUser),
    ...pace,
  };
  const ports = sabotage({
    kubernetes: simKubernetes(cluster, calls, instance.cached, (before) => {
      const asSent = delivery.sends(before);
      return (status) => around.onStatus(asSent(status));
    }),
    compute: createCompute(computeOptions),
    lists: createComputeLists(computeOptions),
    audit: simAudit(pace, calls, audited),
  });
  return {
    deployment: 'test',
    controllerName: 'persistent-ip.dev/serverless',
    cluster: facts,
    ...recorded(ports, delivery, around),
    events: simEvents(calls),
    requests: simRequests(pace, calls, requests()),
    runtime,
  };
};

const simAudit = (pace: Pace, calls: Calls, audited: AuditEntry[]): AuditPort => ({
  write: (entries) =>
    persist(pace, () =>
      calls.make(loggingApi, { what: 'audit write', kind: 'write' }, () => {
        audited.push(...entries);
      }),
    ),
});

/** Nobody reads them here: they fail as any other call does, and nothing may come of it. */
const simEvents = (calls: Calls): EventPort => ({
  announce: ({ reason }) =>
    calls.make({ ...kubernetesApi, timeout: 2_000 }, { what: `event ${reason}`, kind: 'write' }, () => {}),
});

/** One request for each object, as the adapter publishes them. */
const simRequests = (pace: Pace, calls: Calls, topic: Subscription): RequestPort => ({
  publish: async (requests) => {
    const byObject = new Map(requests.map((request) => [objectKey(request), request]));
    if (byObject.size === 0) return;
    await persist(pace, () =>
      calls.make(pubsubApi, { what: `publish ${byObject.size}`, kind: 'write' }, () => {
        for (const request of byObject.values()) topic.publish(messageOf(request));
      }),
    );
  },
});

const messageOf = (request: ReconcileRequest): Message => ({
  label: `${request.kind} ${request.namespace}/${request.name}`,
  data: serialiseReconcileRequest(request),
  attributes: {},
  orderingKey: orderingKey(request),
});
