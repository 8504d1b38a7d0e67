import type { Structure } from '../schema/structure.ts';
import {
  address,
  atomicList,
  byName,
  conditions,
  dnsName,
  group,
  kind,
  labelSelector,
  name,
  namespace,
  pending,
  routeGroupKinds,
  sectionName,
} from './gateway-parts.ts';
import {
  addressesRules,
  addressRules,
  heldAddressRules,
  keyRules,
  listenersRules,
  listenerTlsRules,
} from './gateway-rules.ts';

/**
 * The schema of Gateway, all that Gateway API v1.4 (standard channel) gives them, for v1 and
 * v1beta1. `@kubernetes-models/gateway-api` has validators of the same types, which the tests hold these against, but
 * as compiled functions: no defaults, no rules, nothing to prune by and nothing to explain.
 */
const certificateRef: Structure = {
  type: 'object',
  required: ['name'],
  properties: {
    group: { ...group, default: '' },
    kind: { ...kind, default: 'Secret' },
    name,
    namespace,
  },
};

const tls: Structure = {
  type: 'object',
  properties: {
    certificateRefs: { ...atomicList, maxItems: 64, items: certificateRef },
    mode: { type: 'string', default: 'Terminate', enum: ['Terminate', 'Passthrough'] },
    options: {
      type: 'object',
      maxProperties: 16,
      additionalProperties: { type: 'string', minLength: 0, maxLength: 4096 },
    },
  },
  'x-kubernetes-validations': listenerTlsRules,
};

const listener: Structure = {
  type: 'object',
  required: ['name', 'port', 'protocol'],
  properties: {
    name: sectionName,
    hostname: { type: 'string', minLength: 1, maxLength: 253, pattern: `^(\\*\\.)?${dnsName}$` },
    port: { type: 'integer', format: 'int32', minimum: 1, maximum: 65535 },
    protocol: {
      type: 'string',
      minLength: 1,
      maxLength: 255,
      pattern: `^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$|${dnsName}\\/[A-Za-z0-9]+$`,
    },
    tls,
    allowedRoutes: {
      type: 'object',
      default: { namespaces: { from: 'Same' } },
      properties: {
        kinds: routeGroupKinds,
        namespaces: {
          type: 'object',
          default: { from: 'Same' },
          properties: {
            from: { type: 'string', default: 'Same', enum: ['All', 'Selector', 'Same'] },
            selector: labelSelector,
          },
        },
      },
    },
  },
};

const listenerStatus: Structure = {
  type: 'object',
  required: ['attachedRoutes', 'conditions', 'name', 'supportedKinds'],
  properties: {
    name: sectionName,
    attachedRoutes: { type: 'integer', format: 'int32' },
    supportedKinds: routeGroupKinds,
    conditions,
  },
};

const infrastructure: Structure = {
  type: 'object',
  properties: {
    annotations: {
      type: 'object',
      maxProperties: 8,
      additionalProperties: { type: 'string', minLength: 0, maxLength: 4096 },
      'x-kubernetes-validations': keyRules('Annotation'),
    },
    labels: {
      type: 'object',
      maxProperties: 8,
      additionalProperties: {
        type: 'string',
        minLength: 0,
        maxLength: 63,
        pattern: '^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$',
      },
      'x-kubernetes-validations': keyRules('Label'),
    },
    parametersRef: {
      type: 'object',
      required: ['group', 'kind', 'name'],
      properties: { group, kind, name },
    },
  },
};

const heldAddress: Structure = {
  ...address,
  required: ['value'],
  properties: { ...address.properties, value: name },
  'x-kubernetes-validations': heldAddressRules,
};

export const gatewayStructure: Structure = {
  type: 'object',
  required: ['spec'],
  properties: {
    spec: {
      type: 'object',
      required: ['gatewayClassName', 'listeners'],
      properties: {
        gatewayClassName: name,
        listeners: {
          type: 'array',
          minItems: 1,
          maxItems: 64,
          ...byName,
          items: listener,
          'x-kubernetes-validations': listenersRules,
        },
        addresses: {
          ...atomicList,
          maxItems: 16,
          items: { ...address, 'x-kubernetes-validations': addressRules },
          'x-kubernetes-validations': addressesRules,
        },
        infrastructure,
      },
    },
    status: {
      type: 'object',
      default: { conditions: pending('Accepted', 'Programmed') },
      properties: {
        addresses: { ...atomicList, maxItems: 16, items: heldAddress },
        conditions: { ...conditions, default: pending('Accepted', 'Programmed') },
        listeners: { type: 'array', maxItems: 64, ...byName, items: listenerStatus },
      },
    },
  },
};
