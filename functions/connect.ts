import type { ClusterKey } from '../events/reconcile-request.ts';
import { BoundedMap } from './bounded-map.ts';
import { type ClusterConfig, type Config, clusterFacts } from './config.ts';
import type { ComputeOptions } from './google-cloud/compute.ts';
import type { TokenSource } from './google-cloud/http.ts';
import { createPushIdentity } from './google-cloud/push-identity.ts';
import type { RateLimit } from './google-cloud/rate-limit.ts';
import { type Answers, loadLater } from './load-later.ts';
import type {
  AuditPort,
  AuditReads,
  ComputeLists,
  ComputePort,
  EventPort,
  KubernetesPort,
  RequestPort,
} from './persistent-ip/ports.ts';
import type { ClusterDependencies, Elapsed, ReadDependencies, Runtime } from './reconciler/dependencies.ts';
import { inventoryName, type Wiring } from './wiring.ts';

/** Objects whose last look an instance remembers. */
const mostLooks = 10_000;
/** Questions about moves whose answer an instance remembers. */
const mostQuestions = 100;

export interface ConnectOptions {
  readonly config: Config;
  readonly tokens: TokenSource;
  readonly runtime: Runtime & Elapsed;
  /** The platform verifies the tokens of pushes: `K_SERVICE` is set. */
  readonly onPlatform: boolean;
}

/** The adapters of one deployment, each cluster's made when its first event comes. */
export const connect = ({ config, tokens, runtime, onPlatform }: ConnectOptions): Wiring => {
  const { project, endpoints } = config;
  const token = () => tokens.token();
  const pace = { sleep: runtime.sleep, random: runtime.random };
  let limit: RateLimit | undefined;
  /** One for all clusters: the quota is a project's, and they mostly share one. */
  const rateLimit = async (): Promise<RateLimit> => {
    const { createRateLimit } = await import('./google-cloud/rate-limit.ts');
    const { elapsed, sleep } = runtime;
    limit ??= createRateLimit({ perSecond: config.computeCallsPerSecond, elapsed, sleep });
    return limit;
  };
  const optional = (endpoint: string | undefined) => (endpoint === undefined ? {} : { endpoint });
  // The token is on its way while the code loads; whoever needs it learns then if it could not be had.
  const adapter = <Port extends Answers<Port>>(load: () => Promise<Port>): Port =>
    loadLater(() => {
      token().catch(() => {});
      return load();
    });
  const requests = adapter<RequestPort>(async () => {
    const { createRequests } = await import('./google-cloud/requests.ts');
    const { requestsTopic: topic, requestsRegion: region } = config;
    return createRequests({ project, topic, region, tokens, ...pace, ...optional(endpoints.pubsub) });
  });
  const audit = adapter<AuditPort>(async () => {
    const { createAuditLog } = await import('./google-cloud/audit-log.ts');
    return createAuditLog({ project, tokens, ...pace, ...optional(endpoints.logging) });
  });
  const history = adapter<AuditReads>(async () => {
    const { createAuditReader } = await import('./google-cloud/audit-reader.ts');
    return createAuditReader({ project, tokens, ...pace, ...optional(endpoints.logging) });
  });
  /** @param user whom the API server must take us for */
  const kubernetesOf = ({ endpoint }: ClusterConfig, user?: string) =>
    adapter<KubernetesPort>(async () => {
      const { createCluster } = await import('./kubernetes/cluster.ts');
      return createCluster({
        endpoint,
        token,
        ...(user === undefined ? {} : { user }),
      });
    });
  const computeOptions = async (cluster: ClusterConfig): Promise<ComputeOptions> => {
    const turn = await rateLimit();
    const { networkProject } = clusterFacts(cluster, config);
    return {
      project: cluster.project,
      region: cluster.region,
      networkProject,
      ...optional(endpoints.compute),
      tokens,
      now: runtime.now,
      ...pace,
      turn,
    };
  };
  const eventsOf = ({ endpoint }: ClusterConfig) =>
    adapter<EventPort>(async () => {
      const { createEvents } = await import('./kubernetes/events.ts');
      return createEvents({ endpoint, token, deployment: config.deployment, now: runtime.now });
    });
  const computeOf = (cluster: ClusterConfig) =>
    adapter<ComputePort>(async () => {
      const { createCompute } = await import('./google-cloud/compute.ts');
      return createCompute(await computeOptions(cluster));
    });
  const listsOf = (cluster: ClusterConfig) =>
    adapter<ComputeLists>(async () => {
      const { createComputeLists } = await import('./google-cloud/compute-lists.ts');
      return createComputeLists(await computeOptions(cluster));
    });
  const made = new Map<ClusterConfig, ClusterDependencies>();
  const dependencies = (cluster: ClusterConfig): ClusterDependencies => {
    const known = made.get(cluster);
    if (known !== undefined) return known;
    const facts = clusterFacts(cluster, config);
    const deps: ClusterDependencies = {
      deployment: config.deployment,
      controllerName: config.controllerName,
      cluster: facts,
      kubernetes: kubernetesOf(cluster, config.serviceAccount),
      compute: computeOf(cluster),
      lists: listsOf(cluster),
      audit,
      events: eventsOf(cluster),
      requests,
      runtime,
    };
    made.set(cluster, deps);
    return deps;
  };
  let readers: readonly ReadDependencies[] | undefined;
  return {
    runtime,
    judgement: {
      clusters: config.clusters.map((cluster) => clusterFacts(cluster, config).key),
      projects: [...new Set(config.clusters.flatMap(projectsOf))],
      ownPrincipal: config.serviceAccount,
    },
    cluster: (key) => {
      const found = config.clusters.find((cluster) => isSame(cluster, key));
      return found && dependencies(found);
    },
    clusters: () => config.clusters.map(dependencies),
    readers: () => {
      // Once: a connection and what it knows of its cluster serve every question.
      readers ??= config.clusters.map((cluster) => ({
        ...dependencies(cluster),
        kubernetes: kubernetesOf(cluster),
      }));
      return readers;
    },
    clustersOfProject: (name) =>
      config.clusters.filter((cluster) => projectsOf(cluster).includes(name)).map(dependencies),
    identityOf: (functionName) => {
      const audiences = audiencesOf(config, functionName);
      const { emails, issuer, jwksUrl, platformAuthenticates } = config.push;
      const signatureChecked = platformAuthenticates && onPlatform;
      return createPushIdentity({ audiences, emails, issuer, jwksUrl, signatureChecked, now: runtime.now });
    },
    readerIdentity: () => {
      const { issuer, jwksUrl, platformAuthenticates } = config.push;
      const signatureChecked = platformAuthenticates && onPlatform;
      // People come through a proxy, whose tokens are made out for it: there the invoker right decides alone.
      const audiences = signatureChecked ? undefined : audiencesOf(config, inventoryName);
      return createPushIdentity({ audiences, issuer, jwksUrl, signatureChecked, now: runtime.now });
    },
    history,
    movesSeen: new BoundedMap(mostQuestions),
    overviewSeen: new Map(),
    routesSeen: new BoundedMap(mostQuestions),
    settledLooks: new BoundedMap(mostLooks),
    reported: new Map(),
  };
};

const audiencesOf = ({ push }: Config, functionName: string): readonly string[] => {
  const audiences = push.audiences[functionName];
  if (audiences === undefined)
    throw new Error(`the configuration names no audience for the function ${functionName} (push.audiences)`);
  return audiences;
};

/** Where the resources of a cluster's routes are: with shared VPC also in the host project. */
const projectsOf = ({ project, networkProject = project }: ClusterConfig): readonly string[] => [
  project,
  networkProject,
];

const isSame = (cluster: ClusterConfig, key: ClusterKey): boolean =>
  cluster.project === key.project && cluster.location === key.location && cluster.name === key.name;
