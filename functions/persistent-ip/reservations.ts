import type { Address, AddressSource, CloudStep, Scheme } from './cloud.ts';
import { reservationName, stemOf } from './names.ts';
import type { Gateway } from './objects.ts';
import { describeReservation, isReservedFor, type ReservationOwner } from './ownership.ts';
import { specNames } from './pool.ts';

/** The addresses that we reserved for a Gateway's entries without a value, and what must change about them. */
export interface Reservations {
  /** One for each such entry, in their order; fewer while some are missing. */
  readonly kept: readonly Address[];
  /** Entries that have none yet. */
  readonly missing: number;
  /** What no entry asks for any more. */
  readonly surplus: readonly Address[];
}

const sourceAnnotations = {
  ipCollection: 'persistent-ip.dev/ip-collection',
  subnetwork: 'persistent-ip.dev/subnetwork',
} as const;

/** RFC 1035, as Compute names its resources. */
const resourceName = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;

/**
 * Where addresses of a Gateway are reserved from now on: an external one is Google's or, by annotation, of a public
 * delegated prefix (BYOIP); an internal one lies in the cluster's subnetwork or, by annotation, in another.
 * @returns a text, what is wrong with the annotations
 */
export const sourceOf = (gateway: Gateway, scheme: Scheme, subnetwork: string): AddressSource | string => {
  const { annotations } = gateway.metadata;
  const ipCollection = annotations[sourceAnnotations.ipCollection];
  const other = annotations[sourceAnnotations.subnetwork];
  for (const [annotation, value] of [
    [sourceAnnotations.ipCollection, ipCollection],
    [sourceAnnotations.subnetwork, other],
  ] as const)
    if (value !== undefined && !resourceName.test(value))
      return `The annotation ${annotation} holds "${value}", which is not the name of a resource of the region: write its short name`;
  if (scheme === 'INTERNAL')
    return ipCollection === undefined
      ? { scheme, subnetwork: other ?? subnetwork }
      : `The annotation ${sourceAnnotations.ipCollection} is for external addresses: remove it, or use ${sourceAnnotations.subnetwork}`;
  if (other !== undefined)
    return `The annotation ${sourceAnnotations.subnetwork} is for internal addresses: remove it`;
  return { scheme, ...(ipCollection === undefined ? {} : { ipCollection }) };
};

/**
 * Which of our reservations stay. One that an entry has come to name by value or name is that entry's. The others mean
 * the same to an entry without a value, so when there are too many those stay that the Gateway's status already offers,
 * then those in use, then those of the lowest names: nobody loses an address while an unused one could go.
 */
export const sortReservations = (
  owner: ReservationOwner,
  gateway: Gateway,
  reserved: readonly Address[],
  wanted: { readonly scheme: Scheme; readonly count: number; readonly region: string },
): Reservations => {
  const isNamed = (address: Address): boolean => specNames(gateway, address, wanted.region);
  const ours = reserved.filter(({ description }) => isReservedFor(owner, description));
  const offered = new Set(gateway.status.addresses.map(({ value }) => value));
  const rank = ({ ip, users }: Address): number => (offered.has(ip) ? 0 : 2) + (users.length > 0 ? 0 : 1);
  const preferred = ours
    .filter((address) => address.scheme === wanted.scheme && !isNamed(address))
    .sort((a, b) => rank(a) - rank(b) || byName(a, b));
  const kept = preferred.slice(0, wanted.count).sort(byName);
  return {
    kept,
    missing: wanted.count - kept.length,
    surplus: ours.filter((address) => !kept.includes(address) && !isNamed(address)),
  };
};

const byName = (a: Address, b: Address): number =>
  a.name.length - b.name.length || (a.name < b.name ? -1 : 1);

/** What is missing is reserved, under names that nobody has: a delivery repeated builds the same ones. */
export const planReserving = (
  owner: ReservationOwner,
  { missing }: Reservations,
  reserved: readonly Address[],
  from: AddressSource,
): readonly CloudStep[] => {
  const stem = stemOf(owner.gateway);
  const taken = new Set(reserved.map(({ name }) => name));
  const description = describeReservation(owner);
  const steps: CloudStep[] = [];
  for (let ordinal = 0; steps.length < missing; ordinal += 1) {
    const name = reservationName(stem, ordinal);
    if (!taken.has(name)) steps.push({ do: 'reserve-address', name, from, description });
  }
  return steps;
};

/** What is surplus is deleted as soon as no forwarding rule uses it; until then its routes are letting go of it. */
export const planReturning = ({ surplus }: Reservations): readonly CloudStep[] =>
  surplus.filter(({ users }) => users.length === 0).map(({ name }) => ({ do: 'delete-address', name }));
