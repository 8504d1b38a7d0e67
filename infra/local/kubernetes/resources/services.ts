import { type Cause, invalidValue, notSupported, required } from '../objects/cause.ts';
import { type Json, type JsonObject, type KubeObject, list, record, same, text } from '../objects/object.ts';
import { invalid } from '../objects/status.ts';
import type { Resource } from './resource.ts';

/** GKE's own range of Services: 34.118.224.0/20. The first address is the API server's. */
const addressOf = (index: number): string => `34.118.${224 + (index >> 8)}.${index & 255}`;
const addresses = 1 << 12;
const nodePorts = { first: 30_000, last: 32_767 } as const;

const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const portsOf = (service: JsonObject): JsonObject[] => list(record(service.spec).ports).map(record);
const opensNodePorts = ({ type }: JsonObject): boolean => type === 'NodePort' || type === 'LoadBalancer';

/** pkg/apis/core/v1/defaults.go, SetDefaults_Service; what was allocated stays (patchAllocatedValues). */
const completeService = (service: JsonObject, old: KubeObject | undefined): void => {
  const spec = record(service.spec);
  service.spec = spec;
  spec.type ??= 'ClusterIP';
  spec.sessionAffinity ??= 'None';
  for (const port of list(spec.ports).map(record)) {
    port.protocol ??= 'TCP';
    port.targetPort =
      port.targetPort === undefined || port.targetPort === 0 ? (port.port ?? 0) : port.targetPort;
  }
  if (spec.type !== 'ExternalName') {
    spec.internalTrafficPolicy ??= 'Cluster';
  }
  if (opensNodePorts(spec)) spec.externalTrafficPolicy ??= 'Cluster';
  if (spec.type === 'LoadBalancer') spec.allocateLoadBalancerNodePorts ??= true;
  if (old === undefined) service.status = { loadBalancer: {} };
  else carryOver(spec, record(old.spec));
};

/** What another type had for itself goes with it (dropTypeDependentFields). */
const dropOpened = (spec: JsonObject, before: JsonObject): void => {
  if (!opensNodePorts(before)) return;
  for (const field of ['allocateLoadBalancerNodePorts', 'externalTrafficPolicy']) delete spec[field];
  for (const port of list(spec.ports).map(record)) delete port.nodePort;
};

const carryOver = (spec: JsonObject, before: JsonObject): void => {
  if (spec.type !== 'ExternalName') spec.clusterIP ??= before.clusterIP ?? null;
  if (spec.clusterIP === null) delete spec.clusterIP;
  if (!opensNodePorts(spec)) {
    dropOpened(spec, before);
    return;
  }
  for (const port of list(spec.ports).map(record)) {
    const known = list(before.ports)
      .map(record)
      .find((other) => other.port === port.port);
    port.nodePort ??= known?.nodePort ?? 0;
    if (port.nodePort === 0) delete port.nodePort;
  }
};

const refuse = (service: JsonObject, field: string, value: Json, detail: string): never => {
  throw invalid(services, text(record(service.metadata).name) ?? '', [invalidValue(field, value, detail)]);
};

const allocateAddress = (service: JsonObject, others: readonly KubeObject[]): void => {
  const spec = record(service.spec);
  if (spec.type === 'ExternalName') return;
  const taken = new Set(others.map((other) => record(other.spec).clusterIP));
  if (spec.clusterIP === undefined || spec.clusterIP === '') {
    const free = Array.from({ length: addresses - 2 }, (_, at) => addressOf(at + 1));
    spec.clusterIP = free.find((address) => !taken.has(address)) ?? 'None';
  } else if (spec.clusterIP !== 'None' && taken.has(spec.clusterIP)) {
    const ip = String(spec.clusterIP);
    refuse(service, 'spec.clusterIPs', [ip], `failed to allocate IP ${ip}: provided IP is already allocated`);
  }
  spec.clusterIPs = [spec.clusterIP ?? 'None'];
  // Without an address and a selector it can have endpoints of every family.
  const any = spec.clusterIP === 'None' && spec.selector === undefined;
  spec.ipFamilies ??= any ? ['IPv4', 'IPv6'] : ['IPv4'];
  spec.ipFamilyPolicy ??= any ? 'RequireDualStack' : 'SingleStack';
};

const allocatePorts = (service: JsonObject, others: readonly KubeObject[]): void => {
  if (!opensNodePorts(record(service.spec))) return;
  const taken = new Set(others.flatMap((other) => portsOf(other).map(({ nodePort }) => nodePort)));
  for (const [at, port] of portsOf(service).entries()) {
    const { nodePort } = port;
    if (nodePort !== undefined && taken.has(nodePort)) {
      refuse(service, `spec.ports[${at}].nodePort`, nodePort, 'provided port is already allocated');
    }
    if (nodePort === undefined) {
      let free: number = nodePorts.first;
      while (taken.has(free) && free < nodePorts.last) free += 1;
      port.nodePort = free;
    }
    taken.add(port.nodePort);
  }
};

const portCauses = (port: JsonObject, at: number, many: boolean): Cause[] => {
  const path = `spec.ports[${at}]`;
  const causes: Cause[] = [];
  if (many && text(port.name) === undefined) causes.push(required(`${path}.name`));
  for (const field of ['port', 'targetPort']) {
    const value = port[field] ?? 0;
    const isName = field === 'targetPort' && typeof value === 'string';
    if (isName || (typeof value === 'number' && value >= 1 && value <= 65_535)) continue;
    causes.push(invalidValue(`${path}.${field}`, value, 'must be between 1 and 65535, inclusive'));
  }
  return causes;
};

/** validation.go, ValidateService, for what is looked at here. */
const checkService = (service: KubeObject, old: KubeObject | undefined): Cause[] => {
  const spec = record(service.spec);
  const ports = portsOf(service);
  const causes = ports.flatMap((port, at) => portCauses(port, at, ports.length > 1));
  if (!types.includes(String(spec.type))) causes.push(notSupported('spec.type', spec.type, types));
  const needsPorts = spec.type !== 'ExternalName' && spec.clusterIP !== 'None';
  if (needsPorts && ports.length === 0) causes.push(required('spec.ports'));
  if (spec.type === 'ExternalName' && text(spec.externalName) === undefined) {
    causes.push(required('spec.externalName'));
  }
  const before = record(old?.spec);
  const stays = before.clusterIP === undefined || spec.type === 'ExternalName';
  if (!stays && !same(before.clusterIP, spec.clusterIP)) {
    causes.push(invalidValue('spec.clusterIPs[0]', spec.clusterIPs, 'may not change once set'));
  }
  return causes;
};

/** Services are kept and get their addresses; no traffic goes through them here. */
export const services: Resource = {
  group: '',
  versions: ['v1'],
  storage: 'v1',
  plural: 'services',
  singular: 'service',
  kind: 'Service',
  shortNames: ['svc'],
  categories: ['all'],
  namespaced: true,
  subresources: ['status'],
  custom: false,
  generation: false,
  returnsDeleted: true,
  complete: completeService,
  assign: (service, others) => {
    allocateAddress(service, others);
    allocatePorts(service, others);
  },
  check: checkService,
};

/** The Service by which Pods reach the API server. */
export const apiServer: JsonObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'kubernetes', labels: { component: 'apiserver', provider: 'kubernetes' } },
  spec: { clusterIP: addressOf(1), ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 443 }] },
};
