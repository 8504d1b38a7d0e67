import type { LocalCloud } from '../../infra/local/cloud.ts';
import type { Random } from '../../infra/local/random.ts';

/** What the functions asked of both APIs. */
export interface Meter {
  /** How many calls, by API and method: `compute backendServices.patch`, `kubernetes pods.list`. */
  readonly calls: ReadonlyMap<string, number>;
  /** How many of them were refused, with the HTTP status: `compute instances.get 503`; planned faults and others. */
  readonly refused: ReadonlyMap<string, number>;
  /** The most Compute calls of any second, by the time of their answers. */
  peak(): number;
  /** The same of each caller, by its `User-Agent`. */
  peaks(): ReadonlyMap<string, number>;
}

/** The most of `times` (ms, rising) in any window of one second. */
export const peakPerSecond = (times: readonly number[]): number => {
  let from = 0;
  let most = 0;
  for (const [i, time] of times.entries()) {
    while ((times[from] ?? time) <= time - 1000) from += 1;
    most = Math.max(most, i - from + 1);
  }
  return most;
};

/**
 * Refusals that pass by themselves, as Compute says them.
 * Source: Compute Engine, *Rate quotas* (403 rateLimitExceeded), *Troubleshooting errors*.
 */
const computeRefusals = [
  { status: 503, reason: 'backendError', message: 'Backend Error' },
  { status: 403, reason: 'rateLimitExceeded', message: "Quota exceeded for quota metric 'Queries'" },
  { status: 429, reason: 'rateLimitExceeded', message: 'Rate Limit Exceeded' },
];

const kubernetesRefusals = [
  {
    code: 503,
    reason: 'ServiceUnavailable',
    message: 'the server is currently unable to handle the request',
  },
  { code: 429, reason: 'TooManyRequests', message: 'too many requests, please try again later' },
];

const byMethod: Readonly<Record<string, string>> = {
  DELETE: 'delete',
  PATCH: 'patch',
  POST: 'insert',
  PUT: 'update',
};

/** `backendServices.get`, as Compute's reference calls a request's method. */
export const computeMethod = (method: string, path: string): string => {
  const parts = path.replace(/^.*\/projects\/[^/]+\//, '').split('/');
  const [collection = '', name, verb] = parts[0] === 'global' ? parts.slice(1) : parts.slice(2);
  return `${collection}.${verb ?? (method === 'GET' ? (name === undefined ? 'list' : 'get') : byMethod[method])}`;
};

/** `pods.list`, `gkeiproutes/status.patch`: the resource and the verb, as RBAC has them. */
export const kubernetesMethod = (verb: string, path: string): string => {
  const parts = path.replace(/^\/(?:api|apis\/[^/]+)\/[^/]+\//, '').split('/');
  const [resource = '', , subresource] =
    parts[0] === 'namespaces' && parts.length > 2 ? parts.slice(2) : parts;
  return `${resource}${subresource === undefined ? '' : `/${subresource}`}.${verb}`;
};

/** Counts the functions' calls; while `failing` says so (0 to 1), a call in so many is followed by a refusal of the next. */
export const measure = (cloud: LocalCloud, random: Random, failing: () => number): Meter => {
  const calls = new Map<string, number>();
  const refused = new Map<string, number>();
  const times: number[] = [];
  const timesOf = new Map<string, number[]>();
  const count = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);
  const oneOf = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;
  cloud.compute.onCall(({ method, path, status, principal, userAgent }) => {
    if (principal !== cloud.serviceAccount) return;
    const now = performance.now();
    times.push(now);
    const own = timesOf.get(userAgent) ?? [];
    own.push(now);
    timesOf.set(userAgent, own);
    const name = `compute ${computeMethod(method, path)}`;
    count(calls, name);
    if (status >= 400) count(refused, `${name} ${status}`);
    if (random() < failing()) cloud.compute.inject({ path: /./, effect: { refuse: oneOf(computeRefusals) } });
  });
  cloud.kubernetes.onCall(({ verb, path, status, user }) => {
    if (user !== cloud.serviceAccount) return;
    const name = `kubernetes ${kubernetesMethod(verb, path)}`;
    count(calls, name);
    if (status >= 400) count(refused, `${name} ${status}`);
    if (random() < failing()) cloud.kubernetes.inject({ match: { user }, answer: oneOf(kubernetesRefusals) });
  });
  return {
    calls,
    refused,
    peak: () => peakPerSecond(times),
    peaks: () => new Map([...timesOf].map(([caller, own]) => [caller, peakPerSecond(own)])),
  };
};
