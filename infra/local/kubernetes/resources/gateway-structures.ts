import type { Structure } from '../schema/structure.ts';
import {
  address,
  anything,
  conditions,
  dnsName,
  group,
  kind,
  labelSelector,
  name,
  pending,
  routeGroupKinds,
  sectionName,
} from './gateway-parts.ts';

/**
 * The schemas of Gateway and GatewayClass, for the fields that Gateway API v1.4 (standard channel) gives them:
 * written by hand from its documented types, bounds and defaults, not a copy of its CRDs.
 */
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
    tls: anything,
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

const byName = { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] } as const;

export const gatewayStructure: Structure = {
  type: 'object',
  required: ['spec'],
  properties: {
    spec: {
      type: 'object',
      required: ['gatewayClassName', 'listeners'],
      properties: {
        gatewayClassName: name,
        listeners: { type: 'array', minItems: 1, maxItems: 64, ...byName, items: listener },
        addresses: { type: 'array', maxItems: 16, items: address },
        infrastructure: anything,
      },
    },
    status: {
      type: 'object',
      default: { conditions: pending('Accepted', 'Programmed') },
      properties: {
        addresses: { type: 'array', maxItems: 16, items: { ...address, required: ['value'] } },
        conditions: { ...conditions, default: pending('Accepted', 'Programmed') },
        listeners: { type: 'array', maxItems: 64, ...byName, items: listenerStatus },
      },
    },
  },
};

export const gatewayClassStructure: Structure = {
  type: 'object',
  required: ['spec'],
  properties: {
    spec: {
      type: 'object',
      required: ['controllerName'],
      properties: {
        controllerName: {
          type: 'string',
          minLength: 1,
          maxLength: 253,
          pattern: `^${dnsName}\\/[A-Za-z0-9\\/\\-._~%!$&'()*+,;=:]+$`,
          'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'Value is immutable' }],
        },
        description: { type: 'string', maxLength: 64 },
        parametersRef: {
          type: 'object',
          required: ['group', 'kind', 'name'],
          properties: { group, kind, name, namespace: { type: 'string', minLength: 1, maxLength: 63 } },
        },
      },
    },
    status: {
      type: 'object',
      default: { conditions: pending('Accepted') },
      properties: {
        conditions: { ...conditions, default: pending('Accepted') },
        supportedFeatures: {
          type: 'array',
          maxItems: 64,
          ...byName,
          items: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
        },
      },
    },
  },
};
