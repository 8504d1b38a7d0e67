import { type Json, type KubeObject, list, record, strings, text } from '../objects/object.ts';
import { ageColumn, ageOf, column, nameColumn, type Printer } from './columns.ts';

const none = '<none>';
const size = (value: Json | undefined): number => Object.keys(record(value)).length;

const configMaps: Printer = {
  columns: [nameColumn, column('Data'), ageColumn],
  cells: (map, now) => [map.metadata.name, size(map.data) + size(map.binaryData), ageOf(map, now)],
};

const secrets: Printer = {
  columns: [nameColumn, column('Type'), column('Data'), ageColumn],
  cells: (secret, now) => [
    secret.metadata.name,
    text(secret.type) ?? '',
    size(secret.data),
    ageOf(secret, now),
  ],
};

const serviceAccounts: Printer = {
  columns: [nameColumn, column('Secrets'), ageColumn],
  cells: (account, now) => [account.metadata.name, list(account.secrets).length, ageOf(account, now)],
};

const portsOf = ({ spec }: KubeObject): string =>
  list(record(spec).ports)
    .map(record)
    .map(({ port, nodePort, protocol }) => {
      const opened = typeof nodePort === 'number' ? `:${nodePort}` : '';
      return `${String(port)}${opened}/${String(protocol)}`;
    })
    .join(',') || none;

/** Nothing here ever gives a Service an outer address. */
const outerOf = ({ spec }: KubeObject): string => {
  const { type, externalName, externalIPs } = record(spec);
  if (type === 'ExternalName') return text(externalName) ?? '';
  const given = list(externalIPs).join(',');
  return given !== '' ? given : type === 'LoadBalancer' ? '<pending>' : none;
};

const services: Printer = {
  columns: [
    nameColumn,
    ...['Type', 'Cluster-IP', 'External-IP', 'Port(s)'].map((name) => column(name)),
    ageColumn,
    column('Selector', 'string', 1),
  ],
  cells: (service, now) => {
    const { type, clusterIPs, selector } = record(service.spec);
    const labels = Object.entries(strings(selector)).map(([key, value]) => `${key}=${value}`);
    return [
      service.metadata.name,
      text(type) ?? '',
      text(list(clusterIPs)[0]) ?? none,
      outerOf(service),
      portsOf(service),
      ageOf(service, now),
      labels.join(',') || none,
    ];
  },
};

/** The printers of what Pods are configured with and reached by. */
export const corePrinters: Readonly<Record<string, Printer>> = {
  '/configmaps': configMaps,
  '/secrets': secrets,
  '/serviceaccounts': serviceAccounts,
  '/services': services,
};
