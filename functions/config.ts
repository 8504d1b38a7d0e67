import * as v from 'valibot';
import {
  leastMovesPerMinute,
  mostMovesPerMinute,
  usualMovesPerMinute,
} from './persistent-ip/flap-protection.ts';
import type { ClusterFacts } from './persistent-ip/observation.ts';

/** Whose GatewayClasses are ours, unless the configuration says otherwise. */
export const defaultControllerName = 'persistent-ip.dev/serverless';

/** The environment variable that holds the configuration: one JSON text, written by Terraform. */
export const configVariable = 'PERSISTENT_IP_CONFIG';

const name = v.pipe(v.string(), v.nonEmpty());
const url = v.pipe(v.string(), v.url());

const Cluster = v.strictObject({
  project: name,
  location: name,
  name: name,
  /** Where its addresses, backend services and forwarding rules live. */
  region: name,
  /** Zones in which its nodes may run. */
  zones: v.pipe(v.array(name), v.minLength(1)),
  /** With shared VPC: the host project, which the network, its subnetworks and the firewall rules are of. */
  networkProject: v.optional(name),
  /** Short names, as `default`. */
  network: name,
  subnetwork: name,
  /** Subnetworks of node pools other than the cluster's own. */
  moreSubnetworks: v.optional(v.array(name), []),
  /** Network tag of the nodes; without one the firewall rule is limited by its destinations alone. */
  nodeTag: v.optional(name),
  /** The DNS-based endpoint of the control plane. */
  endpoint: url,
});

const Config = v.strictObject({
  /** Name of this deployment, in every ownership record: two deployments never touch each other's resources. */
  deployment: v.pipe(v.string(), v.regex(/^[a-z]([-a-z0-9]{0,30}[a-z0-9])?$/)),
  /** Where topics, functions and the audit log live. */
  project: name,
  controllerName: v.optional(name, defaultControllerName),
  /** E-mail address that the functions run as: its own writes are dropped. */
  serviceAccount: name,
  /** The topic of reconcile requests, `projects/P/topics/T`, and its region. */
  requestsTopic: v.pipe(v.string(), v.regex(/^projects\/[^/]+\/topics\/[^/]+$/)),
  requestsRegion: name,
  push: v.strictObject({
    /** The audiences of the tokens that each function is called with: its own addresses, for a service has two. */
    audiences: v.record(v.string(), v.pipe(v.array(url), v.minLength(1))),
    /** The identities that Pub/Sub, Eventarc and Scheduler push as. */
    emails: v.pipe(v.array(name), v.minLength(1)),
    issuer: v.optional(url, 'https://accounts.google.com'),
    jwksUrl: v.optional(url, 'https://www.googleapis.com/oauth2/v3/certs'),
    /** Cloud Run checks the signature and hands the token on without it. Counts only where K_SERVICE is set. */
    platformAuthenticates: v.optional(v.boolean(), false),
  }),
  /**
   * Requests to Compute Engine that one instance sends in any second, at most. Half of a route's calls are lists, of which a
   * project may send 1,500 a minute. Source: Compute Engine, *Rate quotas*; docs/reliability.md, *Load*.
   */
  computeCallsPerSecond: v.optional(v.pipe(v.number(), v.integer(), v.minValue(2)), 50),
  clusters: v.pipe(v.array(Cluster), v.minLength(1)),
  /** How often a route's addresses may go from one Pod to another because a Pod turns Ready or not, a minute. */
  movesPerMinute: v.optional(
    v.pipe(v.number(), v.integer(), v.minValue(leastMovesPerMinute), v.maxValue(mostMovesPerMinute)),
    usualMovesPerMinute,
  ),
  /** Other addresses of Google's APIs: the local cloud's, or a private endpoint's. */
  endpoints: v.optional(
    v.strictObject({ compute: v.optional(url), pubsub: v.optional(url), logging: v.optional(url) }),
    {},
  ),
});

export type Config = v.InferOutput<typeof Config>;
export type ConfigInput = v.InferInput<typeof Config>;
export type ClusterConfig = Config['clusters'][number];

/**
 * The configuration, whole or not at all.
 * @throws Error that names the field, for whoever reads the log of a function that does not start
 */
export const readConfig = (environment: Readonly<Record<string, string | undefined>>): Config => {
  const text = environment[configVariable];
  if (text === undefined) throw new Error(`${configVariable} is not set: it holds the configuration as JSON`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new Error(`${configVariable} is no JSON`, { cause });
  }
  const parsed = v.safeParse(Config, json);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new Error(`${configVariable}: ${v.getDotPath(issue) ?? 'the whole'}: ${issue.message}`);
};

/** What the rules need of a cluster's configuration. */
export const clusterFacts = (
  cluster: ClusterConfig,
  { movesPerMinute }: Pick<Config, 'movesPerMinute'>,
): ClusterFacts => ({
  key: { project: cluster.project, location: cluster.location, name: cluster.name },
  region: cluster.region,
  zones: cluster.zones,
  networkProject: cluster.networkProject ?? cluster.project,
  network: cluster.network,
  subnetwork: cluster.subnetwork,
  moreSubnetworks: cluster.moreSubnetworks,
  movesPerMinute,
  ...(cluster.nodeTag === undefined ? {} : { nodeTag: cluster.nodeTag }),
});
