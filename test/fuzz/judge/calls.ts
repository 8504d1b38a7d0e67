import { isComputeName, isDnsSubdomain } from '../../../events/names.ts';
import { parseReconcileRequest } from '../../../events/reconcile-request.ts';
import { type Call, origins } from '../api.ts';
import { readerToken } from '../deployed.ts';

const configured = { project: 'local-project', region: 'us-central1' };
const zones = ['us-central1-a', 'us-central1-b'];

const collections = 'pods|nodes|namespaces|gatewayclasses|gateways|gkeiproutes|networks|gkenetworkparamsets';
const kubernetesPath = new RegExp(
  `^(/api/v1|/apis/(?:gateway\\.networking\\.k8s\\.io|networking\\.gke\\.io)/v1)(?:/namespaces/([^/]+))?/(${collections})(?:/([^/]+))?(/status)?$`,
);
/** Events about a route, in its namespace: made, read and counted by the reconciler. */
const eventPath = /^\/apis\/events\.k8s\.io\/v1\/namespaces\/([^/]+)\/events(?:\/([^/]+))?$/;
const kubernetesQuery = ['limit', 'continue', 'labelSelector', 'fieldSelector', 'fieldManager'];

const kubernetesFault = ({ method, url }: Call): string | undefined => {
  const { pathname, searchParams } = new URL(url);
  if (pathname === '/apis/authentication.k8s.io/v1/selfsubjectreviews') return undefined;
  const event = eventPath.exec(pathname);
  if (event !== null) return eventFault(method, event[1] ?? '', event[2]);
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

const eventFault = (method: string, namespace: string, name: string | undefined): string | undefined => {
  if (!isDnsSubdomain(namespace) || !isDnsSubdomain(name ?? namespace))
    return 'a name that no Event can have';
  const usual = name === undefined ? method === 'POST' : method === 'GET' || method === 'PATCH';
  return usual ? undefined : `${method} of an Event`;
};

const computePath =
  /^\/compute\/v1\/projects\/([^/]+)\/(?:(global)|zones\/([^/]+)|regions\/([^/]+))\/(\w+)(?:\/([^/]+))?(?:\/(\w+))?$/;
/** Names of what we make: the stem of a route or a Gateway, with a suffix or without. */
const ourName = /^pip-[a-z0-9-]+$/;
const resourceUrl = /^https:\/\/www\.googleapis\.com\/compute\/v1\/projects\/([^/]+)\/(.*)$/;
const path = /^(global|zones\/[a-z0-9-]+|regions\/[a-z0-9-]+)\/[a-zA-Z]+\/[a-z][-a-z0-9]*$/;

/** Records are texts, in which a cluster may have said anything. */
const withoutRecords = (key: string, value: unknown): unknown =>
  key === 'description' || key === 'annotations' ? undefined : value;

/** Every URL in a body is of the configured project. */
const bodyFault = (body: string): string | undefined => {
  const bare = body === '' ? body : JSON.stringify(JSON.parse(body, withoutRecords));
  const urls = bare.match(/https?:\/\/[^"]*/g) ?? [];
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

const quoted = '"(?:[^"\\\\]|\\\\.)*"';
const changes = `jsonPayload\\.action=\\("allocate" OR "move" OR "release"\\)(?: AND jsonPayload\\.cluster\\.name=${quoted})?(?: AND jsonPayload\\.route\\.namespace=${quoted})?`;
/** The filters of the history and of the moves, in which what was asked is nothing but a text between quotes. */
const filterForm = new RegExp(
  `^logName="projects/local-project/logs/persistent-ip-audit" AND (?:jsonPayload\\.addresses:${quoted}|jsonPayload\\.route\\.uid=\\(${quoted}(?: OR ${quoted})*\\)|${changes}) AND timestamp>=${quoted} AND timestamp<=${quoted}$`,
  's',
);

const loggingFault = ({ method, url, body }: Call): string | undefined => {
  if (method === 'POST' && url.startsWith(`${origins.logging}/v2/entries:write`)) return undefined;
  if (method !== 'POST' || !url.startsWith(`${origins.logging}/v2/entries:list`)) return 'another method';
  const { resourceNames, filter } = JSON.parse(body) as { resourceNames?: unknown; filter?: string };
  if (JSON.stringify(resourceNames) !== `["projects/${configured.project}"]`) return 'another project';
  return filterForm.test(filter ?? '') ? undefined : `a filter that is no filter of ours: ${filter}`;
};

/** What is wrong with a call that a function made. */
export const faultOf = (call: Call): string | undefined => {
  // The URL parser makes another path of dots; an encoded character stands for one that no name has.
  if (new URL(call.url).pathname !== call.url.replace(/^\w+:\/\/[^/]+/, '').replace(/\?.*$/s, ''))
    return 'dots';
  if (call.url.startsWith(origins.kubernetes)) return kubernetesFault(call);
  if (call.url.startsWith(origins.compute)) return computeFault(call);
  return call.url.startsWith(origins.pubsub) ? pubsubFault(call) : loggingFault(call);
};

/** What is wrong with a call of those who only read: the method, or as whom it was made. */
export const readerFaultOf = ({ method, url, authorization }: Call): string | undefined => {
  if (authorization !== `Bearer ${readerToken}`) return 'not as the reader';
  const { pathname } = new URL(url);
  if (url.startsWith(origins.pubsub)) return 'a request published by a reader';
  if (method === 'GET') return undefined;
  const asks =
    method === 'POST' &&
    (pathname.endsWith('/selfsubjectreviews') ||
      (url.startsWith(origins.logging) && pathname === '/v2/entries:list') ||
      (url.startsWith(origins.compute) && pathname.endsWith('/listNetworkEndpoints')));
  return asks ? undefined : 'a write by a reader';
};
