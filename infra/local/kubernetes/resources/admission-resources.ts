import { checkBinding } from '../admission/check-binding.ts';
import { checkPolicy } from '../admission/check-policy.ts';
import type { JsonObject } from '../objects/object.ts';
import { bindingStructure, policyStructure } from './admission-structures.ts';
import type { Resource } from './resource.ts';

const admission = {
  group: 'admissionregistration.k8s.io',
  versions: ['v1'],
  storage: 'v1',
  custom: false,
  shortNames: [],
  categories: ['api-extensions'],
  namespaced: false,
  generation: true,
} as const;

/** Policies of the cluster in CEL, which every write is held against. */
export const admissionResources: readonly Resource[] = [
  {
    ...admission,
    plural: 'validatingadmissionpolicies',
    singular: 'validatingadmissionpolicy',
    kind: 'ValidatingAdmissionPolicy',
    subresources: ['status'],
    structures: { v1: policyStructure },
    complete: (policy: JsonObject) => {
      policy.status ??= {};
    },
    check: checkPolicy,
  },
  {
    ...admission,
    plural: 'validatingadmissionpolicybindings',
    singular: 'validatingadmissionpolicybinding',
    kind: 'ValidatingAdmissionPolicyBinding',
    subresources: [],
    structures: { v1: bindingStructure },
    check: checkBinding,
  },
];
