import { OAuth2Client } from 'google-auth-library';
import { onTestFinished } from 'vitest';
import { systemClock } from '../../../../infra/local/clock.ts';
import {
  type ComputeOptions,
  type LocalCompute,
  startCompute,
} from '../../../../infra/local/compute/index.ts';

export const project = 'p1';
export const region = 'us-central1';
export const zoneA = 'us-central1-a';
export const zoneB = 'us-central1-b';
export const far = 'europe-west1';
export const farZone = 'europe-west1-b';
export const base = `https://www.googleapis.com/compute/v1/projects/${project}/`;
export const network = `${base}global/networks/default`;
export const subnetwork = `${base}regions/${region}/subnetworks/default`;
export const negUrl = (name = 'neg', zone = zoneA) => `${base}zones/${zone}/networkEndpointGroups/${name}`;
export const serviceUrl = (name = 'bs') => `${base}regions/${region}/backendServices/${name}`;

// biome-ignore lint/suspicious/noExplicitAny: answers are looked at as they come over the wire
export type Body = any;
export interface Answer {
  readonly status: number;
  readonly body: Body;
}

/** A cloud with one network, two zones and three VMs, and short ways to speak to it. */
export interface Cloud extends LocalCompute {
  /** One request; the path is below the project. */
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** One write, waited for: the operation as it ended. Fails when the write is refused at once. */
  done(method: string, path: string, body?: unknown): Promise<Body>;
  /** A read that must succeed. */
  get(path: string): Promise<Body>;
}

/** Started anew for a test, and stopped at its end. */
export const startCloud = async (options: Partial<ComputeOptions> = {}): Promise<Cloud> => {
  const zones = [zoneA, zoneB];
  const compute = await startCompute({
    project,
    region,
    zones,
    moreRegions: { [far]: [farZone] },
    clock: systemClock,
    ...options,
  });
  onTestFinished(() => compute.close());
  compute.addNetwork({ name: 'default' });
  compute.addSubnetwork({ name: 'default', network: 'default', range: '10.128.0.0/20' });
  for (const [name, zone] of [
    ['vm-1', zoneA],
    ['vm-2', zoneA],
    ['vm-3', zoneB],
  ] as const) {
    compute.createInstance({ name, zone, network: 'default', subnetwork: 'default' });
  }
  const root = `${compute.url}/compute/v1/projects/${project}/`;
  const send: Cloud['send'] = async (method, path, body, headers = {}) => {
    const response = await fetch(root + path, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  };
  const done: Cloud['done'] = async (method, path, body) => {
    const { status, body: operation } = await send(method, path, body);
    if (status !== 200) throw new Error(`${method} ${path}: ${JSON.stringify(operation)}`);
    return (await send('POST', `${operationPath(operation)}/wait`)).body;
  };
  const get: Cloud['get'] = async (path) => {
    const { status, body } = await send('GET', path);
    if (status !== 200) throw new Error(`GET ${path}: ${JSON.stringify(body)}`);
    return body;
  };
  return { ...compute, send, done, get };
};

/** `zones/Z/operations/O` of an operation. */
export const operationPath = (operation: Body): string => operation.selfLink.slice(base.length);

/** Code, reason and status of a refusal, in one line. */
export const refusal = ({ status, body }: Answer): string =>
  `${status} ${body.error?.code} ${body.error?.errors?.[0]?.reason} ${body.error?.errors?.[0]?.domain}`;

export const neg = (name = 'neg') => ({
  name,
  networkEndpointType: 'GCE_VM_IP',
  network,
  subnetwork,
});

export const leader = (instance: string, group = negUrl()) => ({
  backendGroup: group,
  networkEndpoint: { instance },
});

export const service = (more: object = {}) => ({
  name: 'bs',
  loadBalancingScheme: 'EXTERNAL',
  protocol: 'UNSPECIFIED',
  backends: [{ group: negUrl(), balancingMode: 'CONNECTION' }],
  haPolicy: { fastIPMove: 'DISABLED', leader: leader('vm-1') },
  ...more,
});

export const internalService = (more: object = {}) =>
  service({ loadBalancingScheme: 'INTERNAL', network, ...more });

export const rule = (more: object = {}) => ({
  name: 'fr',
  IPAddress: '203.0.113.10',
  IPProtocol: 'L3_DEFAULT',
  allPorts: true,
  loadBalancingScheme: 'EXTERNAL',
  backendService: serviceUrl(),
  ...more,
});

export const paths = {
  negs: `zones/${zoneA}/networkEndpointGroups`,
  neg: `zones/${zoneA}/networkEndpointGroups/neg`,
  attach: `zones/${zoneA}/networkEndpointGroups/neg/attachNetworkEndpoints`,
  detach: `zones/${zoneA}/networkEndpointGroups/neg/detachNetworkEndpoints`,
  endpoints: `zones/${zoneA}/networkEndpointGroups/neg/listNetworkEndpoints`,
  services: `regions/${region}/backendServices`,
  service: `regions/${region}/backendServices/bs`,
  rules: `regions/${region}/forwardingRules`,
  rule: `regions/${region}/forwardingRules/fr`,
  addresses: `regions/${region}/addresses`,
  address: `regions/${region}/addresses/a`,
  firewalls: 'global/firewalls',
  firewall: 'global/firewalls/fw',
  instances: `zones/${zoneA}/instances`,
} as const;

/** A NEG with vm-1 and vm-2, a service led by vm-1, the address 203.0.113.10 and a rule for it. */
export const withRoute = async (options?: Partial<ComputeOptions>): Promise<Cloud> => {
  const cloud = await withService(options);
  cloud.reserveAddress({ name: 'a', address: '203.0.113.10' });
  await cloud.done('POST', paths.rules, rule());
  return cloud;
};

/** A NEG with vm-1 and vm-2 and a service led by vm-1. */
export const withService = async (options?: Partial<ComputeOptions>): Promise<Cloud> => {
  const cloud = await withGroup(options);
  await cloud.done('POST', paths.services, service());
  return cloud;
};

/** A NEG with vm-1 and vm-2. */
export const withGroup = async (options?: Partial<ComputeOptions>): Promise<Cloud> => {
  const cloud = await startCloud(options);
  await cloud.done('POST', paths.negs, neg());
  await cloud.done('POST', paths.attach, { networkEndpoints: [{ instance: 'vm-1' }, { instance: 'vm-2' }] });
  return cloud;
};

/** The instances attached to the NEG. */
export const attached = async (cloud: Cloud, path: string = paths.endpoints): Promise<string[]> => {
  const { body } = await cloud.send('POST', path, {});
  return (body.items ?? []).map((item: Body) => item.networkEndpoint.instance);
};

/** What a client of `@google-cloud/compute` needs to speak to that cloud. */
export const clientOptions = (cloud: LocalCompute, token = 'any') => {
  const authClient = new OAuth2Client();
  authClient.setCredentials({ access_token: token });
  return {
    fallback: true as const,
    apiEndpoint: '127.0.0.1',
    port: cloud.port,
    protocol: 'http',
    projectId: project,
    authClient,
  };
};
