import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../infra/local/kubernetes/objects/object.ts';
import { Api, gateway } from './api.ts';
import { Kubectl, missing, type Ran } from './kubectl.ts';

let api: Api;
let kubectl: Kubectl;
beforeEach(async () => {
  api = await Api.start();
  kubectl = await Kubectl.start(api);
});
afterEach(async () => {
  await kubectl.end();
  await api.close();
});

const policy: JsonObject = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingAdmissionPolicy',
  metadata: { name: 'few' },
  spec: {
    matchConstraints: {
      resourceRules: [
        {
          apiGroups: ['gateway.networking.k8s.io'],
          apiVersions: ['v1'],
          operations: ['CREATE', 'UPDATE'],
          resources: ['gateways'],
        },
      ],
    },
    validations: [{ expression: '!has(object.spec.addresses)', message: 'pools are not for you' }],
  },
};
const binding: JsonObject = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingAdmissionPolicyBinding',
  metadata: { name: 'few' },
  spec: { policyName: 'few', validationActions: ['Deny'] },
};

const apply = (object: JsonObject): Promise<Ran> =>
  kubectl.run('apply -f', [kubectl.file(`${String(object.kind)}.yaml`, object)]);
const applied = async (object: JsonObject): Promise<void> => expect((await apply(object)).err).toBe('');

describe.skipIf(missing !== undefined)('kubectl', () => {
  it('applies a policy and its binding, shows them, and prints why one denies', async () => {
    await applied(policy);
    await applied(binding);
    expect((await kubectl.say('get validatingadmissionpolicies')).replaceAll(/ +/g, ' ')).toMatch(
      /NAME VALIDATIONS PARAMKIND AGE\s+few 1 <unset>/,
    );
    expect((await kubectl.say('get validatingadmissionpolicybindings')).replaceAll(/ +/g, ' ')).toMatch(
      /NAME POLICYNAME PARAMREF AGE\s+few few <unset>/,
    );
    const { code, err } = await apply(gateway('pool', { addresses: [{ value: '34.1.2.3' }] }));
    expect(code).toBe(1);
    expect(err).toContain(
      "ValidatingAdmissionPolicy 'few' with binding 'few' denied request: pools are not for you",
    );
    expect((await apply(gateway('empty'))).out).toContain('created');
  });

  it('prints a warning for what a binding only warns of', async () => {
    await applied(policy);
    await applied({ ...binding, spec: { policyName: 'few', validationActions: ['Warn'] } });
    const { code, err } = await apply(gateway('pool', { addresses: [{ value: '34.1.2.3' }] }));
    expect(code).toBe(0);
    expect(err).toContain("Warning: Validation failed for ValidatingAdmissionPolicy 'few'");
  });

  it('refuses a misspelt field of a Gateway before it is sent away', async () => {
    const { code, err } = await apply(gateway('pool', { infrastrcture: {} }));
    expect(code).toBe(1);
    expect(err).toContain('unknown field "spec.infrastrcture"');
  });

  it('explains what a Gateway and a policy are made of', async () => {
    expect(await kubectl.say('explain gateway.spec.listeners.tls')).toContain('certificateRefs');
    expect(
      await kubectl.say(
        'explain gateways.spec.infrastructure --api-version gateway.networking.k8s.io/v1beta1',
      ),
    ).toContain('parametersRef');
    const explained = await kubectl.say('explain validatingadmissionpolicy.spec.matchConstraints');
    expect(explained).toContain('resourceRules');
  });
});
