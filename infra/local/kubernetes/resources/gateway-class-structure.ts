import type { Structure } from '../schema/structure.ts';
import { byName, conditions, dnsName, group, kind, name, namespace, pending } from './gateway-parts.ts';
import { controllerRules } from './gateway-rules.ts';

/** The schema of GatewayClass, as that of Gateway. */
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
          'x-kubernetes-validations': controllerRules,
        },
        description: { type: 'string', maxLength: 64 },
        parametersRef: {
          type: 'object',
          required: ['group', 'kind', 'name'],
          properties: { group, kind, name, namespace },
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
