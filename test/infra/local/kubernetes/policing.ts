import { afterEach, beforeEach, expect } from 'vitest';
import type { JsonObject } from '../../../../infra/local/kubernetes/objects/object.ts';
import { Api, route } from './api.ts';

export let api: Api;

/** Another API server in the place of this one. */
export const replaceApi = async (...given: Parameters<typeof Api.start>): Promise<void> => {
  await api.close();
  api = await Api.start(...given);
};

export const root = '/apis/admissionregistration.k8s.io/v1';

export const policies = `${root}/validatingadmissionpolicies`;

export const bindings = `${root}/validatingadmissionpolicybindings`;

export const policy = (spec: JsonObject, name = 'cidrs'): JsonObject => ({
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

export const binding = (spec: JsonObject = {}, name = 'everywhere', policyName = 'cidrs'): JsonObject => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingAdmissionPolicyBinding',
  metadata: { name },
  spec: { policyName, validationActions: ['Deny'], ...spec },
});

export const made = async (path: string, object: JsonObject): Promise<void> => {
  const { code, body } = await api.post(path, object);
  expect([code, body.message]).toEqual([201, undefined]);
};

export const enforce = async (spec: JsonObject, bound: JsonObject = {}): Promise<void> => {
  await made(policies, policy(spec));
  await made(bindings, binding(bound));
};

export const cidrs = { expression: 'object.spec.addresses.all(a, isCIDR(a.value))' };

export const bare = route('nat', { addresses: [{ value: '34.1.2.3' }] });

export const said = "ValidatingAdmissionPolicy 'cidrs' with binding 'everywhere' denied request: ";

/** Each test has an API server of its own. */
export const anEmptyApi = (): void => {
  beforeEach(async () => {
    api = await Api.start();
  });
  afterEach(() => api.close());
};
