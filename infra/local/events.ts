import { computeMethods } from '../sink/compute-methods.ts';
import { renderSinkFilter } from '../sink/render.ts';
import { computeEntry } from './audit/compute-entry.ts';
import { startEventarc } from './audit/eventarc.ts';
import { isAdminActivity, kubernetesEntry } from './audit/kubernetes-entry.ts';
import type { Clock } from './clock.ts';
import type { CloudCluster } from './cluster.ts';
import type { LocalCompute } from './compute/index.ts';
import type { LocalLogging } from './logging/index.ts';
import type { Messaging } from './messaging.ts';
import type { SignToken } from './oidc/index.ts';
import { cluster, clusterSink, pushIdentity, serviceAccount, topics } from './site.ts';

export interface EventsOptions {
  readonly clock: Clock;
  readonly sign: SignToken;
  readonly kubernetes: CloudCluster;
  readonly compute: LocalCompute;
  readonly logging: LocalLogging;
  readonly pubsub: Messaging;
  /** The URL of `on-compute-event`. */
  readonly target: string;
}

/** Eventarc's triggers, by the methods that they listen for. */
export interface Triggers {
  methods(): readonly string[];
  remove(method: string): void;
}

/** What leads from a write in the cluster or at Compute Engine to a function. */
export interface Events {
  readonly triggers: Triggers;
  /** While true, no audit entry of the cluster or of Compute reaches a function: they are lost on the way. */
  lose(lose: boolean): void;
  close(): void;
}

/** A message of Pub/Sub as it is published. */
export const message = (data: string, attributes: Readonly<Record<string, string>> = {}) => ({
  data: Buffer.from(data).toString('base64'),
  attributes,
});

/** Logs every write, leads the cluster's through the sink to Pub/Sub, and Compute's through Eventarc. */
export const startEvents = (options: EventsOptions): Events => {
  const { clock, sign, kubernetes, compute, logging, pubsub, target } = options;
  let losing = false;
  const methods = new Set(computeMethods);
  const eventarc = startEventarc({
    clock,
    hears: (method) => methods.has(method),
    target,
    sign,
    email: pushIdentity,
  });
  compute.onAudit((event) => {
    logging.write(computeEntry(event));
    if (!losing) eventarc.handle(event);
  });
  logging.addSink({
    name: clusterSink,
    destination: `pubsub.googleapis.com/${topics.clusterEvents}`,
    filter: renderSinkFilter({ clusters: [cluster], serviceAccount }),
    route: (entry) => {
      if (!losing) pubsub.publish(topics.clusterEvents, [message(JSON.stringify(entry))]);
    },
  });
  kubernetes.onAudit((event) => {
    if (isAdminActivity(event)) logging.write(kubernetesEntry(event, cluster));
  });
  return {
    triggers: { methods: () => [...methods], remove: (method) => void methods.delete(method) },
    lose: (lose) => {
      losing = lose;
    },
    close: () => eventarc.close(),
  };
};
