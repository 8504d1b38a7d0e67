import type { Structure } from '../schema/structure.ts';
import { atomicList, labelSelector } from './gateway-parts.ts';

/** The schemas of ValidatingAdmissionPolicy and its binding (admissionregistration.k8s.io/v1), with the API's defaults. */
const text: Structure = { type: 'string' };
const texts: Structure = { ...atomicList, items: text };

const namedList = (properties: Structure['properties']): Structure => ({
  type: 'array',
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': ['name'],
  items: { type: 'object', properties: { name: text, ...properties } },
});

const rules: Structure = {
  ...atomicList,
  items: {
    type: 'object',
    'x-kubernetes-map-type': 'atomic',
    properties: {
      apiGroups: texts,
      apiVersions: texts,
      operations: texts,
      resourceNames: texts,
      resources: texts,
      scope: { type: 'string', default: '*' },
    },
  },
};

/** An absent selector selects everything, as an empty one does. */
const selector: Structure = { ...labelSelector, default: {} };

const matchResources: Structure = {
  type: 'object',
  'x-kubernetes-map-type': 'atomic',
  properties: {
    excludeResourceRules: rules,
    matchPolicy: { type: 'string', default: 'Equivalent' },
    namespaceSelector: selector,
    objectSelector: selector,
    resourceRules: rules,
  },
};

export const policyStructure: Structure = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        auditAnnotations: {
          ...atomicList,
          items: { type: 'object', properties: { key: text, valueExpression: text } },
        },
        failurePolicy: { type: 'string', default: 'Fail' },
        matchConditions: namedList({ expression: text }),
        matchConstraints: matchResources,
        paramKind: {
          type: 'object',
          'x-kubernetes-map-type': 'atomic',
          properties: { apiVersion: text, kind: text },
        },
        validations: {
          ...atomicList,
          items: {
            type: 'object',
            properties: { expression: text, message: text, messageExpression: text, reason: text },
          },
        },
        variables: namedList({ expression: text }),
      },
    },
    status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  },
};

export const bindingStructure: Structure = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        matchResources,
        paramRef: {
          type: 'object',
          'x-kubernetes-map-type': 'atomic',
          properties: { name: text, namespace: text, parameterNotFoundAction: text, selector: labelSelector },
        },
        policyName: text,
        validationActions: { type: 'array', 'x-kubernetes-list-type': 'set', items: text },
      },
    },
  },
};
