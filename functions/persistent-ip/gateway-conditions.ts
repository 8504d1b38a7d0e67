import type { Address } from './cloud.ts';
import { findCondition } from './conditions.ts';
import { type ClassMeaning, classProblem } from './gateway-class.ts';
import type { GatewayObservation, Refusal } from './gateway-observation.ts';
import { type Pool, unknownTypes } from './pool.ts';
import { type Reservations, sourceOf } from './reservations.ts';
import { sourceRangesProblem } from './source-ranges.ts';
import type { VerdictOf } from './vocabulary.ts';

type GatewayVerdict<T extends 'Accepted' | 'Programmed'> = VerdictOf<'Gateway', T>;

const refused = ({ code, message }: Refusal): string => `Google Cloud refused (${code}): ${message}`;

/**
 * A Gateway of ours is valid if its class is, every address type is known, and its annotations can be read. What the
 * addresses are worth is `Programmed`'s. Source: design/concepts.md, *Gateway*.
 */
export const acceptedVerdict = (
  { gateway, cluster }: GatewayObservation,
  meaning: Exclude<ClassMeaning, { kind: 'foreign' }>,
): GatewayVerdict<'Accepted'> => {
  const no = (
    reason: Extract<GatewayVerdict<'Accepted'>, { status: 'False' }>['reason'],
    message: string,
  ): GatewayVerdict<'Accepted'> => ({
    type: 'Accepted',
    status: 'False',
    reason,
    message,
  });
  if (meaning.kind !== 'offered') {
    const { reason, message } = classProblem(meaning);
    return no(reason, `GatewayClass ${gateway.className} is not accepted: ${message}`);
  }
  const unknown = unknownTypes(gateway);
  if (unknown.length > 0)
    return no(
      'UnsupportedAddress',
      `Address type ${unknown.join(', ')} is not supported: use IPAddress, NamedAddress or gke.networking.io/cidr`,
    );
  const ranges = sourceRangesProblem(gateway);
  if (ranges !== undefined) return no('InvalidParameters', `${ranges}; the last good firewall rules stay`);
  const from = sourceOf(gateway, meaning.scheme, cluster.subnetwork);
  if (typeof from === 'string') return no('InvalidParameters', from);
  return { type: 'Accepted', status: 'True', reason: 'Accepted', message: 'The Gateway is valid' };
};

const notAccepted = ({ message }: GatewayVerdict<'Accepted'>): GatewayVerdict<'Programmed'> => ({
  type: 'Programmed',
  status: 'False',
  reason: 'Invalid',
  message: `Not accepted: ${message}`,
});

/** Whether every address of the spec is held; the good ones beside a bad one are. */
export const programmedVerdict = (
  { gateway }: GatewayObservation,
  accepted: GatewayVerdict<'Accepted'>,
  pool: Pool,
  { missing }: Reservations,
  failure: Refusal | undefined,
): GatewayVerdict<'Programmed'> => {
  const type = 'Programmed';
  if (accepted.status === 'False') return notAccepted(accepted);
  const why = failure === undefined ? [] : [refused(failure)];
  const no = (
    reason: Extract<GatewayVerdict<'Programmed'>, { status: 'False' }>['reason'],
    ...said: readonly string[]
  ): GatewayVerdict<'Programmed'> => {
    const before = findCondition(gateway.status.conditions, type);
    const tried = before?.reason === reason && before.observedGeneration === gateway.metadata.generation;
    // A failure that a person must mend stays readable until it is mended, not only until the next try.
    const message =
      failure === undefined && missing > 0 && tried ? before.message : [...said, ...why].join('; ');
    return { type, status: 'False', reason, message };
  };
  if (pool.problems.length > 0) return no('AddressNotUsable', ...pool.problems);
  if (missing > 0)
    return no(
      'AddressNotAssigned',
      `${missing} of the addresses without value ${missing === 1 ? 'is' : 'are'} not reserved yet`,
    );
  const size = pool.held.length;
  const message =
    size === 0
      ? 'The pool is empty: add addresses to spec.addresses'
      : `The pool holds ${size} address${size === 1 ? '' : 'es'}`;
  return { type, status: 'True', reason: 'Programmed', message: [message, ...why].join('; ') };
};

/** A Gateway that is being deleted, with addresses that we reserved for it. */
export const goingVerdict = (
  held: readonly Address[],
  failure: Refusal | undefined,
): GatewayVerdict<'Programmed'> => {
  const waiting = `The Gateway is being deleted: ${held.map(({ ip }) => ip).join(', ')} will be released as soon as no forwarding rule uses them`;
  return {
    type: 'Programmed',
    status: 'False',
    reason: 'Pending',
    message: failure === undefined ? waiting : `${waiting}; ${refused(failure)}`,
  };
};

/** Nobody knows what the addresses are worth: a person is told why. */
export const blindVerdict = (
  accepted: GatewayVerdict<'Accepted'>,
  region: string,
  refusal: Refusal,
): GatewayVerdict<'Programmed'> =>
  accepted.status === 'False'
    ? notAccepted(accepted)
    : {
        type: 'Programmed',
        status: 'False',
        reason: 'AddressNotUsable',
        message: `The addresses of region ${region} cannot be read, and the pool stays as it was: ${refused(refusal)}`,
      };
