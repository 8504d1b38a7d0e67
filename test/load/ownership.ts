/** What is read of the cluster and of Compute at about one moment. */
export interface Snapshot {
  readonly routes: readonly RouteSeen[];
  /** The node of each Pod, by `namespace/name`. */
  readonly nodes: ReadonlyMap<string, string>;
  readonly rules: readonly { readonly ip: string; readonly service: string }[];
  /** The instance that is the leader of each backend service that has one. */
  readonly leaders: ReadonlyMap<string, string>;
}

export interface RouteSeen {
  readonly namespace: string;
  readonly name: string;
  readonly addresses: readonly string[];
  /** `status.pods` */
  readonly pods: readonly string[];
  /** Its Ready condition is True and of its present generation. */
  readonly ready: boolean;
}

/** The nodes that Google Cloud sends an address to: one, or none. */
const leadersByIp = ({ rules, leaders }: Snapshot): ReadonlyMap<string, readonly string[]> => {
  const found = new Map<string, string[]>();
  for (const { ip, service } of rules) {
    const leader = leaders.get(service);
    if (leader !== undefined) found.set(ip, [...(found.get(ip) ?? []), leader]);
  }
  return found;
};

/**
 * What breaks design/concepts.md, invariant 1: *at no time do two routes, or two Pods of a route, both own an address*.
 * Stricter than it: whether a delivery is in flight does not excuse.
 */
export const doubleOwners = (snapshot: Snapshot): readonly string[] => {
  const leaders = leadersByIp(snapshot);
  const owners = new Map<string, string>();
  const broken: string[] = [];
  for (const [ip, nodes] of leaders)
    if (nodes.length > 1) broken.push(`${ip} is led by ${nodes.join(' and ')}`);
  for (const { namespace, name, addresses, pods } of snapshot.routes) {
    const key = `${namespace}/${name}`;
    if (pods.length > 1) broken.push(`${key} names ${pods.join(' and ')}`);
    const node = snapshot.nodes.get(`${namespace}/${pods[0]}`);
    for (const ip of addresses) {
      if (node === undefined || !leaders.get(ip)?.includes(node)) continue;
      const other = owners.get(ip);
      if (other !== undefined) broken.push(`${ip} is owned by ${other} and ${key}`);
      owners.set(ip, key);
    }
  }
  return broken;
};

/** The routes that are not Ready on the Pod wanted, or whose address Compute leads elsewhere. */
export const unsettled = (snapshot: Snapshot, wanted: (route: RouteSeen) => string): readonly string[] => {
  const leaders = leadersByIp(snapshot);
  const isSettled = (route: RouteSeen): boolean => {
    const pod = wanted(route);
    const node = snapshot.nodes.get(`${route.namespace}/${pod}`);
    return (
      route.ready &&
      route.pods.join() === pod &&
      node !== undefined &&
      route.addresses.every((ip) => leaders.get(ip)?.join() === node)
    );
  };
  return snapshot.routes.flatMap((route) => (isSettled(route) ? [] : [`${route.namespace}/${route.name}`]));
};
