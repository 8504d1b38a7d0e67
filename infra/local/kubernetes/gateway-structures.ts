import type { JsonObject } from './object.ts';
import type { Structure } from './structure.ts';

/**
 * The schemas of Gateway and GatewayClass, for the fields that Gateway API v1.4 (standard channel) gives them:
 * written by hand from its documented types, bounds and defaults, not a copy of its CRDs.
 */
const dnsName = '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*';
const group: Structure = { type: 'string', maxLength: 253, pattern: `^$|^${dnsName}$` };
const kind: Structure = {
  type: 'string',
  minLength: 1,
  maxLength: 63,
  pattern: '^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$',
};
const name: Structure = { type: 'string', minLength: 1, maxLength: 253 };
const sectionName: Structure = { ...name, pattern: `^${dnsName}$` };
const anything: Structure = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

const condition: Structure = {
  type: 'object',
  required: ['lastTransitionTime', 'message', 'reason', 'status', 'type'],
  properties: {
    lastTransitionTime: { type: 'string', format: 'date-time' },
    message: { type: 'string', maxLength: 32768 },
    observedGeneration: { type: 'integer', format: 'int64', minimum: 0 },
    reason: {
      type: 'string',
      minLength: 1,
      maxLength: 1024,
      pattern: '^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$',
    },
    status: { type: 'string', enum: ['True', 'False', 'Unknown'] },
    type: {
      type: 'string',
      maxLength: 316,
      pattern: `^(${dnsName}/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$`,
    },
  },
};

const conditions: Structure = {
  type: 'array',
  maxItems: 8,
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': ['type'],
  items: condition,
};

/** What nobody has judged yet; the API server itself writes it, by default. */
const pending = (...types: readonly string[]): JsonObject[] =>
  types.map((type) => ({
    type,
    status: 'Unknown',
    reason: 'Pending',
    message: 'Waiting for controller',
    lastTransitionTime: '1970-01-01T00:00:00Z',
  }));

const address: Structure = {
  type: 'object',
  properties: {
    type: {
      type: 'string',
      default: 'IPAddress',
      minLength: 1,
      maxLength: 253,
      pattern: `^Hostname|IPAddress|NamedAddress|${dnsName}\\/[A-Za-z0-9\\/\\-._~%!$&'()*+,;=:]+$`,
    },
    value: { type: 'string', maxLength: 253 },
  },
  // An IPAddress is an address: a prefix is refused here, which is why GKE has a type of its own for it.
  oneOf: [
    {
      properties: {
        type: { enum: ['IPAddress'] },
        value: { anyOf: [{ format: 'ipv4' }, { format: 'ipv6' }] },
      },
    },
    { properties: { type: { not: { enum: ['IPAddress'] } } } },
  ],
};

const routeGroupKinds: Structure = {
  type: 'array',
  maxItems: 8,
  items: {
    type: 'object',
    required: ['kind'],
    properties: { group: { ...group, default: 'gateway.networking.k8s.io' }, kind },
  },
};

const labelSelector: Structure = {
  type: 'object',
  properties: {
    matchLabels: { type: 'object', additionalProperties: { type: 'string' } },
    matchExpressions: {
      type: 'array',
      items: {
        type: 'object',
        required: ['key', 'operator'],
        properties: {
          key: { type: 'string' },
          operator: { type: 'string' },
          values: { type: 'array', items: { type: 'string' } },
        },
      },
    },
  },
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
