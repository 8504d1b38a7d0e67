import type { Runtime } from '../../functions/reconciler/dependencies.ts';
import { systemRuntime } from '../../functions/system-runtime.ts';
import { type Clock, systemClock } from './clock.ts';
import type { CloudCluster, StartCluster } from './cluster.ts';
import { isViewers, type LocalCompute, type Rights, startCompute } from './compute/index.ts';
import { type Deploy, type Deployment, deploy as deployHere } from './deployment.ts';
import { startEmbeddedCluster } from './embedded-cluster.ts';
import { message, startEvents } from './events.ts';
import { functionsConfig } from './functions-config.ts';
import { type FunctionsRole, functionsRole } from './functions-role.ts';
import { Identities } from './identities.ts';
import { install } from './install.ts';
import { type LocalLogging, startLogging } from './logging/index.ts';
import { startManagement } from './management/index.ts';
import { createMessaging, type Messaging, messagingResources, type StartMessaging } from './messaging.ts';
import { makeNodes } from './networks.ts';
import { type LocalNodes, startNodes, type Timings } from './nodes/index.ts';
import { type SignToken, startOidc } from './oidc/index.ts';
import { administrator, tenant } from './people.ts';
import { startPubSub } from './pubsub/index.ts';
import { seeded } from './random.ts';
import { type Schedule, startSchedule } from './schedule.ts';
import {
  cluster,
  deployer,
  deploymentName,
  project,
  pushIdentity,
  readerAccount,
  region,
  serviceAccount,
  subscriptions,
  topics,
} from './site.ts';

export interface CloudOptions {
  readonly clock?: Clock;
  /** Who runs the cluster; by default the Kubernetes API in this process. */
  readonly startCluster?: StartCluster;
  /** Who carries the messages; by default the Pub/Sub in this process. */
  readonly startMessaging?: StartMessaging;
  /** VMs that are nodes of the cluster, spread over the zones. */
  readonly nodes?: number;
  readonly zones?: readonly string[];
  /** Shared VPC: the project that the networks are of; by default the cluster's own. */
  readonly networkProject?: string;
  /** Subnetworks of further node pools. */
  readonly moreSubnetworks?: readonly string[];
  /** Whether the cluster has the CRDs Network and GKENetworkParamSet; by default it has. */
  readonly multiNetwork?: boolean;
  /** How long a Compute operation takes, ms. */
  readonly operationMs?: number;
  /** How long each Compute request takes, ms. */
  readonly computeLatencyMs?: number;
  /** The names and uids that the API server makes up come from it; without one they differ each time. */
  readonly seed?: number;
  readonly timings?: Partial<Timings>;
  /** Port of the Kubernetes API; the others follow, each the next one. 0: free ones. */
  readonly port?: number;
  /** Where the functions' own log lines go; absent: nowhere. */
  readonly log?: Runtime['log'];
  /** How often a route may move a minute; by default as often as a deployment that says nothing. */
  readonly movesPerMinute?: number;
  /** What an instance of the functions may ask of Compute a second; by default more than it ever does. */
  readonly computeCallsPerSecond?: number;
  /** Milliseconds between two sweeps; 0: none but those asked for. */
  readonly sweepMs?: number;
  /** How the functions run; absent: in this process. */
  readonly deploy?: Deploy;
}

/** Google Cloud and a GKE cluster in one process, with the functions deployed on them. */
export interface LocalCloud {
  readonly project: string;
  /** Of the networks, subnetworks and firewall rules. */
  readonly networkProject: string;
  readonly region: string;
  readonly cluster: { readonly project: string; readonly location: string; readonly name: string };
  readonly identities: Identities;
  readonly kubernetes: CloudCluster;
  readonly compute: LocalCompute;
  readonly pubsub: Messaging;
  readonly logging: LocalLogging;
  readonly nodes: LocalNodes;
  /** The VMs that its nodes run on. */
  readonly vms: readonly { readonly name: string; readonly zone: string }[];
  readonly deployment: Deployment;
  /** The functions' configuration, as their environment holds it. */
  readonly configuration: string;
  readonly serviceAccount: string;
  /** What the functions may do at Compute Engine, and what of it they have needed. */
  readonly role: FunctionsRole;
  /** Who pushes. */
  readonly pushIdentity: string;
  readonly subscriptions: typeof subscriptions;
  /** Where Cloud Scheduler, Eventarc, Cloud Functions, Resource Manager and Monitoring are asked. */
  readonly management: string;
  readonly schedule: Schedule;
  /** A signed token, as Pub/Sub and Eventarc push with. */
  readonly sign: SignToken;
  /** While true, no audit entry of the cluster or of Compute reaches a function: they are lost on the way. */
  loseEvents(lose: boolean): void;
  /** Sets the functions' clock ahead, milliseconds: for rules about time. Nobody else's goes with it. */
  setAhead(ms: number): void;
  /** Starts a sweep over every object, or one that decides by lists, as each five minutes' in the cloud. */
  sweep(scope?: 'all' | 'full'): void;
  close(): Promise<void>;
}

/** Who may do what at Compute Engine: the functions and the inventory by their role, the tenant looks, others do all. */
const rightsBy =
  (role: FunctionsRole): Rights =>
  ({ principal, ...asked }) => {
    if (principal === serviceAccount) return role.has(asked);
    if (principal === readerAccount) return role.mayRead(asked);
    return principal !== tenant || isViewers(asked.permission);
  };

/** Starts everything, in the order of a first deployment: subscriptions before the sink, so that no event is lost. */
export const startCloud = async (options: CloudOptions = {}): Promise<LocalCloud> => {
  const { clock = systemClock, nodes: nodeCount = 4, port = 0, sweepMs = 60_000 } = options;
  const {
    operationMs = 20,
    computeLatencyMs = 0,
    deploy = deployHere,
    startCluster = startEmbeddedCluster,
    startMessaging = startPubSub,
  } = options;
  const zones = options.zones ?? [`${region}-a`, `${region}-b`];
  const { networkProject = project, moreSubnetworks = [], multiNetwork = true } = options;
  const at = (offset: number) => (port === 0 ? {} : { port: port + offset });
  const identities = new Identities();
  const role = functionsRole({ project, networkProject });
  const oidc = await startOidc({ clock });
  const [kubernetes, compute, pubsub, logging] = await Promise.all([
    startCluster({
      clock,
      identities,
      ...(options.seed !== undefined && { random: seeded(options.seed) }),
      ...at(0),
    }),
    startCompute({
      project,
      region,
      zones,
      clock,
      identities,
      // gcloud sends no token when its credentials are off: then it is the administrator.
      defaultPrincipal: administrator,
      rights: rightsBy(role),
      moreProjects: networkProject === project ? [] : [networkProject],
      operationMs,
      latencyMs: computeLatencyMs,
      ...at(1),
    }),
    startMessaging({ clock, identities, sign: oidc.sign, ...at(2) }),
    startLogging({ clock, identities, ...at(3) }),
  ]);
  await install(kubernetes, multiNetwork);
  let ahead = 0;
  const config = (urls: Deployment['urls']) =>
    functionsConfig(urls, {
      zones,
      networkProject,
      moreSubnetworks,
      movesPerMinute: options.movesPerMinute,
      computeCallsPerSecond: options.computeCallsPerSecond,
      jwksUrl: oidc.jwksUrl,
      endpoint: kubernetes.url,
      endpoints: { compute: compute.url, pubsub: pubsub.url, logging: logging.url },
    });
  const deployment = await deploy({
    token: identities.tokenOf(serviceAccount),
    reader: { email: readerAccount, token: identities.tokenOf(readerAccount) },
    runtime: {
      ...systemRuntime,
      now: () => new Date(clock.now().getTime() + ahead),
      log: options.log ?? (() => {}),
    },
    config,
  });
  const resources = messagingResources({ project, urls: deployment.urls, pushIdentity });
  await createMessaging(pubsub.url, identities.tokenOf(deployer), resources);
  const target = deployment.urls['on-compute-event'];
  const events = startEvents({ clock, sign: oidc.sign, kubernetes, compute, logging, pubsub, target });
  const vms = makeNodes(compute, {
    project,
    networkProject,
    region,
    zones,
    nodes: nodeCount,
    moreSubnetworks,
  });
  const nodes = await startNodes({
    url: kubernetes.url,
    clock,
    tokenOf: (user, groups) => identities.tokenOf(user, groups),
    controlPlane: !kubernetes.ownControllers,
    nodes: vms,
    multiNetwork,
    ...(options.timings && { timings: options.timings }),
  });
  compute.onInstance(({ name, status }) => {
    if (status === 'RUNNING') nodes.startKubelet(name);
    else nodes.stopKubelet(name, { vmGone: status === 'DELETED' });
  });
  const sweep = (scope: 'all' | 'full' = 'all'): void => {
    pubsub.publish(topics.sweeps, [message('', { scope })]);
  };
  const schedule = startSchedule(clock, sweepMs, () => sweep('full'));
  const management = await startManagement({
    clock,
    identities,
    project,
    region,
    deploymentName,
    serviceAccount,
    urls: deployment.urls,
    schedule,
    triggers: events.triggers,
    pubsub,
    // By a role of its own: asking is no need.
    rights: rightsBy(functionsRole({ project, networkProject })),
  });
  return {
    project,
    networkProject,
    region,
    cluster,
    identities,
    kubernetes,
    compute,
    pubsub,
    logging,
    nodes,
    vms,
    deployment,
    configuration: JSON.stringify(config(deployment.urls)),
    serviceAccount,
    role,
    pushIdentity,
    subscriptions,
    management: management.url,
    schedule,
    sign: oidc.sign,
    loseEvents: (lose) => events.lose(lose),
    setAhead: (ms) => {
      ahead = ms;
    },
    sweep,
    close: async () => {
      schedule.close();
      await management.close();
      events.close();
      await nodes.close();
      await pubsub.close();
      await deployment.close();
      await Promise.all([kubernetes.close(), compute.close(), logging.close(), oidc.close()]);
    },
  };
};
