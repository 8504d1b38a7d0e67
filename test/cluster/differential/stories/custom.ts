import type { Story } from '../caller.ts';
import { crds, gateway, gatewayClass, gatewayClasses, gateways, rbac, route, routes } from './objects.ts';

const creates =
  (...specs: readonly object[]): Story =>
  async (api, ns) => {
    for (const [at, spec] of specs.entries()) await api.post(routes(ns), route(`r${at}`, spec));
  };
const addresses = (...list: readonly object[]) => ({ addresses: list });
const cidr = { type: 'gke.networking.io/cidr', value: '34.1.2.3/32' };

export const gkeIpRoute: Readonly<Record<string, Story>> = {
  'gets its defaults': creates({}, { parentRefs: [] }, { parentRefs: undefined }, addresses(cidr), {
    network: 'blue',
    reactionMode: 'Exists',
    allowGlobalAccess: true,
    haPolicy: true,
    nodeSelector: { matchLabels: { a: 'b' } },
    loadBalancing: { healthCheckName: 'h' },
  }),
  'that lacks something is refused': creates(
    { addresses: undefined },
    { podSelector: undefined },
    addresses(),
  ),
  'is refused for values that are none': creates(
    addresses({}),
    addresses({ value: '' }),
    addresses({ type: '', value: '34.1.2.3/32' }),
    addresses({ type: 'x y', value: '34.1.2.3/32' }),
    addresses({ value: 5 }),
    { reactionMode: 'Sometimes' },
    { network: 5 },
    { haPolicy: 'yes' },
    { loadBalancing: {} },
    { podSelector: 'app=nat' },
    { podSelector: { matchLabels: { app: 1 } } },
    { podSelector: { matchExpressions: [{ key: 'a' }] } },
    { parentRefs: [{}] },
    { parentRefs: [{ name: 'p', port: 0 }] },
    { parentRefs: [{ name: 'p', namespace: 'No_Such' }] },
    { parentRefs: Array.from({ length: 33 }, (_, i) => ({ name: `p${i}` })) },
    { parentRefs: [{ name: 'p', kind: 'Not-A-Kind!' }], reactionMode: 'Sometimes' },
  ),
  'takes more than sixteen addresses, which a condition refuses': creates(
    addresses(...Array.from({ length: 20 }, (_, i) => ({ value: `34.1.2.${i}/32` }))),
  ),
  'has a policy that never changes': async (api, ns) => {
    await api.post(routes(ns), route('a', { haPolicy: true }));
    await api.patch('merge', `${routes(ns)}/a`, { spec: { haPolicy: false } });
    await api.patch('merge', `${routes(ns)}/a`, { spec: { haPolicy: null } });
    await api.post(routes(ns), route('b'));
    await api.patch('merge', `${routes(ns)}/b`, { spec: { haPolicy: true } });
  },
  'drops fields that it does not know': creates({
    unknown: 1,
    podSelector: { matchLabels: { a: 'b' }, more: 1 },
  }),
  'has a status of checked conditions': async (api, ns) => {
    await api.post(routes(ns), route('a'));
    const status = `${routes(ns)}/a/status`;
    const condition = {
      type: 'Ready',
      status: 'True',
      reason: 'ProgrammingComplete',
      message: '',
      lastTransitionTime: '2026-01-01T00:00:00Z',
      observedGeneration: 1,
    };
    await api.patch('merge', status, { status: { pods: ['p'], conditions: [condition] } });
    await api.patch('merge', status, { status: { conditions: [condition, condition] } });
    await api.patch('merge', status, { status: { conditions: [{ ...condition, status: 'Maybe' }] } });
    await api.patch('merge', status, { status: { conditions: [{ ...condition, reason: '' }] } });
    await api.patch('merge', status, { status: { conditions: [{ type: 'Ready' }] } });
    await api.patch('merge', status, {
      status: { conditions: [{ ...condition, lastTransitionTime: 'now' }] },
    });
    await api.patch('merge', status, { status: { pods: 'p' } });
    await api.patch('merge', status, { status: { pods: null, more: 1 }, spec: { network: 'late' } });
    await api.get(status);
  },
};

const pool = (...values: readonly object[]) => ({ addresses: values });
const listener = (more: object = {}) => ({ name: 'default', protocol: 'none', port: 443, ...more });

export const gatewayApi: Readonly<Record<string, Story>> = {
  'a Gateway gets its defaults': async (api, ns) => {
    await api.post(gateways(ns), gateway('a'));
    await api.post(
      gateways(ns),
      gateway('b', pool({ value: '34.1.2.3' }, { type: 'gke.networking.io/cidr', value: '34.1.2.0/28' }, {})),
    );
    await api.post(gateways(ns, 'v1beta1'), {
      ...gateway('c'),
      apiVersion: 'gateway.networking.k8s.io/v1beta1',
    });
    await api.get(`${gateways(ns, 'v1beta1')}/a`);
    await api.get(`${gateways(ns)}/c`);
    await api.post(
      gateways(ns),
      gateway('d', {
        listeners: [
          listener({
            allowedRoutes: {
              kinds: [{ kind: 'GKEIPRoute', group: 'networking.gke.io' }],
              namespaces: { from: 'Selector', selector: { matchLabels: { a: 'b' } } },
            },
          }),
        ],
      }),
    );
  },
  'a Gateway is refused for values that are none': async (api, ns) => {
    const specs = [
      { listeners: [] },
      { listeners: [{}] },
      { listeners: [listener(), listener()] },
      { listeners: [listener(), listener({ name: 'other' })] },
      { listeners: [listener({ protocol: '' })] },
      { listeners: [listener({ port: 0 })] },
      { listeners: [listener({ name: 'Not_A_Name' })] },
      { listeners: [listener({ protocol: 'HTTP', tls: {} })] },
      { listeners: [listener({ allowedRoutes: { namespaces: { from: 'Nowhere' } } })] },
      { gatewayClassName: '' },
      pool({ value: '34.1.2.3/32' }),
      pool({ type: 'IPAddress', value: 'nonsense' }),
      pool({ value: '34.1.2.3' }, { value: '34.1.2.3' }),
      pool({ type: 'Hostname', value: '-' }),
      pool({ type: 'No Type', value: 'x' }),
      pool(...Array.from({ length: 17 }, (_, i) => ({ value: `34.1.2.${i}` }))),
    ];
    for (const [at, spec] of specs.entries()) await api.post(gateways(ns), gateway(`g${at}`, spec));
  },
  'a Gateway has a status': async (api, ns) => {
    const { body } = await api.post(gateways(ns), gateway('a'));
    api.lines.push({ request: 'conditions at birth', answer: body.status?.conditions?.length });
    await api.patch('merge', `${gateways(ns)}/a/status`, {
      status: { addresses: [{ type: 'IPAddress', value: '34.1.2.3' }] },
    });
    await api.patch('merge', `${gateways(ns)}/a/status`, { status: { addresses: [{}] } });
    await api.patch('merge', `${gateways(ns)}/a/status`, { status: { listeners: [{ name: 'default' }] } });
  },
  'a GatewayClass keeps its controller': async (api, ns) => {
    await api.post(gatewayClasses, gatewayClass(ns));
    await api.patch('merge', `${gatewayClasses}/${ns}`, { spec: { controllerName: 'example.com/other' } });
    await api.patch('merge', `${gatewayClasses}/${ns}`, { spec: { description: 'words' } });
    await api.post(gatewayClasses, gatewayClass(`${ns}-b`, { controllerName: 'no-slash' }));
    await api.delete(`${gatewayClasses}/${ns}`);
  },
};

const things = (ns: string, schema: object) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${ns}.example.com` },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: ns, singular: ns, kind: 'Thing', listKind: 'ThingList' },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }],
  },
});

export const definitions: Readonly<Record<string, Story>> = {
  'must be structural': async (api, ns) => {
    await api.post(
      crds,
      things(ns, { type: 'object', properties: { spec: { properties: { a: { type: 'string' } } } } }),
    );
    await api.post(crds, things(ns, {}));
    await api.post(crds, { ...things(ns, { type: 'object' }), metadata: { name: 'another' } });
    const bad = {
      type: 'object',
      properties: { spec: { type: 'object', 'x-kubernetes-validations': [{ rule: 'self.nothing' }] } },
    };
    await api.post(crds, things(ns, bad));
  },
};

export const roles: Readonly<Record<string, Story>> = {
  'and their bindings': async (api, ns) => {
    const role = (name: string, rules: unknown) => ({
      kind: 'Role',
      apiVersion: 'rbac.authorization.k8s.io/v1',
      metadata: { name },
      rules,
    });
    const path = `${rbac}/namespaces/${ns}`;
    await api.post(`${path}/roles`, role('a', [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }]));
    await api.post(`${path}/roles`, role('b', [{ resources: ['pods'], verbs: ['get'] }]));
    await api.post(`${path}/roles`, role('c', [{ apiGroups: [''], resources: ['pods'], verbs: [] }]));
    const binding = (name: string, more: object = {}) => ({
      kind: 'RoleBinding',
      apiVersion: 'rbac.authorization.k8s.io/v1',
      metadata: { name },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'a' },
      subjects: [{ kind: 'User', name: 'someone' }],
      ...more,
    });
    await api.post(`${path}/rolebindings`, binding('a'));
    await api.post(`${path}/rolebindings`, binding('b', { subjects: [{ kind: 'Nobody', name: 'x' }] }));
    await api.post(`${path}/rolebindings`, binding('c', { roleRef: { kind: 'Role', name: '' } }));
    await api.patch('merge', `${path}/rolebindings/a`, { roleRef: { name: 'b' } });
  },
};
