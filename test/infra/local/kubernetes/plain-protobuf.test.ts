import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../infra/local/kubernetes/objects/object.ts';
import { Kubectl, missing } from './kubectl.ts';
import { anEmptyApi, api } from './plain-objects.ts';

anEmptyApi();

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
