import type { Story } from '../caller.ts';
import { pod as podOf, pods } from './objects.ts';

const creates =
  (object: object): Story =>
  async (api, ns) => {
    await api.post(pods(ns), object);
  };
const spec = (more: object): Story => creates(podOf('a', { spec: more }));

export const pod: Readonly<Record<string, Story>> = {
  'gets its defaults': creates(podOf('a')),
  'with ports, probes, volumes and resources gets theirs': spec({
    volumes: [
      { name: 'v', emptyDir: {} },
      { name: 's', secret: { secretName: 'x' } },
    ],
    containers: [
      {
        name: 'c',
        image: 'nat',
        ports: [{ containerPort: 80 }],
        env: [{ name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }],
        readinessProbe: { httpGet: { path: '/', port: 80 } },
        livenessProbe: { tcpSocket: { port: 80 } },
        resources: { limits: { cpu: '1000m', memory: '1Gi' } },
        securityContext: { capabilities: { add: ['NET_ADMIN'] } },
        volumeMounts: [{ name: 'v', mountPath: '/v' }],
      },
    ],
    initContainers: [{ name: 'i', image: 'init:latest' }],
  }),
  'on the host’s network has its ports there': spec({
    hostNetwork: true,
    containers: [{ name: 'c', image: 'nat@sha256:abc', ports: [{ containerPort: 80 }] }],
  }),
  'with affinity, tolerations and gates': spec({
    nodeSelector: { 'kubernetes.io/hostname': 'n' },
    tolerations: [
      { key: 'a', operator: 'Exists' },
      { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 1 },
    ],
    readinessGates: [{ conditionType: 'example.com/gate' }],
    terminationGracePeriodSeconds: 5,
    affinity: {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { labelSelector: { matchLabels: { app: 'nat' } }, topologyKey: 'kubernetes.io/hostname' },
        ],
      },
    },
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: 'zone',
        whenUnsatisfiable: 'DoNotSchedule',
        labelSelector: { matchLabels: { app: 'nat' } },
      },
    ],
  }),
  'without containers is refused': spec({ containers: [] }),
  'without a container’s name or image is refused': spec({ containers: [{}] }),
  'with two containers of one name is refused': spec({
    containers: [
      { name: 'c', image: 'a' },
      { name: 'c', image: 'b' },
    ],
  }),
  'with a container’s name that is no label is refused': spec({ containers: [{ name: 'C_', image: 'a' }] }),
  'with a policy that is none is refused': spec({ restartPolicy: 'Sometimes' }),
  'with a negative grace period is refused': spec({ terminationGracePeriodSeconds: -1 }),
  'with a field of a wrong type is refused': spec({ hostNetwork: 'yes' }),
  'without a name is refused': creates({ ...podOf('a'), metadata: {} }),
  'with a name that is none is refused': creates(podOf('Not_A_Name')),
  'with a name that is too long is refused': creates(podOf('a'.repeat(254))),
  'of another namespace than the path is refused': creates(
    podOf('a', { metadata: { namespace: 'elsewhere' } }),
  ),
  'of another kind than the path is refused': creates({ ...podOf('a'), kind: 'Node' }),
  'of another version than the path is refused': creates({ ...podOf('a'), apiVersion: 'v2' }),
  'in a namespace that is not there is refused': async (api) => {
    await api.post(pods('nowhere'), podOf('a'));
  },
  'that exists is refused': async (api, ns) => {
    await api.post(pods(ns), podOf('a'));
    await api.post(pods(ns), podOf('a'));
  },
  'with a status keeps none of it': creates({
    ...podOf('a'),
    status: { phase: 'Running', podIP: '10.0.0.1' },
  }),
  'with labels and annotations that are none is refused': creates(
    podOf('a', {
      labels: { '-bad': 'x', ok: 'not a label value!' },
      metadata: { annotations: { 'no spaces please': 'x' } },
    }),
  ),
  'has few fields that may change': async (api, ns) => {
    const { body } = await api.post(pods(ns), podOf('a'));
    await api.put(`${pods(ns)}/a`, { ...body, spec: { ...body.spec, nodeName: 'n' } });
    await api.patch('strategic', `${pods(ns)}/a`, { spec: { containers: [{ name: 'c', image: 'nat:2' }] } });
    await api.patch('merge', `${pods(ns)}/a`, { spec: { restartPolicy: 'Never' } });
    await api.patch('merge', `${pods(ns)}/a`, { spec: { tolerations: [] } });
    await api.patch('strategic', `${pods(ns)}/a`, {
      spec: { tolerations: [{ key: 'more', operator: 'Exists' }] },
    });
    await api.patch('merge', `${pods(ns)}/a`, { spec: { activeDeadlineSeconds: 5 } });
  },
  'is bound once': async (api, ns) => {
    await api.post(pods(ns), podOf('a'));
    const binding = (name: string) => ({
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name: 'a' },
      target: { apiVersion: 'v1', kind: 'Node', name },
    });
    await api.post(`${pods(ns)}/a/binding`, { ...binding('n'), target: {} });
    await api.post(`${pods(ns)}/a/binding`, binding('n'));
    await api.post(`${pods(ns)}/a/binding`, binding('m'));
    await api.post(`${pods(ns)}/b/binding`, binding('n'));
    await api.get(`${pods(ns)}/a`);
  },
  'takes its status by the subresource alone': async (api, ns) => {
    const { body } = await api.post(pods(ns), podOf('a'));
    await api.patch('merge', `${pods(ns)}/a`, { status: { phase: 'Running' } });
    await api.patch('strategic', `${pods(ns)}/a/status`, {
      metadata: { labels: { no: 'way' } },
      spec: { nodeName: 'n' },
      status: { phase: 'Running', podIP: '10.0.0.1', podIPs: [{ ip: '10.0.0.1' }] },
    });
    await api.patch('strategic', `${pods(ns)}/a/status`, {
      metadata: { uid: body.metadata.uid },
      status: { conditions: [{ type: 'Ready', status: 'True' }] },
    });
    await api.patch('strategic', `${pods(ns)}/a/status`, {
      status: {
        '$setElementOrder/conditions': [{ type: 'Initialized' }, { type: 'Ready' }],
        conditions: [
          { type: 'Initialized', status: 'True' },
          { type: 'Ready', status: 'False' },
        ],
      },
    });
    await api.patch('strategic', `${pods(ns)}/a/status`, {
      metadata: { uid: 'another' },
      status: { phase: 'Failed' },
    });
    await api.get(`${pods(ns)}/a/status`);
    await api.patch('merge', `${pods(ns)}/a/status`, { status: { podIPs: [{ ip: 'nonsense' }] } });
    await api.patch('merge', `${pods(ns)}/a/status`, { status: { conditions: [{ type: 'Ready' }] } });
  },
  'is evicted': async (api, ns) => {
    const eviction = (name: string) => ({ apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name } });
    await api.post(pods(ns), podOf('a'));
    await api.post(`${pods(ns)}/a/eviction`, { ...eviction('a'), deleteOptions: { dryRun: ['All'] } });
    await api.post(`${pods(ns)}/b/eviction`, eviction('b'));
    await api.post(`${pods(ns)}/a/eviction`, eviction('b'));
    await api.post(`${pods(ns)}/a/eviction`, eviction('a'));
    await api.get(`${pods(ns)}/a`);
  },
  'has no other verbs and subresources': async (api, ns) => {
    await api.put(pods(ns), podOf('a'));
    await api.post(`${pods(ns)}/a`, podOf('a'));
    await api.get(`${pods(ns)}/a/nonsense`);
    await api.call('OPTIONS', `${pods(ns)}/a`);
  },
};
