import { ipText, parseIp } from './cidr.ts';
import type { HolderRecord, IdleNodes } from './holder-record.ts';
import type { ObjectIdentity } from './names.ts';

/**
 * Whose resource it is, as JSON in its description (a NEG's annotation). Compute's labels exist only on
 * addresses and forwarding rules, so they cannot say it.
 * Source: design/google-cloud.md, *One route, four kinds of resource*.
 */
export interface Owner {
  readonly deployment: string;
  /** uid of Namespace kube-system: a cluster rebuilt under its name is another one. */
  readonly clusterUid: string;
  readonly route: ObjectIdentity;
}

/** Whose an address is that we reserved: it goes with its Gateway's entry, not with a route. */
export interface ReservationOwner {
  readonly deployment: string;
  readonly clusterUid: string;
  readonly gateway: ObjectIdentity;
}

interface ObjectName {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

type Packed = 'addresses' | 'moves' | 'idle';
type WrittenRecord = Omit<HolderRecord, Packed> & {
  readonly addresses: string;
  readonly moves?: string;
  readonly idle?: string;
};

interface Written {
  readonly deployment: string;
  readonly cluster: {
    readonly project: string;
    readonly location: string;
    readonly name: string;
    readonly uid: string;
  };
  readonly route?: ObjectName;
  readonly gateway?: ObjectName;
  readonly holder?: WrittenRecord;
}

/** Compute's limit on a description, characters. */
export const descriptionLimit = 2048;

/** The text of an ownership record; on the backend service it holds the holder record too. */
export const describe = ({ deployment, clusterUid, route }: Owner, record?: HolderRecord): string => {
  const { cluster, ...object } = route;
  const owner = { deployment, cluster: { ...cluster, uid: clusterUid }, route: object };
  if (record === undefined) return textOf(owner);
  const whole = textOf({ ...owner, holder: writtenOf(record) });
  const excess = whole.length - descriptionLimit;
  return excess <= 0 ? whole : textOf({ ...owner, holder: writtenOf(shortened(record, excess)) });
};

/** What is only for people to read gives way to what is not: with the longest names not all of it fits. */
const shortened = (record: HolderRecord, excess: number): HolderRecord => {
  const { method, principal } = record.cause;
  const cut = Math.min(excess, principal.length);
  const cause = {
    ...record.cause,
    principal: principal.slice(0, principal.length - cut),
    method: method.slice(0, Math.max(0, method.length - (excess - cut))),
  };
  return { ...record, cause };
};

const writtenOf = ({ addresses, moves, idle, ...record }: HolderRecord): WrittenRecord => ({
  ...record,
  addresses: packed(addresses),
  ...(moves.length === 0 ? {} : { moves: packedTimes(moves, Date.parse(record.at)) }),
  ...(idle === undefined ? {} : { idle: packedIdle(idle) }),
});

/** The text of the record on an address that we reserved. */
export const describeReservation = ({ deployment, clusterUid, gateway }: ReservationOwner): string => {
  const { cluster, ...object } = gateway;
  return textOf({ deployment, cluster: { ...cluster, uid: clusterUid }, gateway: object });
};

const textOf = (record: Written): string => JSON.stringify(record);

/** A description as JSON; nothing of it has been checked. */
export const read = (description: string): Partial<Written> | undefined => {
  // Most of what a project holds is not ours and says so by its first letter; to parse it and catch the error is slow.
  if (!description.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(description);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
};

/** Whether a description is this route's record. Anything else, also a broken one, is not ours. */
export const isOwnedBy = (owner: Owner, description: string | undefined): boolean => {
  const written = read(description ?? '');
  return (
    written?.deployment === owner.deployment &&
    written.cluster?.uid === owner.clusterUid &&
    written.route?.uid === owner.route.uid
  );
};

/** Whether an address was reserved by us for this very Gateway. */
export const isReservedFor = (owner: ReservationOwner, description: string): boolean => {
  const written = read(description);
  return (
    written?.deployment === owner.deployment &&
    written.cluster?.uid === owner.clusterUid &&
    written.gateway?.uid === owner.gateway.uid
  );
};

/** Whether any deployment of this software wrote it, for whatever route: then the address comes free by itself. */
export const isOurs = (description: string): boolean => {
  const written = read(description);
  return typeof written?.deployment === 'string' && typeof written.route?.uid === 'string';
};

/** The route that an ownership record names, for messages. */
export const ownerName = (description: string): string => {
  const route = read(description)?.route;
  return route === undefined ? 'an unknown owner' : `${route.namespace}/${route.name}`;
};

/** Eight hexadecimal digits an address: sixteen of them in dotted decimal would not fit beside the longest names. */
const packed = (ips: readonly string[]): string =>
  ips.map((ip) => (parseIp(ip) ?? 0).toString(16).padStart(8, '0')).join('');

const unpacked = (digits: string): readonly string[] =>
  (digits.match(/[0-9a-f]{8}/g) ?? []).map((address) => ipText(Number.parseInt(address, 16)));

/** Four digits of base 36 a time: milliseconds before `at`, of which a minute has 60,000. */
const packedTimes = (times: readonly number[], at: number): string =>
  times
    .map((time) =>
      Math.max(0, at - time)
        .toString(36)
        .padStart(4, '0'),
    )
    .join('');

const unpackedTimes = (digits: string, at: number): readonly number[] =>
  (digits.match(/[0-9a-z]{4}/g) ?? []).map((before) => at - Number.parseInt(before, 36));

/** Seven digits of base 36, seconds since 1970, then four characters a mark. */
const packedIdle = ({ since, nodes }: IdleNodes): string =>
  `${(since / 1000).toString(36).padStart(7, '0')}${nodes.join('')}`;

const unpackedIdle = (text: string): { idle?: IdleNodes } => {
  const since = Number.parseInt(text.slice(0, 7), 36) * 1000;
  return Number.isNaN(since) ? {} : { idle: { since, nodes: text.slice(7).match(/.{4}/g) ?? [] } };
};

const areTexts = (value: unknown, ...names: readonly string[]): boolean =>
  typeof value === 'object' &&
  value !== null &&
  names.every((name) => typeof (value as Readonly<Record<string, unknown>>)[name] === 'string');

const isHolder = (value: unknown): boolean =>
  value === undefined || areTexts(value, 'pod', 'uid', 'node', 'zone', 'podIP');

const isTime = (text: unknown): boolean => typeof text === 'string' && Number.isFinite(Date.parse(text));

/** The holder record of a backend service of ours; `undefined` when somebody has cut it off or written in it. */
export const recordOf = (description: string): HolderRecord | undefined => {
  const { addresses, moves, idle, changes, ...record }: Partial<WrittenRecord> =
    read(description)?.holder ?? {};
  const whole =
    typeof addresses === 'string' &&
    isTime(record.at) &&
    isTime(record.written) &&
    typeof record.replaced === 'string' &&
    areTexts(record.cause, 'insertId', 'method', 'principal', 'at') &&
    isHolder(record.holder) &&
    isHolder(record.before);
  if (!whole) return undefined;
  // Records of earlier releases have none.
  const times = typeof moves === 'string' ? unpackedTimes(moves, Date.parse(record.at ?? '')) : [];
  const nodes = typeof idle === 'string' ? unpackedIdle(idle) : {};
  const counted = Number.isSafeInteger(changes) && (changes ?? 0) > 0 ? { changes } : {};
  return { ...record, addresses: unpacked(addresses), moves: times, ...counted, ...nodes } as HolderRecord;
};
