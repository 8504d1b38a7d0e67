import type { ClusterKey } from '../../events/reconcile-request.ts';
import type { Address, Stage } from './cloud.ts';
import { stemOf } from './names.ts';
import type { Gateway } from './objects.ts';
import type { CloudSeen, RouteObservation } from './observation.ts';
import { planTeardown } from './plan-release.ts';
import { specNames } from './pool.ts';
import { isRecordOf, type Recorded } from './recorded.ts';

/**
 * What is left of a route that is gone: as at any release, but only what carries its record to the letter.
 * @param cloud what carries the name that follows from the route's identity
 * @param recordRefused see plan-release.ts
 */
export const planRouteLeftovers = (
  owner: Recorded,
  cloud: CloudSeen,
  now: Pick<RouteObservation, 'now' | 'cause'>,
  recordRefused: boolean,
): readonly Stage[] =>
  planTeardown(
    { ...owner, route: owner.identity },
    cloud,
    now,
    (text) => isRecordOf(owner, text),
    recordRefused,
  );

/**
 * What was reserved for a Gateway that is gone: only what carries its record to the letter and the name that follows from
 * its identity, and that nobody uses or names.
 * @param gateways all that exist
 */
export const planGatewayLeftovers = (
  owner: Recorded,
  addresses: readonly Address[],
  gateways: readonly Gateway[],
  region: string,
): readonly Stage[] => {
  const { cluster } = owner.identity;
  const own = new RegExp(`^${stemOf(owner.identity)}-\\d+$`);
  const steps = addresses
    .filter(
      (address) =>
        own.test(address.name) &&
        isRecordOf(owner, address.description) &&
        isReturnable(address, cluster, region, gateways),
    )
    .map(({ name }) => ({ do: 'delete-address', name }) as const);
  return steps.length === 0 ? [] : [steps];
};

/**
 * Whether an address that has lost its Gateway may go: nobody uses it, and no Gateway has come to name it. Once it is
 * deleted, Google Cloud may give it to anybody.
 */
export const isReturnable = (
  address: Address,
  { project }: ClusterKey,
  region: string,
  gateways: readonly Gateway[],
): boolean =>
  address.project === project &&
  address.status === 'RESERVED' &&
  address.users.length === 0 &&
  !gateways.some((gateway) => specNames(gateway, address, region));
