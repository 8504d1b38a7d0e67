import { type Cause, invalidValue } from '../objects/cause.ts';
import { type JsonObject, type KubeObject, list, record, same } from '../objects/object.ts';
import { column, type PathColumn } from '../tables/columns.ts';
import { gatewayClassStructure, gatewayStructure } from './gateway-structures.ts';
import type { Resource } from './resource.ts';

const hostname = /^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

const repeated = (
  entries: readonly JsonObject[],
  key: (entry: JsonObject) => JsonObject | undefined,
): boolean =>
  entries.some((entry, at) => {
    const mine = key(entry);
    return mine !== undefined && entries.slice(0, at).some((other) => same(key(other), mine));
  });

/** The CEL rules of the Gateway CRD, in its own words. Unique listener names are a property of its list map. */
const checkGateway = (gateway: KubeObject): Cause[] => {
  const causes: Cause[] = [];
  const refuse = (field: string, detail: string, shown = 'array'): void => {
    causes.push(invalidValue(field, shown, detail));
  };
  const addresses = list(record(gateway.spec).addresses).map(record);
  for (const type of ['IPAddress', 'Hostname']) {
    if (
      repeated(addresses, ({ type: of, value = null }) =>
        of === type && value !== null ? { value } : undefined,
      )
    ) {
      refuse('spec.addresses', `${type} values must be unique`);
    }
  }
  for (const [at, { type, value }] of addresses.entries()) {
    if (type === 'Hostname' && typeof value === 'string' && !hostname.test(value)) {
      refuse(
        `spec.addresses[${at}]`,
        'Hostname value must be empty or contain only valid characters (matching ^(\\*\\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$)',
        'object',
      );
    }
  }
  const listeners = list(record(gateway.spec).listeners).map(record);
  const plain = ['HTTP', 'TCP', 'UDP'];
  if (listeners.some(({ protocol, tls }) => plain.includes(String(protocol)) && tls !== undefined)) {
    refuse('spec.listeners', "tls must not be specified for protocols ['HTTP', 'TCP', 'UDP']");
  }
  if (
    listeners.some(
      ({ protocol, hostname: host }) => ['TCP', 'UDP'].includes(String(protocol)) && (host ?? '') !== '',
    )
  ) {
    refuse('spec.listeners', "hostname must not be specified for protocols ['TCP', 'UDP']");
  }
  if (
    repeated(listeners, ({ port = null, protocol = null, hostname: host = null }) => ({
      port,
      protocol,
      host,
    }))
  ) {
    refuse('spec.listeners', 'Combination of port, protocol and hostname must be unique for each listener');
  }
  return causes;
};

const gatewayApi = {
  group: 'gateway.networking.k8s.io',
  versions: ['v1', 'v1beta1'],
  storage: 'v1',
  custom: true,
  generation: true,
  subresources: ['status'],
} as const;

const inBoth = <T>(structure: T): Record<string, T> => ({ v1: structure, v1beta1: structure });

const path = (name: string, jsonPath: string, type = 'string', priority = 0): PathColumn => ({
  ...column(name, type, priority),
  jsonPath,
});
const ageColumn = path('Age', '.metadata.creationTimestamp', 'date');

/** The Gateway API's resources that a cluster with persistent IPs has. */
export const gatewayResources: readonly Resource[] = [
  {
    ...gatewayApi,
    plural: 'gateways',
    singular: 'gateway',
    kind: 'Gateway',
    shortNames: ['gtw'],
    namespaced: true,
    categories: ['gateway-api'],
    columns: inBoth([
      path('Class', '.spec.gatewayClassName'),
      path('Address', '.status.addresses[*].value'),
      path('Programmed', '.status.conditions[?(@.type=="Programmed")].status'),
      ageColumn,
    ]),
    structures: inBoth(gatewayStructure),
    check: checkGateway,
  },
  {
    ...gatewayApi,
    plural: 'gatewayclasses',
    singular: 'gatewayclass',
    kind: 'GatewayClass',
    shortNames: ['gc'],
    namespaced: false,
    categories: ['gateway-api'],
    columns: inBoth([
      path('Controller', '.spec.controllerName'),
      path('Accepted', '.status.conditions[?(@.type=="Accepted")].status'),
      ageColumn,
      path('Description', '.spec.description', 'string', 1),
    ]),
    structures: inBoth(gatewayClassStructure),
  },
];
