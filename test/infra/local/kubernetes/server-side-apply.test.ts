import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject, KubeObject } from '../../../../infra/local/kubernetes/objects/object.ts';
import { type Answer, Api, deployment, deployments, nodes, pod, pods, route, routes } from './api.ts';
import { Kubectl, missing } from './kubectl.ts';

let api: Api;
beforeEach(async () => {
  api = await Api.start();
});
afterEach(() => api.close());

const apply = (path: string, config: object, query: string): Promise<Answer> =>
  api.call('PATCH', `${path}?${query}`, config, 'application/apply-patch+yaml');
const applyAs = (manager: string, path: string, config: object): Promise<Answer> =>
  apply(path, config, `fieldManager=${manager}`);

const web = `${deployments}/web`;
const container = (name: string, more: JsonObject = {}): JsonObject => ({
  name,
  image: `example/${name}:1`,
  ...more,
});
/** A Deployment `web` with these containers. */
const withContainers = (...containers: JsonObject[]): JsonObject => {
  const whole = deployment('web');
  const spec = whole.spec as JsonObject;
  return {
    ...whole,
    spec: { ...spec, template: { ...(spec.template as JsonObject), spec: { containers } } },
  };
};
/** A part of the Deployment `web`. */
const part = (spec: JsonObject, metadata: JsonObject = {}): JsonObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', ...metadata },
  spec,
});

const entries = ({ metadata }: KubeObject): JsonObject[] => (metadata.managedFields ?? []) as JsonObject[];
const setOf = (object: KubeObject, manager: string): unknown =>
  entries(object).find((entry) => entry.manager === manager)?.fieldsV1;
const containersOf = ({ spec }: KubeObject): JsonObject[] =>
  ((spec as JsonObject).template as { spec: { containers: JsonObject[] } }).spec.containers;
const message = ({ body }: Answer): unknown => (body as unknown as { message: string }).message;

describe('an apply', () => {
  it('creates what is not there, and owns exactly what it named', async () => {
    const { code, body } = await applyAs('me', web, deployment('web'));
    expect(code).toBe(201);
    expect(entries(body)).toEqual([
      {
        manager: 'me',
        operation: 'Apply',
        apiVersion: 'apps/v1',
        time: '2026-01-01T00:00:00Z',
        fieldsType: 'FieldsV1',
        fieldsV1: {
          'f:spec': {
            'f:selector': {},
            'f:template': {
              'f:metadata': { 'f:labels': { 'f:app': {} } },
              'f:spec': {
                'f:containers': { 'k:{"name":"app"}': { '.': {}, 'f:name': {}, 'f:image': {} } },
              },
            },
          },
        },
      },
    ]);
  });

  it('of the same again writes nothing', async () => {
    const { body } = await applyAs('me', web, deployment('web'));
    api.clock.pass(60_000);
    const again = await applyAs('me', web, deployment('web'));
    expect([again.code, again.body]).toEqual([200, body]);
  });

  it('of what the server has completed since writes nothing either', async () => {
    const { body } = await applyAs('me', `${routes}/nat`, route('nat'));
    api.clock.pass(60_000);
    expect((await applyAs('me', `${routes}/nat`, route('nat'))).body).toEqual(body);
  });

  it('merges into what others wrote, and leaves them theirs', async () => {
    await api.post(deployments, deployment('web'));
    const { body } = await applyAs('me', web, part({ replicas: 1 }, { labels: { team: 'a' } }));
    expect([body.metadata.labels, containersOf(body).length]).toEqual([{ team: 'a' }, 1]);
    expect(setOf(body, 'me')).toEqual({
      'f:metadata': { 'f:labels': { 'f:team': {} } },
      'f:spec': { 'f:replicas': {} },
    });
    expect(entries(body).map(({ operation }) => operation)).toEqual(['Apply', 'Update']);
  });

  it('of a field that another owns with the same value shares it', async () => {
    await applyAs('one', web, {
      ...deployment('web'),
      spec: { ...(deployment('web').spec as object), replicas: 2 },
    });
    const { body } = await applyAs('two', web, part({ replicas: 2 }));
    expect(setOf(body, 'one')).toMatchObject({ 'f:spec': { 'f:replicas': {} } });
    expect(setOf(body, 'two')).toEqual({ 'f:spec': { 'f:replicas': {} } });
  });

  it('with dryRun says what would be, and stores nothing', async () => {
    const { code, body } = await apply(web, deployment('web'), 'fieldManager=me&dryRun=All');
    expect([code, body.metadata.name]).toEqual([201, 'web']);
    expect((await api.get(web)).code).toBe(404);
  });

  it('to an object without owners counts all before it as one manager', async () => {
    await api.post(routes, route('nat'));
    await api.merge(`${routes}/nat`, { metadata: { managedFields: [{}] } });
    const { body } = await applyAs('me', `${routes}/nat`, {
      apiVersion: 'networking.gke.io/v1',
      kind: 'GKEIPRoute',
      metadata: { name: 'nat', labels: { a: 'b' } },
    });
    expect(entries(body).map(({ manager, operation }) => [manager, operation])).toEqual([
      ['me', 'Apply'],
      ['before-first-apply', 'Update'],
    ]);
  });
});

describe('a conflict', () => {
  beforeEach(async () => {
    await api.post(`${deployments}?fieldManager=kubectl`, {
      ...deployment('web'),
      spec: { ...(deployment('web').spec as object), replicas: 1 },
    });
  });

  it('names the field and its owner, and writes nothing', async () => {
    const { code, body } = await applyAs('me', web, part({ replicas: 3 }));
    expect(code).toBe(409);
    expect(body).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'Apply failed with 1 conflict: conflict with "kubectl" using apps/v1: .spec.replicas',
      reason: 'Conflict',
      details: {
        causes: [
          {
            reason: 'FieldManagerConflict',
            message: 'conflict with "kubectl" using apps/v1',
            field: '.spec.replicas',
          },
        ],
      },
      code: 409,
    });
    expect((await api.get(web)).body.spec).toMatchObject({ replicas: 1 });
  });

  it('names every field of every owner', async () => {
    await applyAs('scaler', web, part({ minReadySeconds: 5 }));
    const spec = {
      replicas: 3,
      minReadySeconds: 6,
      template: { spec: { containers: [container('app', { image: 'other' })] } },
    };
    expect(message(await applyAs('me', web, part(spec)))).toBe(
      [
        'Apply failed with 3 conflicts: conflicts with "kubectl" using apps/v1:',
        '- .spec.replicas',
        '- .spec.template.spec.containers[name="app"].image',
        'conflicts with "scaler":',
        '- .spec.minReadySeconds',
      ].join('\n'),
    );
  });

  it('is with a subresource where the owner wrote by one', async () => {
    await api.merge(`${web}/scale?fieldManager=scaler`, { spec: { replicas: 2 } });
    expect(message(await applyAs('me', web, part({ replicas: 3 })))).toBe(
      'Apply failed with 1 conflict: conflict with "scaler" with subresource "scale" using apps/v1: .spec.replicas',
    );
  });

  it('with force takes the field from its owner', async () => {
    const { code, body } = await apply(web, part({ replicas: 3 }), 'fieldManager=me&force=true');
    expect([code, body.spec]).toMatchObject([200, { replicas: 3 }]);
    expect(setOf(body, 'kubectl')).not.toMatchObject({ 'f:spec': { 'f:replicas': {} } });
    expect(setOf(body, 'me')).toEqual({ 'f:spec': { 'f:replicas': {} } });
  });

  it('does not stop an update, which takes what the applier had', async () => {
    await apply(web, part({ replicas: 3 }), 'fieldManager=me&force=true');
    const { body } = await api.merge(`${web}?fieldManager=other`, { spec: { replicas: 4 } });
    expect(setOf(body, 'me')).toBeUndefined();
    expect(message(await applyAs('me', web, part({ replicas: 3 })))).toContain('conflict with "other"');
  });
});

describe('what is applied no longer', () => {
  it('goes: a field, an item, and all around it that nobody owns', async () => {
    await applyAs('me', web, {
      ...withContainers(container('app'), container('side')),
      metadata: { name: 'web', labels: { a: '1' }, annotations: { a: '1' } },
    });
    const { body } = await applyAs('me', web, {
      ...withContainers(container('app')),
      metadata: { name: 'web', labels: { b: '1' } },
    });
    expect(containersOf(body).map(({ name }) => name)).toEqual(['app']);
    expect([body.metadata.labels, body.metadata.annotations]).toEqual([{ b: '1' }, undefined]);
  });

  it('stays where another owns it, and is that one’s alone', async () => {
    await applyAs('one', web, withContainers(container('app'), container('side')));
    await applyAs('two', web, part({ template: { spec: { containers: [container('side')] } } }));
    const { body } = await applyAs('one', web, withContainers(container('app')));
    expect(containersOf(body).map(({ name }) => name)).toEqual(['app', 'side']);
    expect(JSON.stringify(setOf(body, 'one'))).not.toContain('side');
  });

  it('falls back to the default, if it has one', async () => {
    await applyAs('me', web, {
      ...deployment('web'),
      spec: { ...(deployment('web').spec as object), replicas: 3 },
    });
    const { body } = await applyAs('me', web, deployment('web'));
    expect(body.spec).toMatchObject({ replicas: 1 });
  });

  it('never was the applier’s if the server filled it: defaults stay', async () => {
    await applyAs('me', web, deployment('web'));
    const { body } = await applyAs('me', web, {
      ...deployment('web'),
      metadata: { name: 'web', labels: { a: '1' } },
    });
    expect(containersOf(body)[0]).toMatchObject({ imagePullPolicy: 'IfNotPresent' });
    expect(body.metadata.generation).toBe(1);
  });

  it('goes with its manager’s entry when nothing is left of it', async () => {
    await api.post(deployments, deployment('web'));
    await applyAs('me', web, part({ minReadySeconds: 5 }));
    const { apiVersion, kind, metadata } = part({});
    const { body } = await applyAs('me', web, { apiVersion, kind, metadata } as object);
    expect(body.spec).not.toHaveProperty('minReadySeconds');
    expect(setOf(body, 'me')).toBeUndefined();
  });
});

describe('an object that nobody owns any more', () => {
  it('keeps its name, and is without owners', async () => {
    const path = '/api/v1/namespaces/default/configmaps/c';
    const bare = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' } };
    await applyAs('me', path, { ...bare, metadata: { name: 'c', labels: { a: 'b' } }, data: { a: '1' } });
    const { code, body } = await applyAs('me', path, bare);
    expect([code, body.data, body.metadata.labels, body.metadata.managedFields]).toEqual([
      200,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('the lists of an apply', () => {
  it('merge by key in the applier’s order, and what only the server has keeps its neighbours', async () => {
    await api.post(deployments, withContainers(container('a'), container('x'), container('b')));
    const spec = { template: { spec: { containers: ['b', 'new', 'a'].map((name) => container(name)) } } };
    const { body } = await applyAs('me', web, part(spec));
    expect(containersOf(body).map(({ name }) => name)).toEqual(['x', 'b', 'new', 'a']);
  });

  it('of ports are told apart by port and protocol, TCP where none is said', async () => {
    const ports = (protocols: (string | undefined)[]): JsonObject[] =>
      protocols.map((protocol) => ({ containerPort: 53, ...(protocol === undefined ? {} : { protocol }) }));
    await applyAs('me', web, withContainers(container('app', { ports: ports([undefined, 'UDP']) })));
    const { body } = await applyAs('me', web, withContainers(container('app', { ports: ports(['TCP']) })));
    expect(containersOf(body)[0]?.ports).toEqual([{ containerPort: 53, protocol: 'TCP' }]);
  });

  it('of plain values are sets if their kind says so: finalizers', async () => {
    const config = (...finalizers: string[]): object => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'a', finalizers },
    });
    await api.post(pods, { ...pod('a'), metadata: { name: 'a', finalizers: ['x.io/server'] } });
    await applyAs('me', `${pods}/a`, config('x.io/one', 'x.io/two'));
    const { body } = await applyAs('me', `${pods}/a`, config('x.io/two'));
    expect(body.metadata.finalizers).toEqual(['x.io/server', 'x.io/two']);
  });

  it('are one value otherwise', async () => {
    const config = (value: string): object => ({ ...route('nat'), spec: { addresses: [{ value }] } });
    await applyAs('one', `${routes}/nat`, route('nat'));
    const answer = await applyAs('two', `${routes}/nat`, config('34.123.10.2/32'));
    expect([answer.code, message(answer)]).toEqual([
      409,
      'Apply failed with 1 conflict: conflict with "one": .spec.addresses',
    ]);
  });
});

describe('the status', () => {
  const ready = (status: string): JsonObject => ({
    apiVersion: 'networking.gke.io/v1',
    kind: 'GKEIPRoute',
    metadata: { name: 'nat' },
    spec: { network: 'ignored' },
    status: {
      conditions: [
        { type: 'Ready', status, reason: 'Because', message: '', lastTransitionTime: '2026-01-01T00:00:00Z' },
      ],
    },
  });

  it('is applied by its subresource, under an owner of its own; the rest is ignored', async () => {
    await applyAs('me', `${routes}/nat`, route('nat'));
    const { body } = await applyAs('me', `${routes}/nat/status`, ready('True'));
    expect(body.spec).toMatchObject({ network: 'default' });
    expect(entries(body).map(({ manager, subresource }) => [manager, subresource])).toEqual([
      ['me', undefined],
      ['me', 'status'],
    ]);
    expect(message(await applyAs('other', `${routes}/nat/status`, ready('False')))).toBe(
      'Apply failed with 1 conflict: conflict with "me" with subresource "status": .status.conditions[type="Ready"].status',
    );
  });

  it('is not the main resource’s to apply', async () => {
    const { body } = await applyAs('me', `${routes}/nat`, { ...route('nat'), status: { pods: ['a'] } });
    expect(JSON.stringify(setOf(body, 'me'))).not.toContain('f:status');
  });

  it('of what is not there is not found', async () => {
    expect((await applyAs('me', `${routes}/nat/status`, ready('True'))).code).toBe(404);
  });

  it('and the scale have their own: an applied Scale owns the replicas', async () => {
    await api.post(deployments, deployment('web'));
    const scale = {
      apiVersion: 'autoscaling/v1',
      kind: 'Scale',
      metadata: { name: 'web' },
      spec: { replicas: 4 },
    };
    const { body } = await apply(`${web}/scale`, scale, 'fieldManager=scaler&force=true');
    expect(body).toMatchObject({ kind: 'Scale', spec: { replicas: 4 } });
    expect(entries((await api.get(web)).body)[0]).toMatchObject({
      manager: 'scaler',
      operation: 'Apply',
      subresource: 'scale',
      fieldsV1: { 'f:spec': { 'f:replicas': {} } },
    });
  });
});

describe('an apply is refused', () => {
  const refused: [string, string, object, string, number, string][] = [
    [
      'without a manager',
      web,
      deployment('web'),
      '',
      422,
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    ],
    [
      'of another version',
      web,
      { ...deployment('web'), apiVersion: 'apps/v1beta1' },
      'fieldManager=me',
      400,
      'invalid object type: apps/v1beta1, Kind=Deployment',
    ],
    [
      'with owners of its own',
      web,
      part({}, { managedFields: [{}] }),
      'fieldManager=me',
      400,
      'metadata.managedFields must be nil',
    ],
    [
      'of a field that no schema has',
      `${routes}/nat`,
      route('nat', { adresses: [] }),
      'fieldManager=me',
      500,
      'failed to create typed patch object (/nat; networking.gke.io/v1, Kind=GKEIPRoute): .spec.adresses: field not declared in schema',
    ],
    [
      'of a key twice',
      web,
      withContainers(container('app'), container('app')),
      'fieldManager=me',
      500,
      'failed to create typed patch object (/web; apps/v1, Kind=Deployment): .spec.template.spec.containers: duplicate entries for key [name="app"]',
    ],
    [
      'by a uid that is nobody’s',
      web,
      part({}, { uid: 'u1' }),
      'fieldManager=me',
      409,
      'Operation cannot be fulfilled on deployments.apps "web": uid mismatch: the provided object specified uid u1, and no existing object was found',
    ],
  ];
  it.each(refused)('%s', async (_, path, config, query, code, text) => {
    const answer = await apply(path, config, query);
    expect([answer.code, message(answer)]).toEqual([code, text]);
  });

  it('if it names a version that is not the latest', async () => {
    const { body } = await api.post(deployments, deployment('web'));
    await api.merge(web, { metadata: { labels: { a: 'b' } } });
    const config = part({ replicas: 1 }, { resourceVersion: body.metadata.resourceVersion });
    expect((await applyAs('me', web, config)).code).toBe(409);
  });

  it('to who may patch and not create, where it would create', async () => {
    await api.close();
    api = await Api.start({ authorize: ({ verb }) => verb !== 'create' });
    const answer = await applyAs('me', `${nodes}/n1`, {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'n1' },
    });
    expect([answer.code, message(answer)]).toEqual([
      403,
      expect.stringContaining('cannot create resource "nodes"'),
    ]);
  });

  it('with force of any other patch', async () => {
    await api.post(deployments, deployment('web'));
    expect(message(await api.merge(`${web}?force=true`, {}))).toContain(
      'force: Forbidden: may not be specified for non-apply patch',
    );
  });
});

describe('owners that a client sends', () => {
  it('count if they can be read: so entries are renamed', async () => {
    const { body } = await api.post(`${routes}?fieldManager=old`, route('nat'));
    const renamed = entries(body).map((entry) => ({ ...entry, manager: 'new', operation: 'Apply' }));
    const patch = [{ op: 'replace', path: '/metadata/managedFields', value: renamed }];
    const after = await api.call('PATCH', `${routes}/nat`, patch, 'application/json-patch+json');
    expect(entries(after.body)).toEqual(renamed);
  });

  it('are passed over if they cannot', async () => {
    const { body } = await api.post(routes, route('nat'));
    const patch = [{ op: 'replace', path: '/metadata/managedFields', value: [{ manager: 'x' }] }];
    const after = await api.call('PATCH', `${routes}/nat`, patch, 'application/json-patch+json');
    expect(entries(after.body)).toEqual(entries(body));
  });
});

describe.skipIf(missing !== undefined)('kubectl apply --server-side', () => {
  let kubectl: Kubectl;
  beforeEach(async () => {
    kubectl = await Kubectl.start(api);
  });
  afterEach(() => kubectl.end());

  const file = (object: object): string => kubectl.file('object.yaml', object);
  const scaled = (replicas: number): JsonObject => ({
    ...deployment('web'),
    spec: { ...(deployment('web').spec as object), replicas },
  });

  it('creates, changes and leaves alone', async () => {
    const say = (object: object): Promise<string> => kubectl.say('apply --server-side -f', file(object));
    expect(await say(route('nat'))).toBe('gkeiproute.networking.gke.io/nat serverside-applied');
    await say(route('nat', { network: 'blue' }));
    const { body } = await api.get(`${routes}/nat`);
    expect(body.spec).toMatchObject({ network: 'blue' });
    await say(route('nat', { network: 'blue' }));
    expect((await api.get(`${routes}/nat`)).body).toEqual(body);
  });

  it('says whose fields it would change, and takes them with --force-conflicts', async () => {
    await kubectl.say('apply --server-side --field-manager=one -f', file(scaled(1)));
    const { code, err } = await kubectl.run('apply --server-side -f', [file(scaled(3))]);
    expect([code, err]).toEqual([
      1,
      expect.stringContaining('Apply failed with 1 conflict: conflict with "one": .spec.replicas'),
    ]);
    await kubectl.say('apply --server-side --force-conflicts -f', file(scaled(3)));
    expect((await api.get(web)).body.spec).toMatchObject({ replicas: 3 });
  });

  it('takes over what client-side apply wrote, and its entry with it', async () => {
    await kubectl.say('apply -f', file(scaled(1)));
    await kubectl.say('apply --server-side -f', file(scaled(3)));
    const { body } = await api.get(web);
    // kubectl itself keeps the annotation under a manager of its own.
    expect(
      entries(body).map(({ manager, operation }) => `${manager as string} ${operation as string}`),
    ).toEqual(expect.arrayContaining(['kubectl Apply', 'kubectl-last-applied Apply']));
    expect(entries(body).length).toBe(2);
    expect(JSON.stringify(body.metadata.annotations)).toContain('\\"replicas\\":3');
  });

  it('with --dry-run=server stores nothing', async () => {
    await kubectl.say('apply --server-side --dry-run=server -f', file(scaled(1)));
    expect((await api.get(web)).code).toBe(404);
  });
});
