import { column, type PathColumn } from '../tables/columns.ts';
import { gatewayClassStructure } from './gateway-class-structure.ts';
import { gatewayStructure } from './gateway-structure.ts';
import type { Resource } from './resource.ts';

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
