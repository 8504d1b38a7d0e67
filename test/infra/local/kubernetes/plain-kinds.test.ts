import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../infra/local/kubernetes/objects/object.ts';
import { type Answer, Api, pod, pods } from './api.ts';
import { Kubectl, missing } from './kubectl.ts';

let api: Api;
beforeEach(async () => {
  api = await Api.start();
});
afterEach(() => api.close());

const core = '/api/v1/namespaces/default';
const jobs = '/apis/batch/v1/namespaces/default/jobs';
const message = ({ body }: Answer): unknown => (body as unknown as { message: string }).message;
const named = (kind: string, name: string, more: object): object => ({
  apiVersion: 'v1',
  kind,
  metadata: { name },
  ...more,
});
const service = (name: string, spec: JsonObject = {}): object =>
  named('Service', name, { spec: { ports: [{ port: 80 }], ...spec } });
const specOf = ({ body }: Answer): JsonObject => body.spec as JsonObject;

describe('a Secret', () => {
  it('holds bytes in base64, whatever it was written as, and is Opaque if nothing else', async () => {
    const { body } = await api.post(`${core}/secrets`, named('Secret', 's', { stringData: { a: 'b' } }));
    expect([body.data, body.type, body.stringData]).toEqual([{ a: 'Yg==' }, 'Opaque', undefined]);
  });

  it('of a well-known type has the keys of that type', async () => {
    const answer = await api.post(
      `${core}/secrets`,
      named('Secret', 's', { type: 'kubernetes.io/tls', data: { 'tls.crt': 'Yg==' } }),
    );
    expect([answer.code, message(answer)]).toEqual([
      422,
      'Secret "s" is invalid: data[tls.key]: Required value',
    ]);
  });

  it('is refused with what is no base64, and keeps its type', async () => {
    const refused = await api.post(`${core}/secrets`, named('Secret', 's', { data: { a: 'b c' } }));
    expect([refused.code, message(refused)]).toEqual([
      400,
      'Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte 1',
    ]);
    await api.post(`${core}/secrets`, named('Secret', 's', {}));
    expect(message(await api.merge(`${core}/secrets/s`, { type: 'other' }))).toContain(
      'type: Invalid value: "other": field is immutable',
    );
  });
});

describe('a ConfigMap', () => {
  it('holds text', async () => {
    const answer = await api.post(`${core}/configmaps`, named('ConfigMap', 'c', { data: { a: 1 } }));
    expect([answer.code, message(answer)]).toEqual([
      400,
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field ConfigMap.data of type string',
    ]);
  });

  it('that says it is immutable is', async () => {
    await api.post(`${core}/configmaps`, named('ConfigMap', 'c', { data: { a: '1' }, immutable: true }));
    expect(message(await api.merge(`${core}/configmaps/c`, { data: { a: '2' } }))).toBe(
      'ConfigMap "c" is invalid: data: Forbidden: field is immutable when `immutable` is set',
    );
    expect((await api.merge(`${core}/configmaps/c`, { metadata: { labels: { a: 'b' } } })).code).toBe(200);
  });
});

describe('a ServiceAccount', () => {
  it('`default` is in every namespace, and comes back', async () => {
    await api.post('/api/v1/namespaces', { metadata: { name: 'team' } });
    const path = '/api/v1/namespaces/team/serviceaccounts/default';
    const { body } = await api.get(path);
    await api.delete(path);
    const again = await api.get(path);
    expect([again.code, again.body.metadata.uid === body.metadata.uid]).toEqual([200, false]);
  });

  it('that is not there runs no Pod', async () => {
    const answer = await api.post(pods, pod('a', {}, { serviceAccountName: 'other' }));
    expect([answer.code, message(answer)]).toEqual([
      403,
      'pods "a" is forbidden: error looking up service account default/other: serviceaccount "other" not found',
    ]);
  });

  it('goes with its namespace', async () => {
    await api.post('/api/v1/namespaces', { metadata: { name: 'team' } });
    const gone = await api.watch('/api/v1/namespaces?resourceVersion=1');
    await api.delete('/api/v1/namespaces/team');
    let last: string | undefined;
    do last = (await gone.next())?.type;
    while (last !== 'DELETED');
    gone.stop();
    expect((await api.get('/api/v1/namespaces/team/serviceaccounts')).body.items).toEqual([]);
  });
});

describe('a Service', () => {
  it('gets an address of its own, and keeps it', async () => {
    const ips = [];
    for (const name of ['a', 'b'])
      ips.push(specOf(await api.post(`${core}/services`, service(name))).clusterIP);
    expect(ips).toEqual(['34.118.224.2', '34.118.224.3']);
    const patched = await api.merge(`${core}/services/a`, {
      spec: { clusterIP: null, selector: { app: 'a' } },
    });
    expect(specOf(patched).clusterIP).toBe('34.118.224.2');
    expect(message(await api.merge(`${core}/services/a`, { spec: { clusterIP: '34.118.224.9' } }))).toContain(
      'may not change once set',
    );
  });

  it('may ask for an address that nobody has', async () => {
    const answer = await api.post(`${core}/services`, service('a', { clusterIP: '34.118.224.1' }));
    expect([answer.code, message(answer)]).toEqual([
      422,
      'Service "a" is invalid: spec.clusterIPs: Invalid value: ["34.118.224.1"]: failed to allocate IP 34.118.224.1: provided IP is already allocated',
    ]);
  });

  it('of type NodePort gets a port on the nodes, each another', async () => {
    const spec = {
      type: 'NodePort',
      ports: [
        { name: 'a', port: 80 },
        { name: 'b', port: 81 },
      ],
    };
    const answer = await api.post(`${core}/services`, service('a', spec));
    expect((specOf(answer).ports as JsonObject[]).map(({ nodePort }) => nodePort)).toEqual([30_000, 30_001]);
    const taken = service('b', { type: 'NodePort', ports: [{ port: 80, nodePort: 30_001 }] });
    expect(message(await api.post(`${core}/services`, taken))).toContain(
      'provided port is already allocated',
    );
  });

  it('has ports, named if there are many', async () => {
    expect(message(await api.post(`${core}/services`, service('a', { ports: [] })))).toContain(
      'spec.ports: Required value',
    );
    expect(
      message(await api.post(`${core}/services`, service('a', { ports: [{ port: 80 }, { port: 81 }] }))),
    ).toContain('spec.ports[0].name: Required value');
  });

  it('merges its ports by their numbers', async () => {
    await api.post(
      `${core}/services`,
      service('a', {
        ports: [
          { name: 'a', port: 80 },
          { name: 'b', port: 81 },
        ],
      }),
    );
    const answer = await api.strategic(`${core}/services/a`, {
      spec: { ports: [{ port: 81, targetPort: 8081 }] },
    });
    expect((specOf(answer).ports as JsonObject[]).map(({ port, targetPort }) => [port, targetPort])).toEqual([
      [80, 80],
      [81, 8081],
    ]);
  });
});

describe('a Job', () => {
  const job = (spec: JsonObject = {}, podSpec: JsonObject = {}): object => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'j' },
    spec: {
      template: {
        metadata: { labels: { app: 'j' } },
        spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'b' }], ...podSpec },
      },
      ...spec,
    },
  });

  it('selects its Pods by its own uid, and has the labels of its template', async () => {
    const { body } = await api.post(jobs, job());
    const { uid } = body.metadata;
    expect(body).toMatchObject({
      metadata: { labels: { app: 'j', 'job-name': 'j' } },
      spec: {
        completions: 1,
        parallelism: 1,
        backoffLimit: 6,
        selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } },
        template: {
          metadata: { labels: { app: 'j', 'batch.kubernetes.io/job-name': 'j', 'controller-uid': uid } },
        },
      },
    });
  });

  it('may not restart forever', async () => {
    expect(message(await api.post(jobs, job({}, { restartPolicy: 'Always' })))).toBe(
      'Job.batch "j" is invalid: spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
    );
  });

  it('keeps its template', async () => {
    await api.post(jobs, job());
    const change = { spec: { template: { spec: { containers: [{ name: 'a', image: 'c' }] } } } };
    expect(message(await api.merge(`${jobs}/j`, change))).toContain('field is immutable');
  });

  it('of a form that nothing here runs is refused by its name', async () => {
    const answer = await api.post(jobs, job({ completionMode: 'Indexed' }));
    expect([answer.code, message(answer)]).toEqual([
      501,
      'completionMode Indexed of a Job is not served by the local cloud',
    ]);
  });
});

describe.skipIf(missing !== undefined)('kubectl create, in protobuf', () => {
  let kubectl: Kubectl;
  beforeEach(async () => {
    kubectl = await Kubectl.start(api);
  });
  afterEach(() => kubectl.end());

  const read = async (kind: string): Promise<JsonObject> =>
    JSON.parse(await kubectl.say(`get ${kind} x -o json`)) as JsonObject;

  it.each<[string, string, object]>([
    ['configmap x', 'configmap', { data: { a: '1', empty: '' } }],
    ['secret generic x', 'secret', { type: 'Opaque', data: { a: 'MQ==', empty: '' } }],
  ])('%s with literals, an empty one too', async (words, kind, expected) => {
    await kubectl.say(`create ${words} --from-literal=a=1 --from-literal=empty=`);
    expect(await read(kind)).toMatchObject(expected);
  });

  it('configmap of a file that is no text', async () => {
    const file = kubectl.file('b', '');
    writeFileSync(file, Buffer.from([0xff, 0xfe]));
    await kubectl.say('create configmap x', `--from-file=b=${file}`);
    expect(await read('configmap')).toMatchObject({ binaryData: { b: '//4=' } });
  });

  it.each<[string, string, object]>([
    ['serviceaccount x', 'serviceaccount', { metadata: { name: 'x' } }],
    ['namespace x', 'namespace', { status: { phase: 'Active' } }],
    [
      'service clusterip x --tcp=80:8080',
      'service',
      {
        spec: {
          type: 'ClusterIP',
          selector: { app: 'x' },
          ports: [{ name: '80-8080', port: 80, targetPort: 8080 }],
        },
      },
    ],
    ['service clusterip x --clusterip=None', 'service', { spec: { clusterIP: 'None' } }],
    ['service nodeport x --tcp=80 --node-port=30123', 'service', { spec: { ports: [{ nodePort: 30_123 }] } }],
    ['service loadbalancer x --tcp=80', 'service', { spec: { type: 'LoadBalancer' } }],
    [
      'service externalname x --external-name=example.com',
      'service',
      { spec: { externalName: 'example.com' } },
    ],
    [
      'job x --image=busybox -- date -u',
      'job',
      {
        spec: {
          template: {
            spec: { restartPolicy: 'Never', containers: [{ image: 'busybox', command: ['date', '-u'] }] },
          },
        },
      },
    ],
    ['deployment x --image=a --replicas=0 --port=80', 'deployment', { spec: { replicas: 0 } }],
    ['role x --verb=get --resource=pods', 'role', { rules: [{ verbs: ['get'], resources: ['pods'] }] }],
    [
      'clusterrole x --verb=get --non-resource-url=/healthz',
      'clusterrole',
      { rules: [{ nonResourceURLs: ['/healthz'] }] },
    ],
    [
      'rolebinding x --role=r --serviceaccount=default:default',
      'rolebinding',
      { subjects: [{ kind: 'ServiceAccount', namespace: 'default' }] },
    ],
    [
      'clusterrolebinding x --clusterrole=r --user=u --group=g',
      'clusterrolebinding',
      { subjects: [{ name: 'u' }, { name: 'g' }] },
    ],
    [
      'poddisruptionbudget x --selector=app=x --min-available=50%',
      'pdb',
      { spec: { minAvailable: '50%', selector: { matchLabels: { app: 'x' } } } },
    ],
    ['poddisruptionbudget x --selector=app=x --max-unavailable=0', 'pdb', { spec: { maxUnavailable: 0 } }],
  ])('%s', async (words, kind, expected) => {
    await kubectl.say(`create ${words}`);
    expect(await read(kind)).toMatchObject(expected);
  });

  it('token makes its bearer the ServiceAccount', async () => {
    const token = await kubectl.say('create token default --duration=1h');
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
    const response = await fetch(`${api.kubernetes.url}${path}`, { method: 'POST', headers, body: '{}' });
    expect(await response.json()).toMatchObject({
      status: {
        userInfo: {
          username: 'system:serviceaccount:default:default',
          groups: expect.arrayContaining(['system:serviceaccounts']),
        },
      },
    });
    expect((await kubectl.run('create token other')).err).toContain('serviceaccounts "other" not found');
  });

  it.each([
    ['cronjob x --image=a --schedule=@daily', 'cronjobs.batch'],
    ['quota x --hard=pods=1', 'resourcequotas'],
    ['priorityclass x --value=1', 'priorityclasses.scheduling.k8s.io'],
    ['ingress x --rule=/=a:80', 'ingresses.networking.k8s.io'],
  ])('%s says that there is no such resource here', async (words, resource) => {
    const { code, err } = await kubectl.run(`create ${words}`);
    expect([code, err]).toEqual([1, expect.stringContaining(`${resource} is not served by the local cloud`)]);
  });

  it('prints them as Kubernetes does', async () => {
    await kubectl.say('create service nodeport x --tcp=80 --node-port=30123');
    await kubectl.say('create secret generic x --from-literal=a=1');
    await kubectl.say('create job x --image=a');
    expect(await kubectl.table('get service,secret,job,sa')).toEqual([
      'NAME TYPE CLUSTER-IP EXTERNAL-IP PORT(S) AGE',
      'service/kubernetes ClusterIP 34.118.224.1 <none> 443/TCP 0s',
      'service/x NodePort 34.118.224.2 <none> 80:30123/TCP 0s',
      '',
      'NAME TYPE DATA AGE',
      'secret/x Opaque 1 0s',
      '',
      'NAME STATUS COMPLETIONS DURATION AGE',
      'job.batch/x Running 0/1 0s',
      '',
      'NAME SECRETS AGE',
      'serviceaccount/default 0 0s',
    ]);
  });
});
