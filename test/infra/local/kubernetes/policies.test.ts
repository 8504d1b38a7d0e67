import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuditEvent } from '../../../../infra/local/kubernetes/index.ts';
import type { JsonObject } from '../../../../infra/local/kubernetes/objects/object.ts';
import {
  type Answer,
  Api,
  deployment,
  deployments,
  gateway,
  gateways,
  pod,
  pods,
  route,
  routes,
} from './api.ts';

let api: Api;
beforeEach(async () => {
  api = await Api.start();
});
afterEach(() => api.close());

const root = '/apis/admissionregistration.k8s.io/v1';
const policies = `${root}/validatingadmissionpolicies`;
const bindings = `${root}/validatingadmissionpolicybindings`;

const policy = (spec: JsonObject, name = 'cidrs'): JsonObject => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingAdmissionPolicy',
  metadata: { name },
  spec: {
    matchConstraints: {
      resourceRules: [
        {
          apiGroups: ['networking.gke.io'],
          apiVersions: ['v1'],
          operations: ['CREATE', 'UPDATE'],
          resources: ['gkeiproutes'],
        },
      ],
    },
    ...spec,
  },
});
const binding = (spec: JsonObject = {}, name = 'everywhere', policyName = 'cidrs'): JsonObject => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingAdmissionPolicyBinding',
  metadata: { name },
  spec: { policyName, validationActions: ['Deny'], ...spec },
});

const made = async (path: string, object: JsonObject): Promise<void> => {
  const { code, body } = await api.post(path, object);
  expect([code, body.message]).toEqual([201, undefined]);
};
const enforce = async (spec: JsonObject, bound: JsonObject = {}): Promise<void> => {
  await made(policies, policy(spec));
  await made(bindings, binding(bound));
};
const rules = (resources: string[], operations = ['*'], group = ''): JsonObject => ({
  matchConstraints: {
    resourceRules: [{ apiGroups: [group], apiVersions: ['*'], operations, resources }],
  },
});

const cidrs = { expression: 'object.spec.addresses.all(a, isCIDR(a.value))' };
const bare = route('nat', { addresses: [{ value: '34.1.2.3' }] });
const said = "ValidatingAdmissionPolicy 'cidrs' with binding 'everywhere' denied request: ";

describe('a policy', () => {
  it('denies what its validation does not hold for, in the words of the API server', async () => {
    await enforce({ validations: [cidrs] });
    const { code, body } = await api.post(routes, bare);
    const message = `${said}failed expression: ${cidrs.expression}`;
    expect([code, body]).toEqual([
      422,
      {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        message: `gkeiproutes.networking.gke.io "nat" is forbidden: ${message}`,
        reason: 'Invalid',
        details: { name: 'nat', group: 'networking.gke.io', kind: 'gkeiproutes', causes: [{ message }] },
        code: 422,
      },
    ]);
    await made(routes, route('nat'));
    expect((await api.merge(`${routes}/nat`, { spec: { addresses: [{ value: 'x' }] } })).code).toBe(422);
  });

  it('says nothing without a binding, nor after it is gone', async () => {
    await made(policies, policy({ validations: [cidrs] }));
    expect((await api.post(`${routes}?dryRun=All`, bare)).code).toBe(201);
    await made(bindings, binding());
    expect((await api.post(`${routes}?dryRun=All`, bare)).code).toBe(422);
    await api.delete(`${policies}/cidrs`);
    expect((await api.post(routes, bare)).code).toBe(201);
  });

  it.each<[string, JsonObject, string, number]>([
    ['its message', { message: ' write CIDRs ' }, 'write CIDRs', 422],
    [
      'what its expression comes to',
      { message: 'no', messageExpression: "'no CIDR: ' + object.spec.addresses[0].value" },
      'no CIDR: 34.1.2.3',
      422,
    ],
    [
      'its message where the expression fails',
      { message: 'no', messageExpression: 'string(object.x)' },
      'no',
      422,
    ],
    ['a reason', { message: 'no', reason: 'Forbidden' }, 'no', 403],
  ])('says %s', async (_, more, message, code) => {
    await enforce({ validations: [{ ...cidrs, ...more }] });
    const answer = await api.post(routes, bare);
    expect([answer.code, answer.body.message]).toEqual([
      code,
      `gkeiproutes.networking.gke.io "nat" is forbidden: ${said}${message}`,
    ]);
  });

  it('may name parts of its expressions, each of which may use those before', async () => {
    await enforce({
      variables: [
        { name: 'values', expression: 'object.spec.addresses.map(a, a.value)' },
        { name: 'bad', expression: 'variables.values.filter(v, !isCIDR(v))' },
      ],
      validations: [
        { expression: 'variables.bad.size() == 0', messageExpression: "'bad: ' + variables.bad.join(', ')" },
      ],
    });
    expect((await api.post(routes, bare)).body.message).toContain('denied request: bad: 34.1.2.3');
    await made(routes, route('nat'));
  });

  it('sees what was, who asks, how and where', async () => {
    await enforce({
      validations: [
        {
          expression: 'oldObject == null || oldObject.spec.addresses == object.spec.addresses',
          message: 'moved',
        },
        {
          expression: "request.operation == 'CREATE' || request.userInfo.username != 'mallory'",
          message: 'who',
        },
        {
          expression: "namespaceObject.metadata.name == 'default' && request.namespace == 'default'",
          message: 'where',
        },
        { expression: "request.kind.kind == 'GKEIPRoute' && !has(request.subResource)", message: 'what' },
      ],
    });
    await made(routes, route('nat'));
    const moved = await api.merge(`${routes}/nat`, { spec: { addresses: [{ value: '34.1.1.1/32' }] } });
    expect(moved.body.message).toContain('denied request: moved');
    api.user = 'mallory';
    expect((await api.merge(`${routes}/nat`, { metadata: { labels: { a: 'b' } } })).body.message).toContain(
      'who',
    );
  });

  it('may ask what the caller is allowed to do', async () => {
    await api.close();
    api = await Api.start({
      authorize: ({ user, verb, resource }) => user !== 'tenant' || verb !== 'use' || resource === 'pools',
    });
    await enforce({
      validations: [
        {
          expression: "authorizer.group('x').resource('pools').namespace('infra').check('use').allowed()",
          message: 'a',
        },
        { expression: "authorizer.requestResource.check('use').allowed()", message: 'not for you' },
      ],
    });
    await made(routes, route('nat'));
    api.user = 'tenant';
    expect((await api.post(routes, route('other'))).body.message).toContain('denied request: not for you');
  });

  it('whose expression fails denies, or lets pass if it is to ignore failures', async () => {
    const validations = [{ expression: 'object.spec.colour == "red"' }];
    await enforce({ validations });
    expect((await api.post(routes, bare)).body.message).toBe(
      `gkeiproutes.networking.gke.io "nat" is forbidden: ${said}expression 'object.spec.colour == "red"' resulted in error: no such key: colour`,
    );
    await api.merge(`${policies}/cidrs`, { spec: { failurePolicy: 'Ignore' } });
    expect((await api.post(routes, bare)).code).toBe(201);
  });

  it('is asked only where its conditions hold', async () => {
    await enforce({
      matchConditions: [{ name: 'ours', expression: "object.metadata.?labels.?team.orValue('') == 'nat'" }],
      validations: [cidrs],
    });
    expect((await api.post(routes, bare)).code).toBe(201);
    const ours = { ...bare, metadata: { name: 'ours', labels: { team: 'nat' } } };
    expect((await api.post(routes, ours)).code).toBe(422);
  });
});

describe('what a policy is asked about', () => {
  const never = { validations: [{ expression: 'false', message: 'never' }] };

  it('is the resource, the operation and the subresource that it names', async () => {
    await enforce({
      ...rules(['pods/eviction', 'deployments/scale', 'nodes'], ['CREATE', 'UPDATE', 'DELETE'], '*'),
      ...never,
    });
    await made(pods, pod('a'));
    await made(deployments, deployment('d'));
    expect((await api.merge(`${deployments}/d`, { spec: { replicas: 2 } })).code).toBe(200);
    expect((await api.merge(`${deployments}/d/scale`, { spec: { replicas: 3 } })).body.message).toContain(
      'never',
    );
    const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'a' } };
    expect((await api.post(`${pods}/a/eviction`, eviction)).body.message).toContain('never');
    expect((await api.delete(`${pods}/a`)).code).toBe(200);
  });

  it('is a deletion too, of which it sees what was', async () => {
    await enforce({
      ...rules(['pods'], ['DELETE']),
      validations: [{ expression: "object == null && oldObject.metadata.name != 'kept'", message: 'kept' }],
    });
    await made(pods, pod('kept'));
    await made(pods, pod('other'));
    expect((await api.delete(`${pods}/kept`)).code).toBe(422);
    expect((await api.delete(`${pods}/other`)).code).toBe(200);
    expect((await api.delete(pods)).code).toBe(422);
  });

  it('is the object in the version that the policy names, whichever version was written', async () => {
    const gatewayRules = rules(['gateways'], ['CREATE'], 'gateway.networking.k8s.io')
      .matchConstraints as JsonObject;
    const [rule] = gatewayRules.resourceRules as JsonObject[];
    const constraints = (matchPolicy: string): JsonObject => ({
      matchConstraints: { matchPolicy, resourceRules: [{ ...rule, apiVersions: ['v1'] }] },
    });
    await enforce({
      ...constraints('Equivalent'),
      validations: [{ expression: "object.apiVersion != 'gateway.networking.k8s.io/v1'", message: 'v1' }],
    });
    const beta = { ...gateway('a'), apiVersion: 'gateway.networking.k8s.io/v1beta1' };
    const betas = gateways.replace('/v1/', '/v1beta1/');
    expect((await api.post(betas, beta)).body.message).toContain('v1');
    await api.merge(`${policies}/cidrs`, { spec: constraints('Exact') });
    expect((await api.post(betas, beta)).code).toBe(201);
  });

  it('is chosen by labels of the object, of its namespace, by name, and by what is excluded', async () => {
    const resourceRules = (rules(['pods']).matchConstraints as JsonObject).resourceRules as JsonObject[];
    const chosen = async (constraints: JsonObject, wanted: number, labels = {}): Promise<void> => {
      await api.delete(`${policies}/cidrs`);
      await made(policies, policy({ ...never, matchConstraints: { resourceRules, ...constraints } }));
      expect((await api.post(`${pods}?dryRun=All`, pod('a', labels))).code, JSON.stringify(constraints)).toBe(
        wanted,
      );
    };
    await made(bindings, binding());
    await chosen({}, 422);
    await chosen({ objectSelector: { matchLabels: { app: 'x' } } }, 201);
    await chosen({ objectSelector: { matchLabels: { app: 'x' } } }, 422, { app: 'x' });
    const named = (name: string): JsonObject => ({ matchLabels: { 'kubernetes.io/metadata.name': name } });
    await chosen({ namespaceSelector: named('other') }, 201);
    await chosen({ namespaceSelector: named('default') }, 422);
    await chosen({ excludeResourceRules: resourceRules }, 201);
    await chosen({ resourceRules: [{ ...resourceRules[0], resourceNames: ['b'] }] }, 201);
    await chosen({ resourceRules: [{ ...resourceRules[0], scope: 'Cluster' }] }, 201);
  });

  it('is never a policy itself', async () => {
    await enforce({ ...rules(['*'], ['*'], '*'), ...never });
    expect((await api.delete(`${bindings}/everywhere`)).code).toBe(200);
  });
});

describe('a binding', () => {
  it('that warns lets pass and says so', async () => {
    await enforce({ validations: [cidrs] }, { validationActions: ['Warn'] });
    const response = await fetch(`${api.kubernetes.url}${routes}`, {
      method: 'POST',
      headers: api.headers(),
      body: JSON.stringify(bare),
    });
    expect([response.status, response.headers.get('warning')]).toEqual([
      201,
      `299 - "Validation failed for ValidatingAdmissionPolicy 'cidrs' with binding 'everywhere': failed expression: ${cidrs.expression}"`,
    ]);
  });

  it('that audits lets pass and notes it in the audit log, as the policy notes what it is to note', async () => {
    const events: AuditEvent[] = [];
    api.kubernetes.onAudit((event) => events.push(event));
    await enforce({ validations: [cidrs] }, { validationActions: ['Audit'] });
    await made(routes, bare);
    expect(
      JSON.parse(events.at(-1)?.annotations['validation.policy.admission.k8s.io/validation_failure'] ?? ''),
    ).toEqual([
      {
        message: `failed expression: ${cidrs.expression}`,
        policy: 'cidrs',
        binding: 'everywhere',
        expressionIndex: 0,
        validationActions: ['Audit'],
      },
    ]);
    await api.delete(`${policies}/cidrs`);
    await made(
      policies,
      policy({
        auditAnnotations: [
          { key: 'first', valueExpression: "'first ' + string(object.spec.addresses[0].value)" },
        ],
      }),
    );
    await made(routes, route('other'));
    expect(events.at(-1)?.annotations['cidrs/first']).toBe('first 34.123.10.1/32');
  });

  it('hands its policy objects as parameters; without one it denies if it is told to', async () => {
    const paramKind = { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'Gateway' };
    const paramRef = { name: 'limits', namespace: 'default', parameterNotFoundAction: 'Deny' };
    const validations = [
      {
        expression: 'object.spec.addresses.size() <= int(params.metadata.annotations.most)',
        message: 'too many',
      },
    ];
    await enforce({ paramKind, validations }, { paramRef });
    expect((await api.post(routes, route('nat'))).body.message).toBe(
      `gkeiproutes.networking.gke.io "nat" is forbidden: ${said}failed to configure binding: no params found for policy binding with \`Deny\` parameterNotFoundAction`,
    );
    await made(gateways, { ...gateway('limits'), metadata: { name: 'limits', annotations: { most: '1' } } });
    await made(routes, route('nat'));
    const two = route('two', { addresses: [{ value: '34.1.2.3/32' }, { value: '34.1.2.4/32' }] });
    expect((await api.post(routes, two)).body.message).toContain('too many');
  });

  it('matches within what its policy matches', async () => {
    const matchResources = { objectSelector: { matchLabels: { app: 'x' } } };
    await enforce({ validations: [cidrs] }, { matchResources });
    expect((await api.post(routes, bare)).code).toBe(201);
  });
});

describe('a policy or binding that cannot be meant', () => {
  const refused = ({ code, body }: Answer): [number, string] => [code, String(body.message)];

  it.each<[string, JsonObject, string]>([
    [
      'an expression that does not compile',
      { validations: [{ expression: 'objct.spec' }] },
      `spec.validations[0].expression: Invalid value: "objct.spec": compilation failed: ERROR: <input>:1:1: undeclared reference to 'objct' (in container '')`,
    ],
    [
      'an expression that is no truth',
      { validations: [{ expression: '"a"' }] },
      'spec.validations[0].expression: Invalid value: "\\"a\\"": must evaluate to bool but got string',
    ],
    [
      'parameters that it does not declare',
      { validations: [{ expression: 'params.x == 1' }] },
      "undeclared reference to 'params'",
    ],
    [
      'a variable that is read before it is there',
      { variables: [{ name: 'a', expression: 'variables.b' }], validations: [cidrs] },
      'spec.variables[0].expression: Invalid value: "variables.b": compilation failed: ERROR: <input>:1:10: undefined field \'b\'',
    ],
    [
      'nothing to hold',
      {},
      'spec.validations: Required value: validations or auditAnnotations must contain at least one item',
    ],
    [
      'no resource',
      { matchConstraints: {}, validations: [cidrs] },
      'spec.matchConstraints.resourceRules: Required value',
    ],
    [
      'an unknown reason',
      { validations: [{ ...cidrs, reason: 'No' }] },
      'spec.validations[0].reason: Unsupported value: "No": supported values: "Forbidden", "Invalid", "RequestEntityTooLarge", "Unauthorized"',
    ],
    [
      'an unknown failure policy',
      { failurePolicy: 'Maybe', validations: [cidrs] },
      'spec.failurePolicy: Unsupported value: "Maybe": supported values: "Fail", "Ignore"',
    ],
  ])('with %s is refused', async (_, spec, why) => {
    const [code, message] = refused(await api.post(policies, policy(spec)));
    expect(code).toBe(422);
    expect(message).toContain(why);
  });

  it.each<[string, JsonObject, string]>([
    [
      'no action',
      { validationActions: [] },
      'spec.validationActions: Required value: at least one validation action is required',
    ],
    ['Deny and Warn', { validationActions: ['Deny', 'Warn'] }, 'must not contain both Deny and Warn'],
    [
      'parameters without a name',
      { paramRef: { parameterNotFoundAction: 'Allow' } },
      'spec.paramRef: Required value: one of name or selector must be specified',
    ],
  ])('binding with %s is refused', async (_, spec, why) => {
    const [code, message] = refused(await api.post(bindings, binding(spec)));
    expect(code).toBe(422);
    expect(message).toContain(why);
  });

  it('gets the defaults of the API', async () => {
    const { body } = await api.post(policies, policy({ validations: [cidrs] }));
    expect(body.spec).toMatchObject({
      failurePolicy: 'Fail',
      matchConstraints: {
        matchPolicy: 'Equivalent',
        namespaceSelector: {},
        objectSelector: {},
        resourceRules: [{ scope: '*' }],
      },
    });
  });
});
