import { admittingListeners, isGatewayRef, meantListeners } from './admission.ts';
import { contains, type Ipv4Block, ipText, parseCidr } from './cidr.ts';
import type { Scheme } from './cloud.ts';
import { findCondition, type Verdict } from './conditions.ts';
import { classFor, classProblem, meaningOf, withDefaultAddress } from './gateway-class.ts';
import { networkProblem, type SeenNetwork } from './networks.ts';
import type { Gateway, Namespace, ParentRef } from './objects.ts';
import { cidrType, mostAddresses, specMentions, usableIps } from './pool.ts';
import { isEmptySelector, selectorProblem } from './selector.ts';
import { gatewayKey, type ParentsSeen } from './whose-route.ts';

export interface RouteSeen extends ParentsSeen {
  /** The route's own Namespace; `undefined` when it is gone. */
  readonly namespace: Namespace | undefined;
  /** The Network that it names; `undefined` when that does not exist, and for the default one. */
  readonly network: SeenNetwork | undefined;
}

type Seen = Omit<RouteSeen, 'network'>;

type Refused = Extract<Verdict<'Accepted'>, { status: 'False' }>;

/** What the spec alone says about a route, before anybody else's claim is looked at. */
export type Acceptance =
  | {
      readonly accepted: true;
      readonly blocks: readonly Ipv4Block[];
      readonly ips: readonly string[];
      /** The Gateways that admit the route, all of one class. */
      readonly gateways: readonly Gateway[];
      readonly scheme: Scheme;
    }
  | { readonly accepted: false; readonly verdict: Refused };

type Refusal = Extract<Acceptance, { accepted: false }>;

const refuse = (reason: Refused['reason'], message: string): Refusal => ({
  accepted: false,
  verdict: { type: 'Accepted', status: 'False', reason, message },
});

/**
 * Whether a route is valid, overlap with others apart. The first fault decides: deletion, parents, fields, addresses,
 * selector, network. Source: design/concepts.md, *Conditions of a GKEIPRoute*.
 */
export const acceptRoute = (seen: RouteSeen): Acceptance => {
  const acceptance = acceptApartFromNetwork(seen);
  const problem = networkProblem(seen.route, seen.network);
  return acceptance.accepted && problem !== undefined ? refuse(problem.reason, problem.message) : acceptance;
};

/** The same without the last question: of a route that is refused anyway, nobody has to know the network. */
export const acceptApartFromNetwork = (seen: Seen): Acceptance => {
  const { route } = seen;
  if (route.metadata.deletionTimestamp !== undefined)
    return refuse('Mutated', 'The route is being deleted: its addresses are being released');
  const parents = admittingGateways(seen);
  if ('accepted' in parents) return parents;
  const { gateways, scheme } = parents;
  const field = unofferedField(seen, scheme);
  if (field !== undefined) return field;
  const addresses = claimedAddresses(seen, gateways);
  if ('accepted' in addresses) return addresses;
  const selector = selectorVerdict(seen);
  if (selector !== undefined) return selector;
  return { accepted: true, ...addresses, gateways, scheme };
};

interface Parents {
  readonly gateways: readonly Gateway[];
  readonly scheme: Scheme;
}

const admittingGateways = (seen: Seen): Parents | Refusal => {
  const refs = seen.route.parentRefs.filter(isGatewayRef);
  if (refs.length === 0)
    return refuse('MissingParentRefs', 'Name the Gateway whose addresses the route uses in spec.parentRefs');
  const looked = refs.map((ref) => lookAtParent(seen, ref));
  const admitting = looked.flatMap((found) => ('gateway' in found ? [found] : []));
  const classes = [...new Set(admitting.map(({ gateway }) => gateway.className))];
  if (classes.length > 1)
    return refuse(
      'Unattachable',
      `The Gateways that admit the route have the classes ${classes.join(' and ')}: name Gateways of one class in spec.parentRefs`,
    );
  if (admitting[0] !== undefined)
    return { gateways: admitting.map(({ gateway }) => gateway), scheme: admitting[0].scheme };
  // Foreign parents are ignored, so they explain a refusal only when there is no other parent.
  const refusals = looked.flatMap((found) => ('refusal' in found ? [found] : []));
  const first = refusals.find(({ foreign }) => !foreign) ?? refusals[0];
  return first?.refusal ?? refuse('MissingParentRefs', 'Name a Gateway in spec.parentRefs');
};

const lookAtParent = (
  seen: Seen,
  ref: ParentRef,
): { gateway: Gateway; scheme: Scheme } | { refusal: Refusal; foreign: boolean } => {
  const no = (reason: Refused['reason'], message: string, foreign = false) => ({
    refusal: refuse(reason, message),
    foreign,
  });
  const label = `Gateway ${gatewayKey(ref)}`;
  const gateway = seen.gateways.get(gatewayKey(ref));
  if (gateway === undefined)
    return no('GatewayNotFound', `${label} does not exist: create it or correct spec.parentRefs`);
  // It waits for its routes to let go of the addresses that we reserved for it.
  if (gateway.metadata.deletionTimestamp !== undefined)
    return no('GatewayNotFound', `${label} is being deleted: name another Gateway in spec.parentRefs`);
  const gatewayClass = seen.classes.find(({ metadata }) => metadata.name === gateway.className);
  if (gatewayClass === undefined)
    return no(
      'GatewayNotAccepted',
      `GatewayClass ${gateway.className} of ${label} does not exist: create it or correct the Gateway's gatewayClassName`,
    );
  const meaning = meaningOf(gatewayClass, seen.controllerName);
  if (meaning.kind === 'foreign')
    return no(
      'Unattachable',
      `${label} has class ${gateway.className}, which another controller serves: name a Gateway of class ${classFor('EXTERNAL')} or ${classFor('INTERNAL')}`,
      true,
    );
  if (meaning.kind !== 'offered')
    return no(
      'GatewayNotAccepted',
      `${label} has class ${gateway.className}, which is not accepted: ${classProblem(meaning).message}`,
    );
  const accepted = findCondition(gateway.status.conditions, 'Accepted');
  if (accepted?.status !== 'True')
    return no(
      'GatewayNotAccepted',
      `${label} is not accepted${accepted === undefined ? ' yet' : `: ${accepted.message}`}`,
    );
  if (meantListeners(gateway, ref).length === 0)
    return no(
      'Unattachable',
      `${label} has no listener "${ref.sectionName ?? ''}": its listeners are ${gateway.listeners.map(({ name }) => name).join(', ')}`,
    );
  if (seen.namespace === undefined || admittingListeners(gateway, ref, seen.namespace).length === 0)
    return no(
      'Unattachable',
      `No listener of ${label} admits GKEIPRoutes of namespace ${seen.route.metadata.namespace}: ask its owner to widen allowedRoutes`,
    );
  return { gateway: withDefaultAddress(gateway, gatewayClass), scheme: meaning.scheme };
};

/**
 * Fields of GKE's newest CRD that the Gateways' class does not offer. `haPolicy: true` says what is done anyway, and
 * `allowGlobalAccess: false` what an external address has no need of.
 */
const unofferedField = ({ route: { extra } }: Seen, scheme: Scheme): Refusal | undefined => {
  const later = 'classes, which this release does not offer: remove it';
  if (extra.allowGlobalAccess === true && scheme !== 'INTERNAL')
    return refuse(
      'Unattachable',
      `allowGlobalAccess is for internal addresses, which class ${classFor('INTERNAL')} offers: remove it, or take a Gateway of that class`,
    );
  if (extra.haPolicy === false)
    return refuse('Unattachable', `haPolicy: false is a load balancer of the gke-passthrough-lb-* ${later}`);
  if (extra.nodeSelector !== undefined)
    return refuse('Unattachable', `nodeSelector is for the gke-persistent-fast-* ${later}`);
  if (extra.loadBalancing !== undefined)
    return refuse('Unattachable', `loadBalancing is for the gke-passthrough-lb-* ${later}`);
  return undefined;
};

const claimedAddresses = (
  { route }: Seen,
  gateways: readonly Gateway[],
): { blocks: readonly Ipv4Block[]; ips: readonly string[] } | Refusal => {
  const pool = [...new Set(gateways.flatMap(usableIps))].sort((a, b) => a - b);
  const blocks: Ipv4Block[] = [];
  const ips = new Set<number>();
  for (const { type, value } of route.addresses) {
    const block = parseCidr(value);
    if (type !== cidrType && type !== 'IPAddress')
      return refuse(
        'InvalidAddresses',
        `Address type ${type} cannot be used on a route: write type: ${cidrType}, value: 34.1.2.3/32`,
      );
    if (block === 'ipv6')
      return refuse('InvalidAddresses', `${value} is IPv6: persistent IP addresses are IPv4`);
    if (block === 'not-a-cidr')
      return refuse(
        'InvalidAddresses',
        `"${value}" is not a CIDR: write it with its prefix length, like 34.1.2.3/32`,
      );
    const inside = pool.filter((ip) => contains(block, ip));
    if (inside.length === 0) return refuse('InvalidAddresses', notInPool(block, gateways));
    blocks.push(block);
    for (const ip of inside) ips.add(ip);
  }
  if (blocks.length === 0)
    return refuse('InvalidAddresses', 'The route names no address: add one to spec.addresses');
  if (ips.size > mostAddresses || blocks.length > mostAddresses)
    return refuse(
      'InvalidAddresses',
      `The route claims ${Math.max(ips.size, blocks.length)} addresses and may have ${mostAddresses}: split it into several routes`,
    );
  return { blocks, ips: [...ips].map(ipText) };
};

const notInPool = (block: Ipv4Block, gateways: readonly Gateway[]): string => {
  const meant = gateways.find((gateway) => specMentions(gateway, block.first));
  if (meant !== undefined)
    return `${block.text} is in Gateway ${gatewayKey(meant.metadata)} but not usable: ${whyNotUsable(meant)}`;
  return `${block.text} is in the pool of no Gateway that admits the route (${gateways.map(({ metadata }) => gatewayKey(metadata)).join(', ')}): add it to the Gateway's spec.addresses or take one of its addresses`;
};

/** Of an address that the Gateway's spec mentions and its status does not hold. */
const whyNotUsable = ({ metadata, status }: Gateway): string => {
  const programmed = findCondition(status.conditions, 'Programmed');
  if (programmed?.status === 'False') return programmed.message;
  // A block's pool is what is reserved inside it, so the Gateway itself is well.
  return programmed?.status === 'True' && programmed.observedGeneration === metadata.generation
    ? 'no address inside it is reserved in the region: reserve one, which is found within five minutes, or take an address of the pool'
    : 'the Gateway has not been looked at yet';
};

const selectorVerdict = ({ route }: Seen): Refusal | undefined => {
  if (isEmptySelector(route.podSelector))
    return refuse(
      'InvalidLabels',
      'spec.podSelector is empty and would select every Pod: name the labels of the Pods that may hold the addresses',
    );
  const problem = selectorProblem(route.podSelector);
  return problem === undefined ? undefined : refuse('InvalidLabels', `spec.podSelector: ${problem}`);
};
