import {
  type DocumentName,
  type ManifestBody,
  readManifest,
} from '../../../functions/kubernetes/read-manifest.ts';
import type { Session } from './session.ts';
import { deploymentConfig } from './settings.ts';
import { accessTokens } from './tokens.ts';
import type { PlanView } from './views.ts';

/** What the API server itself says of a manifest's objects. */
export interface DryRun {
  readonly refused: PlanView['rejected'];
  /** How many objects it took. */
  readonly tried: number;
  /** Why it was not asked, or not about which. */
  readonly notTried: readonly string[];
}

const plurals: Readonly<Record<string, string>> = { GKEIPRoute: 'gkeiproutes', Gateway: 'gateways' };

/** By this name the cluster's audit log tells a plan from a change. */
const fieldManager = 'persistent-ip-plan';
const requestTimeout = 15_000;

/**
 * A server-side apply of each object that the API server is asked to judge and not to keep (`dryRun=All`): schema, CEL
 * rules, admission policies and webhooks. It counts as a write, so it is tried only by a person with rights of their own
 * (`--direct`), and only where a review says that they have them: a refusal then is about the object.
 * Source: Kubernetes API concepts, *Dry-run*.
 */
export const dryRun = async (
  { around, settings, options }: Session,
  manifest: string,
  plan: PlanView,
): Promise<DryRun> => {
  const config = deploymentConfig(around, settings);
  const { project, location, name } = plan.cluster;
  const cluster = config.clusters.find(
    (one) => one.project === project && one.location === location && one.name === name,
  );
  const read = readManifest(manifest, options.namespace);
  if (cluster === undefined || typeof read === 'string') return { refused: [], tried: 0, notTried: [] };
  const tokens = accessTokens(around);
  const send: Send = async (method, path, body, type) => {
    const response = await fetch(`${cluster.endpoint.replace(/\/$/, '')}${path}`, {
      method,
      headers: { authorization: `Bearer ${await tokens.token()}`, 'content-type': type },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(requestTimeout),
    });
    return { status: response.status, json: (await response.json()) as Status };
  };
  const rejected = (one: DocumentName): boolean =>
    plan.rejected.some(({ document, name: its }) => document === one.document && its === one.name);
  const verdicts = await Promise.all(
    read.ours.filter((one) => !rejected(one)).map(({ body, ...one }) => tryOne(send, one, body)),
  );
  return {
    refused: verdicts.flatMap((one) => (one.is === 'refused' ? [one.refusal] : [])),
    tried: verdicts.filter(({ is }) => is === 'taken').length,
    notTried: [...new Set(verdicts.flatMap((one) => (one.is === 'not-tried' ? [one.why] : [])))],
  };
};

/** What an API server answers, as far as it says what is wrong. */
interface Status {
  readonly message?: string;
  readonly status?: { readonly allowed?: boolean } | string;
  readonly details?: {
    readonly kind?: string;
    readonly causes?: readonly { readonly field?: string; readonly message?: string }[];
  };
}

type Send = (
  method: string,
  path: string,
  body: unknown,
  type: string,
) => Promise<{ readonly status: number; readonly json: Status }>;

type Verdict =
  | { readonly is: 'taken' }
  | { readonly is: 'refused'; readonly refusal: PlanView['rejected'][number] }
  | { readonly is: 'not-tried'; readonly why: string };

/** What a person writes of an object: an apply refuses what only the API server may say, as `kubectl get -o yaml` has it. */
const applied = ({ apiVersion, kind, metadata, spec }: ManifestBody): object => {
  const { name, namespace, labels, annotations } = metadata as ManifestBody;
  return { apiVersion, kind, metadata: { name, namespace, labels, annotations }, spec };
};

const unasked = 'what the API server itself says of it (admission policies, webhooks, CEL rules)';

const tryOne = async (send: Send, one: DocumentName, body: ManifestBody): Promise<Verdict> => {
  const label = `${one.kind} ${one.namespace}/${one.name}`;
  const notTried = (why: string): Verdict => ({ is: 'not-tried', why: `${unasked}: ${why}` });
  try {
    if (!(await mayApply(send, one)))
      return notTried(`you may not create and patch ${one.kind}s in namespace ${one.namespace}`);
    const plural = plurals[one.kind] ?? '';
    const query = `dryRun=All&fieldManager=${fieldManager}&fieldValidation=Strict&force=true`;
    const { status, json } = await send(
      'PATCH',
      `/apis/${one.apiVersion}/namespaces/${one.namespace}/${plural}/${one.name}?${query}`,
      applied(body),
      'application/apply-patch+yaml',
    );
    if (status < 300) return { is: 'taken' };
    // A Namespace that comes with the manifest is not there yet.
    if (status === 404) return notTried(`${label}: ${json.message ?? 'not found'}`);
    if (status === 401 || status === 408 || status === 429 || status >= 500)
      return notTried(`${label}: it answers ${status}: ${json.message ?? ''}`);
    return { is: 'refused', refusal: { ...one, problems: problemsIn(json, status) } };
  } catch (error) {
    return notTried(`${label}: ${error instanceof Error ? error.message : String(error)}`);
  }
};

/** An apply may create: it needs both rights. */
const mayApply = async (
  send: Send,
  { apiVersion, kind, namespace, name }: DocumentName,
): Promise<boolean> => {
  const [group = ''] = apiVersion.split('/');
  const answers = await Promise.all(
    ['create', 'patch'].map((verb) =>
      send(
        'POST',
        '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
        {
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SelfSubjectAccessReview',
          spec: { resourceAttributes: { group, resource: plurals[kind], namespace, name, verb } },
        },
        'application/json',
      ),
    ),
  );
  return answers.every(({ json }) => typeof json.status === 'object' && json.status.allowed === true);
};

const problemsIn = (
  { message, details }: Status,
  status: number,
): PlanView['rejected'][number]['problems'] => {
  const causes = (details?.causes ?? []).map((cause) => ({
    field: cause.field ?? '',
    problem: cause.message ?? message ?? '',
  }));
  return causes.length > 0 ? causes : [{ field: '', problem: message ?? `the API server answers ${status}` }];
};
