import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../infra/local/kubernetes/objects/object.ts';
import type { Answer } from './api.ts';
import { anEmptyApi, api, binding, bindings, cidrs, policies, policy } from './policing.ts';

anEmptyApi();

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
