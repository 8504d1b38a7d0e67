/** What a simulated cluster has to choose from; small, so that things meet. */
export const namespaces = ['edge', 'shop'] as const;
export const nodeNames = ['node-1', 'node-2', 'node-3', 'node-4'] as const;
export const zoneOf = (node: string): string =>
  node === 'node-2' || node === 'node-4' ? 'us-central1-b' : 'us-central1-a';
export const external = ['34.1.2.3', '34.1.2.4', '34.1.2.5', '34.1.2.6'] as const;
export const internal = ['10.128.0.100', '10.128.0.101'] as const;
export const apps = ['nat', 'vpn'] as const;
export const podNames = ['a', 'b', 'c'] as const;
export const routeNames = ['r1', 'r2'] as const;
export const externalClass = 'persistent-ip-regional-external';
export const internalClass = 'persistent-ip-regional-internal';
export const blue = {
  network: 'blue',
  paramSet: 'blue-params',
  vpc: 'blue-vpc',
  subnet: 'blue-subnet',
} as const;
