import { listenerAdmits } from './acceptance.ts';
import { meaningFor } from './classes.ts';
import { type AGateway, type Cluster, gatewayGroup, keyOf, type Offer, type Past } from './cluster.ts';
import { inBlock, ipNumber, isParsable, readBlock } from './reading.ts';

/** A Gateway's status. design/concepts.md, *Gateway*. */
export interface GatewayVerdict extends Offer {
  /** `Accepted` and `Programmed` as `Status/Reason`. */
  conditions: Record<string, string>;
  listeners: { name: string; attached: number; kinds: string[]; conditions: Record<string, string> }[];
}

/** The addresses that a spec gives, and whether each entry and each address can be used. */
const pool = (
  cluster: Cluster,
  gateway: AGateway,
  scheme: string,
  reservations: readonly string[],
  before: readonly string[],
): { held: string[]; bad: boolean } => {
  const held: string[] = [];
  let bad = false;
  let asked = 0;
  const take = (found: { ip: string; scheme: string }[]): void => {
    // "Every address must be a static regional address of the region, of the class's scheme. Otherwise
    // `Programmed=False/AddressNotUsable`; the good addresses beside it stay in the pool."
    if (found.length === 0) bad = true;
    for (const address of found)
      if (address.scheme !== scheme) bad = true;
      else if (!held.includes(address.ip)) held.push(address.ip);
  };
  for (const { type, value } of gateway.addresses) {
    // "An `IPAddress` without `value` asks us to reserve one"
    if (value === undefined) {
      const next = reservations[asked];
      asked += 1;
      if (next !== undefined) held.push(next);
      continue;
    }
    if (type === 'IPAddress') {
      take(cluster.reserved.filter(({ ip }) => ip === value));
    } else if (type === 'NamedAddress') {
      // "the name of a reserved regional address"
      take(cluster.reserved.filter(({ name }) => name === value));
    } else {
      // "a block such as `203.0.113.0/28`: every reserved address inside it belongs to the pool"
      const block = readBlock(value);
      take(
        cluster.reserved
          .filter(({ ip }) => block !== undefined && inBlock(block, ip))
          .toSorted((a, b) => (ipNumber(a.ip) ?? 0) - (ipNumber(b.ip) ?? 0)),
      );
    }
  }
  // "at most 16 addresses after expansion, because `status.addresses` holds no more, else
  // `Programmed=False/AddressNotUsable`"
  // Of too many those that were offered before: "the good addresses beside it stay in the pool".
  const stay = [...held.filter((ip) => before.includes(ip)), ...held.filter((ip) => !before.includes(ip))];
  return held.length > 16 ? { held: stay.slice(0, 16), bad: true } : { held, bad };
};

/** "(comma-separated CIDRs ...)" "An invalid one: `Accepted=False/InvalidParameters`" */
const rangesAreValid = (text: string | undefined): boolean =>
  text === undefined || text.split(',').every((range) => readBlock(range.trim()) !== undefined);

/** How many addresses we must have reserved for a Gateway when all is at rest. */
export const reservationsDue = ({ addresses, deleting }: AGateway): number =>
  deleting ? 0 : addresses.filter(({ value }) => value === undefined).length;

/**
 * `undefined`: the Gateway is not ours, or being deleted: then it only says that it waits.
 *
 * @param before the addresses that its status offered
 */
export const gatewayVerdict = (
  cluster: Cluster,
  gateway: AGateway,
  reserved: Past['reservations'],
  before: readonly string[],
): GatewayVerdict | undefined => {
  const meaning = meaningFor(cluster, gateway);
  if (meaning === 'foreign' || meaning === 'missing') return undefined;
  // One of the scheme of an earlier class is on its way out.
  const reservations = (reserved.get(keyOf(gateway)) ?? [])
    .filter(({ scheme }) => scheme === meaning)
    .map(({ ip }) => ip);
  let accepted = 'True/Accepted';
  // "A class of ours with a name marked *later*: `Accepted=False/Unsupported`; its Gateways and routes say so."
  if (meaning === 'later') accepted = 'False/Unsupported';
  else if (meaning === 'unknown') accepted = 'False/InvalidParameters';
  // "Any other type: `Accepted=False/UnsupportedAddress`."
  else if (
    gateway.addresses.some(
      ({ type }) => !['IPAddress', 'gke.networking.io/cidr', 'NamedAddress'].includes(type),
    )
  )
    accepted = 'False/UnsupportedAddress';
  else if (!rangesAreValid(gateway.sourceRanges)) accepted = 'False/InvalidParameters';
  // A Gateway that is not accepted offers nothing; what its routes hold stays, for they "heal".
  const { held, bad } =
    accepted === 'True/Accepted'
      ? pool(cluster, gateway, meaning, reservations, before)
      : { held: [], bad: false };
  let programmed = 'True/Programmed';
  // Gateway API: what is not accepted cannot be programmed; `Invalid` is its reason.
  if (accepted !== 'True/Accepted') programmed = 'False/Invalid';
  else if (bad) programmed = 'False/AddressNotUsable';
  // Gateway API: "AddressNotAssigned", of an address without value that is not reserved yet.
  else if (reservations.length < reservationsDue(gateway)) programmed = 'False/AddressNotAssigned';
  return {
    accepted: accepted === 'True/Accepted',
    held,
    conditions: { Accepted: accepted, Programmed: programmed },
    listeners: gateway.listeners.map((listener) => {
      const ours = ({ group, kind }: { group: string; kind: string }): boolean =>
        group === 'networking.gke.io' && kind === 'GKEIPRoute';
      // A selector that nobody can read selects nothing, and its listener is to say so.
      const usable =
        accepted === 'True/Accepted' &&
        (listener.from !== 'Selector' || (listener.selector !== undefined && isParsable(listener.selector)));
      const resolved = listener.kinds.every(ours);
      // Gateway API, `attachedRoutes`: "based solely on the combination of the AllowedRoutes field on the corresponding
      // Listener and the Route's ParentRefs field"; a route that is being deleted is on its way out.
      let attached = 0;
      for (const route of cluster.routes) {
        const names = route.parents.some(
          (ref) =>
            ref.group === gatewayGroup &&
            ref.kind === 'Gateway' &&
            ref.namespace === gateway.namespace &&
            ref.name === gateway.name &&
            (ref.section === undefined || ref.section === listener.name),
        );
        if (names && !route.deleting && listenerAdmits(cluster, gateway, listener, route.namespace))
          attached += 1;
      }
      return {
        name: listener.name,
        attached,
        kinds: listener.kinds.length === 0 || listener.kinds.some(ours) ? ['GKEIPRoute'] : [],
        conditions: {
          Accepted: usable ? 'True/Accepted' : 'False/Invalid',
          ResolvedRefs: resolved ? 'True/ResolvedRefs' : 'False/InvalidRouteKinds',
          Programmed: usable && resolved ? 'True/Programmed' : 'False/Invalid',
          Conflicted: 'False/NoConflicts',
        },
      };
    }),
  };
};
