import { createHash } from 'node:crypto';
import type { ClusterKey } from '../../events/reconcile-request.ts';
import { parseIp } from './cidr.ts';

/** Who a route or Gateway is, to the letter: one recreated under its name is another one. */
export interface ObjectIdentity {
  readonly cluster: ClusterKey;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

const hash = (parts: readonly string[], length: number): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, length);

const readable = (text: string, length: number): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, length)
    .replace(/-+$/, '');

/**
 * The name of a route's backend service and firewall rule, and the stem of its other resources' names:
 * `[a-z]([-a-z0-9]*[a-z0-9])?`, at most 52 characters. Redelivery must build the same name, so everything comes
 * from the route's identity; the readable part is for people, the hash keeps two routes apart.
 * Source: design/google-cloud.md, *Names*.
 */
export const stemOf = ({ cluster, namespace, name, uid }: ObjectIdentity): string => {
  const readablePart = [readable(namespace, 12), readable(name, 22)].filter((part) => part !== '').join('-');
  return `pip-${readablePart}-${hash([cluster.project, cluster.location, cluster.name, namespace, name, uid], 12)}`;
};

/**
 * The form of every stem, whichever deployment and cluster it is of, as a regular expression in the words that Google's
 * RE2 and JavaScript share. Others may have names of this form: whose a resource is, its record says.
 */
export const stemForm = 'pip-[a-z0-9][-a-z0-9]*-[0-9a-f]{12}';

/** What a NEG's and a rule's name have behind their stem. */
export const partForm = '-[0-9a-f]{8}';

/** One NEG a zone and subnetwork; both are in its name. */
export const negName = (stem: string, zone: string, subnetwork: string): string =>
  `${stem}-${hash([zone, subnetwork], 8)}`;

/** Four characters for a node that is attached: enough to tell it from the few others of its route. */
export const nodeMark = (zone: string, instance: string): string => hash([zone, instance], 4);

/** One rule an address, named for the address in hexadecimal. */
export const ruleName = (stem: string, ip: string): string =>
  `${stem}-${(parseIp(ip) ?? 0).toString(16).padStart(8, '0')}`;

/** One address for each entry of a Gateway that names none, by its place among them; the stem is the Gateway's. */
export const reservationName = (stem: string, ordinal: number): string => `${stem}-${ordinal}`;
