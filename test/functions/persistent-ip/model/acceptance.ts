import { networkOf } from './choice.ts';
import { meaningFor, parentsOf } from './classes.ts';
import {
  type AGateway,
  type AListener,
  type ARoute,
  type Cluster,
  gatewayGroup,
  keyOf,
  type Past,
} from './cluster.ts';
import { type Block, inBlock, isEmpty, isParsable, readBlock, selectsLabels } from './reading.ts';

/**
 * `Accepted` of a GKEIPRoute. design/concepts.md has no sentence on which reason comes first; the order of its table is
 * taken for it, and a claim on an address comes last, because "a *claimant* is a route that is valid apart from overlap".
 */
export type Refusal =
  | 'MissingParentRefs'
  | 'GatewayNotFound'
  | 'GatewayNotAccepted'
  | 'Unattachable'
  | 'InvalidAddresses'
  | 'InvalidLabels'
  | 'NetworkNotFound'
  | 'NetworkNotReady'
  | 'Mutated';

export interface Claim {
  blocks: Block[];
  /** Pool addresses that the blocks claim. */
  ips: string[];
  /** The parents that admit the route. */
  gateways: AGateway[];
  scheme: string;
}

/** Whether a listener admits GKEIPRoutes of a namespace. */
export const listenerAdmits = (
  cluster: Cluster,
  gateway: AGateway,
  listener: AListener,
  namespace: string,
): boolean => {
  // "`allowedRoutes.kinds` if present must admit `GKEIPRoute` of `networking.gke.io`."
  if (
    listener.kinds.length > 0 &&
    !listener.kinds.some(({ group, kind }) => group === 'networking.gke.io' && kind === 'GKEIPRoute')
  )
    return false;
  // "`allowedRoutes.namespaces.from`: `All`, `Same` (default) or `Selector` with a label selector on Namespaces"
  if (listener.from === 'All') return true;
  if (listener.from === 'Same') return namespace === gateway.namespace;
  const labels = cluster.namespaces.find(({ name }) => name === namespace)?.labels;
  if (labels === undefined || listener.selector === undefined) return false;
  return isParsable(listener.selector) && selectsLabels(listener.selector, labels);
};

const namesGateway = ({ parents }: ARoute): boolean =>
  parents.some(({ group, kind }) => group === gatewayGroup && kind === 'Gateway');

const offersOf = (past: Past, gateway: AGateway) =>
  past.offers.get(keyOf(gateway)) ?? { accepted: false, held: [] };

/** What a valid route claims, or why it is refused, apart from overlap. */
export const acceptApart = (cluster: Cluster, past: Past, route: ARoute): Claim | Refusal => {
  if (route.deleting) return 'Mutated';

  const parents = parentsOf(cluster, route);
  // With none but foreign parents there is no word: saying that another controller serves them helps more than *missing*.
  if (parents.length === 0) return namesGateway(route) ? 'Unattachable' : 'MissingParentRefs';
  const admitting: AGateway[] = [];
  let first: Refusal | undefined;
  for (const { ref, gateway } of parents) {
    // One that is being deleted goes "when no forwarding rule uses the address", so it must count as gone.
    if (gateway === undefined || gateway.deleting) {
      first ??= 'GatewayNotFound';
      continue;
    }
    if (!offersOf(past, gateway).accepted) {
      first ??= 'GatewayNotAccepted';
      continue;
    }
    // "no listener admits the namespace or the kind, sectionName names none"
    const listeners = gateway.listeners.filter(
      ({ name }) => ref.section === undefined || name === ref.section,
    );
    if (!listeners.some((listener) => listenerAdmits(cluster, gateway, listener, route.namespace))) {
      first ??= 'Unattachable';
      continue;
    }
    admitting.push(gateway);
  }
  // "If none admits, the reason is that of the first parent in list order."
  if (admitting.length === 0) return first ?? 'MissingParentRefs';
  // "all admitting parents must have one class, else `Unattachable` naming the classes"
  const [parent] = admitting as [AGateway];
  if (admitting.some(({ className }) => className !== parent.className)) return 'Unattachable';
  // "A field that the Gateway's class does not offer: `Accepted=False/Unattachable`": "`allowGlobalAccess` (internal
  // addresses only)", "`haPolicy` (unset or `true` is what we do, `false` is refused)", "`nodeSelector` (if and only if
  // a fast class)", "`loadBalancing` (the load-balancing classes only)". No class of those two is offered yet.
  const { extra } = route;
  // `allowGlobalAccess: false` asks for nothing.
  if (extra.allowGlobalAccess === true && meaningFor(cluster, parent) !== 'INTERNAL') return 'Unattachable';
  if (extra.haPolicy === false) return 'Unattachable';
  if (extra.nodeSelector !== undefined) return 'Unattachable';
  if (extra.loadBalancing !== undefined) return 'Unattachable';

  // "A route's address values are CIDRs; a shorter prefix claims every pool address inside it." "All or nothing: one bad
  // address refuses the route."
  if (route.addresses.length > 16) return 'InvalidAddresses';
  const blocks: Block[] = [];
  const ips: string[] = [];
  for (const { value } of route.addresses) {
    const block = readBlock(value);
    if (block === undefined) return 'InvalidAddresses';
    blocks.push(block);
    // "every address lies in the pool of an admitting parent"
    let inPool = false;
    for (const gateway of admitting)
      for (const ip of offersOf(past, gateway).held)
        if (inBlock(block, ip)) {
          inPool = true;
          if (!ips.includes(ip)) ips.push(ip);
        }
    if (!inPool) return 'InvalidAddresses';
  }
  if (ips.length > 16) return 'InvalidAddresses';

  // "`InvalidLabels` (selector empty or unparsable)"
  if (isEmpty(route.selector) || !isParsable(route.selector)) return 'InvalidLabels';

  // "A non-default `network` must exist (`NetworkNotFound`), have condition `Ready=True` (`NetworkNotReady`) and be of
  // type `L3` or `Device`; its parameter set names the VPC and subnet".
  if (networkOf(route) !== 'default') {
    const network = cluster.networks.find(({ name }) => name === route.network);
    if (network === undefined) return 'NetworkNotFound';
    if (network.ready !== 'True') return 'NetworkNotReady';
    if (network.type !== 'L3' && network.type !== 'Device') return 'NetworkNotReady';
    if (!cluster.paramSets.some(({ name }) => name === network.paramSet)) return 'NetworkNotReady';
  }
  return { blocks, ips, gateways: admitting, scheme: meaningFor(cluster, parent) };
};
