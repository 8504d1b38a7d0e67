import type { JsonObject } from '../objects/object.ts';
import type { Structure } from '../schema/structure.ts';

/** What the schemas of the Gateway API are made of. */
export const dnsName = '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*';
export const group: Structure = { type: 'string', maxLength: 253, pattern: `^$|^${dnsName}$` };
export const kind: Structure = {
  type: 'string',
  minLength: 1,
  maxLength: 63,
  pattern: '^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$',
};
export const name: Structure = { type: 'string', minLength: 1, maxLength: 253 };
export const sectionName: Structure = { ...name, pattern: `^${dnsName}$` };
export const namespace: Structure = {
  type: 'string',
  minLength: 1,
  maxLength: 63,
  pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$',
};

/** A list that is written whole or not at all. */
export const atomicList = { type: 'array', 'x-kubernetes-list-type': 'atomic' } as const;
/** A list whose entries each have a name of their own. */
export const byName = { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] } as const;

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

export const conditions: Structure = {
  type: 'array',
  maxItems: 8,
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': ['type'],
  items: condition,
};

/** What nobody has judged yet; the API server itself writes it, by default. */
export const pending = (...types: readonly string[]): JsonObject[] =>
  types.map((type) => ({
    type,
    status: 'Unknown',
    reason: 'Pending',
    message: 'Waiting for controller',
    lastTransitionTime: '1970-01-01T00:00:00Z',
  }));

export const address: Structure = {
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

export const routeGroupKinds: Structure = {
  ...atomicList,
  maxItems: 8,
  items: {
    type: 'object',
    required: ['kind'],
    properties: { group: { ...group, default: 'gateway.networking.k8s.io' }, kind },
  },
};

export const labelSelector: Structure = {
  type: 'object',
  'x-kubernetes-map-type': 'atomic',
  properties: {
    matchLabels: { type: 'object', additionalProperties: { type: 'string' } },
    matchExpressions: {
      ...atomicList,
      items: {
        type: 'object',
        required: ['key', 'operator'],
        properties: {
          key: { type: 'string' },
          operator: { type: 'string' },
          values: { ...atomicList, items: { type: 'string' } },
        },
      },
    },
  },
};
