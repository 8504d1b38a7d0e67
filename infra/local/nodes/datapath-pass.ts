import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { type Condition, conditionOf, keyOf, type Route, timestamp } from './objects.ts';

/** Where a node sends the packets of an address. */
export interface Entry {
  /** `NAMESPACE/NAME` of the Pod. */
  readonly pod: string;
  readonly podIP: string;
  /** `NAMESPACE/NAME` of the route that asked for it. */
  readonly route: string;
}

/** The Network of a route, as far as an agent looks at it; `unreadable` with the error it got instead. */
export type NetworkKind = 'L3' | 'Device' | { readonly unreadable: string };

/** What the agent of one node knows when it passes over the routes. */
export interface Node {
  /** The interface of a Pod of *this* node on a network, by `NAMESPACE/NAME`. */
  readonly endpointOf: (pod: string, network: string) => { readonly ip: string } | undefined;
  /** Why the kernel's map refuses entries; absent as long as it takes them. */
  readonly mapError?: string | undefined;
}

export type Pass =
  /** Nothing was programmed or removed, and nothing is written. */
  | { readonly kind: 'stopped'; readonly error: string }
  | {
      readonly kind: 'done';
      readonly entries: ReadonlyMap<string, Entry>;
      readonly verdicts: readonly Verdict[];
      /** Pods that routes name, local or not: interfaces of these wake the agent if they are of many networks. */
      readonly pods: ReadonlySet<string>;
    };

export interface Verdict {
  readonly route: Route;
  readonly status: 'True' | 'False';
  readonly reason: 'DPV2Ready' | 'DPV2NotReady';
  readonly message: string;
}

/** Names of the Pod network itself; every other is a Network object. */
export const isDefault = (network: string): boolean => network === 'default' || network === 'pod-network';

export const networkOf = ({ spec }: Route): string => spec.network ?? 'default';

/** What was found of routes before: every node looks at all of them again whenever one has changed. */
const known = new WeakMap<Route, boolean>();

/** Whether an agent looks at `route` at all. */
export const isAccepted = (route: Route): boolean => {
  const before = known.get(route);
  if (before !== undefined) return before;
  const accepted = conditionOf(route.status, 'Accepted');
  const found = accepted?.status === 'True' && accepted.observedGeneration === route.metadata.generation;
  known.set(route, found);
  return found;
};

/** The canonical form of a CIDR, host bits cleared, as Go's `net.ParseCIDR` reads it; `undefined` for anything else. */
export const cidrOf = (value: string): string | undefined => {
  const [, address = '', bits = ''] = /^([^/%]+)\/(0|[1-9]\d{0,2})$/.exec(value) ?? [];
  const family = isIP(address);
  if (family === 0 || Number(bits) > (family === 4 ? 32 : 128)) return undefined;
  const network =
    family === 4 ? ipaddr.IPv4.networkAddressFromCIDR(value) : ipaddr.IPv6.networkAddressFromCIDR(value);
  return `${network.toString()}/${bits}`;
};

/**
 * One pass of a node's agent over all routes: *the datapath contract* of `design/concepts.md`, faults included.
 * The Network of an Accepted route that cannot be read stops it; so does a value that is no CIDR, but only on the
 * node that has the route's Pod. A route with no Pod or several is skipped, one whose Pod has no interface here
 * as well. Nothing else is looked at: no Gateway, class, finalizer or deletionTimestamp.
 */
export const passOver = (
  routes: readonly Route[],
  networks: (name: string) => NetworkKind,
  node: Node,
): Pass => {
  const accepted = routes.filter(isAccepted);
  const verdicts: Verdict[] = [];
  const local: Route[] = [];
  for (const route of accepted) {
    const kind = isDefault(networkOf(route)) ? 'L3' : networks(networkOf(route));
    if (typeof kind === 'object')
      return {
        kind: 'stopped',
        error: `failed to obtain network information from gkeIPRoute ${route.metadata.name}: ${kind.unreadable}`,
      };
    if (kind === 'L3') local.push(route);
    // The VM's own interface is in the Pod: no map is involved, so every node vouches for it.
    else if (route.status?.pods?.length === 1)
      verdicts.push({ route, status: 'True', reason: 'DPV2Ready', message: '' });
  }
  const entries = new Map<string, Entry>();
  const pods = new Set<string>();
  const programmed = new Set<Route>();
  for (const route of local) {
    const [name, ...more] = route.status?.pods ?? [];
    if (name === undefined || more.length > 0) continue;
    const pod = `${route.metadata.namespace}/${name}`;
    pods.add(pod);
    const endpoint = node.endpointOf(pod, networkOf(route));
    if (endpoint === undefined) continue;
    for (const { value } of route.spec.addresses) {
      const cidr = cidrOf(value);
      if (cidr === undefined)
        return {
          kind: 'stopped',
          error: `error while parsing GKEIPRoute ${route.metadata.name} address ${value}`,
        };
      entries.set(cidr, { pod, podIP: endpoint.ip, route: keyOf(route) });
      programmed.add(route);
    }
  }
  for (const route of programmed)
    verdicts.push(
      node.mapError === undefined
        ? { route, status: 'True', reason: 'DPV2Ready', message: '' }
        : { route, status: 'False', reason: 'DPV2NotReady', message: node.mapError },
    );
  return { kind: 'done', entries, verdicts, pods };
};

/**
 * The route with `verdict` on it, or `undefined` when it shows it already: same status, message and generation.
 * The reason is not compared. `lastTransitionTime` changes only with the status.
 */
export const withVerdict = ({ route, status, reason, message }: Verdict, at: Date): Route | undefined => {
  const before = conditionOf(route.status, 'DPV2Ready');
  const observedGeneration = route.metadata.generation ?? 0;
  const shown =
    before?.status === status &&
    (before.message ?? '') === message &&
    before.observedGeneration === observedGeneration;
  if (shown) return undefined;
  const since = before?.status === status ? before.lastTransitionTime : undefined;
  const condition: Condition = {
    type: 'DPV2Ready',
    status,
    reason,
    message,
    observedGeneration,
    lastTransitionTime: since ?? timestamp(at),
  };
  const known = route.status?.conditions ?? [];
  const conditions =
    before === undefined
      ? [...known, condition]
      : known.map((other) => (other === before ? condition : other));
  return { ...route, status: { ...route.status, conditions } };
};
