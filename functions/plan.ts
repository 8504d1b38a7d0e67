import type { ClusterKey } from '../events/reconcile-request.ts';
import { problem, problemOf, type Refused, refused } from './answer.ts';
import {
  type DocumentName,
  type Manifest,
  readManifest,
  type Unreadable,
} from './kubernetes/read-manifest.ts';
import { Failure, wordsOf } from './persistent-ip/failure.ts';
import { loses } from './persistent-ip/plan-words.ts';
import { strangeParameter } from './place-of.ts';
import type { Content, ReadAnswer, ReadRequest } from './read-handler.ts';
import type { ReadDependencies } from './reconciler/dependencies.ts';
import { type ManifestPlan, planManifest } from './reconciler/plan-manifest.ts';
import type { Wiring } from './wiring.ts';

export const planPath = '/v1/plan';

/** Bytes: as much as an object of a cluster may have, in annotations alone. */
export const largestManifest = 256 * 1024;

/** Whatever a browser sends without asking first, as text/plain, is not among them. */
const types = ['application/json', 'application/yaml', 'application/x-yaml', 'text/yaml'];

/** What would happen if a manifest were applied now. */
export interface Plan extends Omit<ManifestPlan, 'rejected'> {
  readonly cluster: ClusterKey;
  /** All of it would be served: nothing is rejected, refused or left, and nothing waits. */
  readonly served: boolean;
  /** No other route loses what it has: each that may be concerned was looked at, and those that are served stay so. */
  readonly harmless: boolean;
  /** What the API server would not take. */
  readonly rejected: readonly Unreadable[];
  /** Objects of other kinds. */
  readonly notLookedAt: readonly DocumentName[];
  /** What a plan cannot know. */
  readonly notChecked: readonly string[];
}

/**
 * `POST /v1/plan`, with a manifest in YAML or JSON, `cluster=NAME` where several are configured, and `namespace=NAMESPACE`
 * for what names none (`default` without it). It reads what a reconcile reads, decides as it does, and writes nothing.
 */
export const onPlan = async (
  wiring: Wiring,
  { method, content }: Pick<ReadRequest, 'method' | 'content'>,
  query: URLSearchParams,
): Promise<ReadAnswer> => {
  if (method !== 'POST') return problem(405, `a manifest is sent by POST to ${planPath}`, { allow: 'POST' });
  const plan = await planFor(wiring, content, query);
  if ('refused' in plan) return problemOf(plan);
  return {
    status: 200,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
    body: JSON.stringify(plan),
  };
};

const planFor = async (
  wiring: Wiring,
  content: Content | undefined,
  query: URLSearchParams,
): Promise<Plan | Refused> => {
  const strange = strangeParameter(query, ['cluster', 'namespace']);
  if (strange !== undefined) return refused(400, strange);
  const written = textOf(content);
  if (typeof written !== 'string') return written;
  return await lookUpPlan(wiring, written, {
    cluster: query.get('cluster'),
    namespace: query.get('namespace'),
  });
};

/** What a manifest is planned for. */
export interface PlanPlace {
  /** null: the only one that is configured. */
  readonly cluster: string | null;
  /** Of objects that name none; null: `default`. */
  readonly namespace: string | null;
}

/** What would happen if a manifest were applied now; nothing is written, nor could be. */
export const lookUpPlan = async (
  wiring: Wiring,
  written: string,
  { cluster, namespace }: PlanPlace,
): Promise<Plan | Refused> => {
  const manifest = readManifest(written, namespace ?? undefined);
  if (typeof manifest === 'string') return refused(400, manifest);
  const reader = clusterOf(wiring.readers(), cluster);
  if ('refused' in reader) return reader;
  try {
    return planOf(reader, manifest, await planManifest(reader, manifest));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return refused(503, `the cluster cannot be looked at: ${wordsOf(error)}`);
  }
};

/** @param size bytes */
export const tooLarge = (size: number): Refused =>
  refused(413, `the manifest has ${size} bytes and may have ${largestManifest}: split it`);

const textOf = (content: Content | undefined): string | Refused => {
  if (content === undefined || content.bytes.length === 0)
    return refused(400, 'send the manifest as the body, in YAML or JSON');
  if (!types.includes(content.type))
    return refused(415, `a manifest is of the type ${types.join(' or ')}: "${content.type}" is none of them`);
  const { length } = content.bytes;
  if (length > largestManifest) return tooLarge(length);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content.bytes);
  } catch {
    return refused(400, 'the manifest is not UTF-8');
  }
};

const clusterOf = (
  readers: readonly ReadDependencies[],
  wanted: string | null,
): ReadDependencies | Refused => {
  const found = readers.filter(({ cluster: { key } }) => wanted === null || key.name === wanted);
  const [reader, another] = found;
  if (reader === undefined) return refused(404, `no cluster "${wanted}" is configured`);
  if (another === undefined) return reader;
  const names = found.map(({ cluster: { key } }) => key.name).join(', ');
  return refused(400, `there are several clusters: say for which one with cluster (${names})`);
};

const planOf = ({ cluster }: ReadDependencies, manifest: Manifest, made: ManifestPlan): Plan => {
  const { rejected: here, ...plan } = made;
  const rejected = [
    ...manifest.unreadable,
    ...manifest.ours.flatMap(({ body: _, ...one }) => {
      const found = here.find(
        ({ kind, namespace, name }) => kind === one.kind && namespace === one.namespace && name === one.name,
      );
      return found === undefined ? [] : [{ ...one, problems: found.problems }];
    }),
  ];
  const outcomes = [...plan.gateways, ...plan.routes].map(({ outcome }) => outcome);
  return {
    cluster: cluster.key,
    served: rejected.length === 0 && outcomes.every((outcome) => outcome === 'served'),
    harmless: plan.others.notLookedAt.length === 0 && !plan.others.routes.some(loses),
    ...plan,
    rejected,
    notLookedAt: manifest.others,
    notChecked: unknowns(manifest, made),
  };
};

const unknowns = ({ others }: Manifest, { routes, gateways }: ManifestPlan): readonly string[] => [
  'whether you may write these objects, and what admission policies, webhooks and the CEL rules of the Gateway API say: kubectl apply --dry-run=server asks that',
  'quotas and organization policies: Google Cloud tells of them when a call is made',
  ...(others.length > 0 && routes.some(({ outcome }) => outcome === 'waits')
    ? ['Pods that the other documents of this manifest would make']
    : []),
  ...([...routes, ...gateways].some(({ change }) => change === 'change')
    ? ['fields of the live spec that this manifest does not set: they are taken as removed']
    : []),
];
