import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../infra/local/kubernetes/objects/object.ts';
import { route, routes } from './api.ts';
import {
  anEmptyApi,
  api,
  bare,
  binding,
  bindings,
  cidrs,
  enforce,
  made,
  policies,
  policy,
  replaceApi,
  said,
} from './policing.ts';

anEmptyApi();

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
    await replaceApi({
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
