import { isComputeName, isDnsSubdomain } from '../../events/names.ts';
import { parseReconcileRequest } from '../../events/reconcile-request.ts';
import { type Call, type HostileApi, origins } from './api.ts';
import type { Answer, Knock } from './deployed.ts';

/** What an answer may be: 400 and 415 are the Functions Framework's own, for what is no JSON or has a strange charset. */
const pushed = [200, 204, 400, 401, 403, 415, 503];
const read = [200, 304, 400, 401, 403, 404, 405, 413, 415, 503];

/** More than any delivery may send: its budget ends after a hundred, a burst of parallel reads later. */
const mostCalls = 2_000;

const configured = { project: 'local-project', region: 'us-central1' };
const zones = ['us-central1-a', 'us-central1-b'];

const collections = 'pods|nodes|namespaces|gatewayclasses|gateways|gkeiproutes|networks|gkenetworkparamsets';
const kubernetesPath = new RegExp(
  `^(/api/v1|/apis/(?:gateway\\.networking\\.k8s\\.io|networking\\.gke\\.io)/v1)(?:/namespaces/([^/]+))?/(${collections})(?:/([^/]+))?(/status)?$`,
);
const kubernetesQuery = ['limit', 'continue', 'labelSelector', 'fieldSelector', 'fieldManager'];

const kubernetesFault = ({ method, url }: Call): string | undefined => {
  const { pathname, searchParams } = new URL(url);
  if (pathname === '/apis/authentication.k8s.io/v1/selfsubjectreviews') return undefined;
  const [whole, , namespace, , name, status] = kubernetesPath.exec(pathname) ?? [];
  if (whole === undefined) return 'a path that nothing is at';
  for (const part of [namespace, name])
    if (part !== undefined && !isDnsSubdomain(part)) return 'a name that no object can have';
  const strange = [...searchParams.keys()].find((key) => !kubernetesQuery.includes(key));
  if (strange !== undefined) return `a parameter ${strange}`;
  const field = searchParams.get('fieldSelector');
  if (field !== null && !isDnsSubdomain(field.replace(/^spec\.nodeName=/, ''))) return 'a field selector';
  const writes = /\/(gkeiproutes|gateways|gatewayclasses)\//.test(pathname);
  if (method === 'GET') return status === undefined ? undefined : 'a read of a status';
  return method === 'PATCH' && writes && name !== undefined
    ? undefined
    : `${method}, which it never does here`;
};

const computePath =
  /^\/compute\/v1\/projects\/([^/]+)\/(?:(global)|zones\/([^/]+)|regions\/([^/]+))\/(\w+)(?:\/([^/]+))?(?:\/(\w+))?$/;
/** Names of what we make: the stem of a route or a Gateway, with a suffix or without. */
const ourName = /^pip-[a-z0-9-]+$/;
const resourceUrl = /^https:\/\/www\.googleapis\.com\/compute\/v1\/projects\/([^/]+)\/(.*)$/;
const path = /^(global|zones\/[a-z0-9-]+|regions\/[a-z0-9-]+)\/[a-zA-Z]+\/[a-z][-a-z0-9]*$/;

/** Every URL in a body is of the configured project. */
const bodyFault = (body: string): string | undefined => {
  const urls = body.match(/https?:\/\/[^"]*/g) ?? [];
  const bad = urls.find((url) => {
    const [, project, rest = ''] = resourceUrl.exec(url) ?? [];
    return project !== configured.project || !path.test(rest);
  });
  return bad === undefined ? undefined : `a body with the URL ${bad}`;
};

const computeFault = ({ method, url, body }: Call): string | undefined => {
  const { pathname } = new URL(url);
  const [whole, project, , zone, region, collection, name, verb] = computePath.exec(pathname) ?? [];
  if (whole === undefined) return 'a path that nothing is at';
  if (project !== configured.project) return 'another project';
  if (region !== undefined && region !== configured.region) return 'another region';
  if (name !== undefined && !isComputeName(name)) return 'a name that no resource can have';
  if (zone !== undefined && !isComputeName(zone)) return 'a zone that cannot be';
  if (method === 'GET' || verb === 'wait' || verb === 'listNetworkEndpoints') return undefined;
  if (zone !== undefined && !zones.includes(zone)) return 'a change in a zone that is not configured';
  const made = name ?? (JSON.parse(body || '{}') as { name?: string }).name ?? '';
  if (collection === 'operations' || !ourName.test(made)) return `a change of ${collection} ${made}`;
  return bodyFault(body);
};

const pubsubFault = ({ method, url, body }: Call): string | undefined => {
  if (method !== 'POST' || !url.includes('/v1/projects/local-project/topics/reconcile-requests:publish'))
    return 'another topic';
  const { messages } = JSON.parse(body) as { messages: readonly { data: string; orderingKey: string }[] };
  for (const { data } of messages) {
    const request = parseReconcileRequest(Buffer.from(data, 'base64').toString());
    if (!request.ok) return `a request that is none: ${request.refusal.field}`;
    const { cluster } = request.value;
    if (cluster.name !== 'local' || cluster.project !== configured.project)
      return 'a request for another cluster';
  }
  return undefined;
};

const loggingFault = ({ method, url }: Call): string | undefined =>
  method === 'POST' && url.startsWith(`${origins.logging}/v2/entries:write`) ? undefined : 'another method';

const faultOf = (call: Call): string | undefined => {
  // The URL parser makes another path of dots; an encoded character stands for one that no name has.
  if (new URL(call.url).pathname !== call.url.replace(/^\w+:\/\/[^/]+/, '').replace(/\?.*$/s, ''))
    return 'dots';
  if (call.url.startsWith(origins.kubernetes)) return kubernetesFault(call);
  if (call.url.startsWith(origins.compute)) return computeFault(call);
  return call.url.startsWith(origins.pubsub) ? pubsubFault(call) : loggingFault(call);
};

const isRead = ({ method, url }: Call): boolean =>
  method === 'GET' || new URL(url).pathname.endsWith('/listNetworkEndpoints');

/** What was wrong about one input's fate; nothing is an empty list. */
export const faultsOf = (
  { door }: Knock,
  answer: Answer,
  { calls, strays }: Pick<HostileApi, 'calls' | 'strays'>,
  logged: readonly string[],
  secrets: readonly string[],
): readonly string[] => {
  const faults: string[] = [];
  if (!(door === 'inventory' ? read : pushed).includes(answer.status))
    faults.push(`${door} answers ${answer.status}: ${logged.at(-1) ?? answer.body}`);
  if (strays.length > 0) faults.push(`a request to ${strays[0]}`);
  if (calls.length > mostCalls) faults.push(`${calls.length} calls`);
  const write = door === 'inventory' && calls.find((call) => !isRead(call));
  if (write) faults.push(`the inventory sends ${write.method} ${write.url}`);
  for (const call of calls) {
    const fault = faultOf(call);
    if (fault !== undefined) faults.push(`${call.method} ${call.url}: ${fault}`);
  }
  for (const line of [...logged, answer.body])
    if (secrets.some((secret) => line.includes(secret))) faults.push(`a token is shown: ${line}`);
  if (Object.keys(Object.prototype).length > 0 || 'polluted' in {}) faults.push('a prototype was polluted');
  return [...new Set(faults)];
};
