import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { paths, pod, route } from '../scenarios/objects.ts';
import { Stage } from '../scenarios/stage.ts';

interface Rule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly verbs: readonly string[];
}

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
  await stage.serve();
});
afterAll(() => stage.close());

const as = async (method: string, path: string, body?: object): Promise<number> => {
  const { kubernetes, identities, serviceAccount } = stage.cloud;
  const response = await fetch(kubernetes.url + path, {
    method,
    headers: {
      authorization: `Bearer ${identities.tokenOf(serviceAccount)}`,
      'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  await response.arrayBuffer();
  return response.status;
};

/** One right a line: `verb resource.group`. */
const rightsOf = (rules: readonly Rule[]): string[] =>
  rules
    .flatMap(({ apiGroups = [], resources = [], verbs }) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((resource) => verbs.map((verb) => `${verb} ${resource}.${group}`)),
      ),
    )
    .sort();

// First, for what is tried below is tried with the same identity.
it('the functions have never been refused for want of a right, and have written nothing but what they must', async () => {
  await stage.apply(pod('nat-2', 'edge'));
  await stage.ready('edge', 'nat', 'nat-2');
  await stage.delete(paths.route('edge', 'nat'));
  await stage.gone(paths.route('edge', 'nat'));
  const own = stage.cloud.kubernetes.calls.filter(({ user }) => user === stage.cloud.serviceAccount);
  expect(own.filter(({ status }) => status === 401 || status === 403)).toEqual([]);
  const written = own
    .filter(({ method }) => method !== 'GET')
    .map(({ method, path }) => `${method} ${path.split('/').slice(4).join('/')}`);
  const must = [
    /^PATCH gatewayclasses\/[\w-]+\/status$/,
    /^PATCH namespaces\/edge\/gateways\/pool(\/status)?$/,
    /^PATCH namespaces\/edge\/gkeiproutes\/nat(\/status)?$/,
    // What happened to the route, for people.
    /^POST namespaces\/edge\/events$/,
    // Who they are known as: open to everybody, and it stores nothing.
    /^POST selfsubjectreviews$/,
  ];
  expect(written).toContain('PATCH namespaces/edge/gkeiproutes/nat/status');
  expect(written.filter((write) => !must.some((form) => form.test(write)))).toEqual([]);
});

it('an API server lets the functions do what infra/kubernetes/rbac.yaml says and what it lets everybody do, and no more', async () => {
  const { kubernetes, identities, serviceAccount } = stage.cloud;
  const rulesFor = async (user: string): Promise<string[]> => {
    const response = await fetch(`${kubernetes.url}/apis/authorization.k8s.io/v1/selfsubjectrulesreviews`, {
      method: 'POST',
      headers: { authorization: `Bearer ${identities.tokenOf(user)}`, 'content-type': 'application/json' },
      body: JSON.stringify({ spec: { namespace: 'edge' } }),
    });
    const { status } = (await response.json()) as { status: { resourceRules: readonly Rule[] } };
    return rightsOf(status.resourceRules);
  };
  const everybody = await rulesFor('nobody-in-particular@example.com');
  const shipped = parseAllDocuments(
    readFileSync(new URL('../../infra/kubernetes/rbac.yaml', import.meta.url), 'utf8'),
  ).flatMap((document) => (document.toJS() as { rules?: readonly Rule[] }).rules ?? []);
  expect([...new Set(await rulesFor(serviceAccount))].sort()).toEqual(
    [...new Set([...everybody, ...rightsOf(shipped)])].sort(),
  );
  expect(
    everybody.filter((right) => !/^create self\w+\.(authentication|authorization)\.k8s\.io$/.test(right)),
  ).toEqual([]);
});

it.each<[string, string, string, object?]>([
  ['reads no Secret', 'GET', '/api/v1/secrets'],
  ['reads no Secret of the namespace', 'GET', '/api/v1/namespaces/edge/secrets'],
  ['reads no ConfigMap', 'GET', '/api/v1/namespaces/edge/configmaps/kube-root-ca.crt'],
  ['makes itself no token', 'POST', '/api/v1/namespaces/edge/serviceaccounts/default/token', {}],
  ['reads no log', 'GET', `${paths.pod('edge', 'nat-1')}/log`],
  ['runs nothing in a Pod', 'POST', `${paths.pod('edge', 'nat-1')}/exec?command=sh`],
  ['deletes no Pod', 'DELETE', paths.pod('edge', 'nat-1')],
  ['evicts no Pod', 'POST', `${paths.pod('edge', 'nat-1')}/eviction`, {}],
  ['changes no Pod', 'PATCH', paths.pod('edge', 'nat-1'), { metadata: { labels: { a: 'b' } } }],
  ['changes no Pod’s status', 'PATCH', `${paths.pod('edge', 'nat-1')}/status`, {}],
  ['changes no Node', 'PATCH', '/api/v1/nodes/gke-local-pool-1', { spec: { unschedulable: true } }],
  ['changes no Namespace', 'PATCH', paths.namespace('edge'), { metadata: { labels: { a: 'b' } } }],
  [
    'creates no route',
    'POST',
    '/apis/networking.gke.io/v1/namespaces/edge/gkeiproutes',
    route('b', 'edge', []),
  ],
  ['deletes no route', 'DELETE', paths.route('edge', 'nat')],
  ['deletes no Gateway', 'DELETE', paths.gateway('edge', 'pool')],
  [
    'changes no class',
    'PATCH',
    '/apis/gateway.networking.k8s.io/v1/gatewayclasses/persistent-ip-regional-external',
    {},
  ],
  [
    'changes no definition',
    'PATCH',
    '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/gkeiproutes.networking.gke.io',
    {},
  ],
  ['gives itself no role', 'POST', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {}],
  ['watches nothing', 'GET', '/api/v1/pods?watch=1'],
])('with the functions’ identity one %s: 403', async (_, method, path, body) => {
  expect(await as(method, path, body)).toBe(403);
});
