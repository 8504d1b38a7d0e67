import type { ClusterKey } from '../../events/reconcile-request.ts';
import { isGatewayRef } from './admission.ts';
import { parseIp } from './cidr.ts';
import { claimantIndex } from './claimant-index.ts';
import { isTrueNow } from './conditions.ts';
import { meaningOf } from './gateway-class.ts';
import type { Condition, Gateway, GatewayClass, Route } from './objects.ts';
import { gatewayKey, hasGkeMarks, hasOurFinalizer, ourParents } from './whose-route.ts';

/** What one cluster holds, as an inventory reads it. */
export interface ClusterSeen {
  readonly cluster: ClusterKey;
  readonly controllerName: string;
  readonly classes: readonly GatewayClass[];
  readonly gateways: readonly Gateway[];
  readonly routes: readonly Route[];
}

/** An address of a pool; `route` and `pod` are null while nobody claims or holds it. */
export interface PoolAddressView {
  readonly address: string;
  /** The spec entry's type. */
  readonly type: string;
  /** `NAMESPACE/NAME` of the accepted route that claims it. */
  readonly route: string | null;
  /** `NAMESPACE/NAME` of the Pod that holds it. */
  readonly pod: string | null;
}

export interface PoolView {
  readonly cluster: ClusterKey;
  readonly namespace: string;
  readonly name: string;
  readonly class: string;
  readonly scheme: 'EXTERNAL' | 'INTERNAL' | null;
  readonly addresses: readonly PoolAddressView[];
  readonly conditions: readonly Condition[];
}

export interface RouteView {
  readonly cluster: ClusterKey;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** `NAMESPACE/NAME` of the Gateways that it names. */
  readonly pools: readonly string[];
  /** CIDRs, as the spec has them. */
  readonly addresses: readonly string[];
  /** `NAMESPACE/NAME` of the Pod that holds them. */
  readonly pod: string | null;
  /** `Ready` is True for the present spec. */
  readonly ready: boolean;
  readonly conditions: readonly Condition[];
}

const byName = (a: { metadata: { namespace: string; name: string } }, b: typeof a): number => {
  const [left, right] = [gatewayKey(a.metadata), gatewayKey(b.metadata)];
  return left < right ? -1 : left > right ? 1 : 0;
};

const holderName = ({ metadata, status }: Route): string | null =>
  status.pods[0] === undefined ? null : `${metadata.namespace}/${status.pods[0]}`;

/** The Gateways of our classes with their addresses and who has each, in the order of their names. */
export const poolsOf = (seen: ClusterSeen): readonly PoolView[] => {
  const claimantOf = claimantIndex(seen.routes.filter((route) => isTrueNow(route, 'Accepted')));
  return [...seen.gateways].sort(byName).flatMap((gateway) => {
    const gatewayClass = seen.classes.find(({ metadata }) => metadata.name === gateway.className);
    const meaning = gatewayClass && meaningOf(gatewayClass, seen.controllerName);
    if (meaning === undefined || meaning.kind === 'foreign') return [];
    const { namespace, name } = gateway.metadata;
    return [
      {
        cluster: seen.cluster,
        namespace,
        name,
        class: gateway.className,
        scheme: meaning.kind === 'unknown' ? null : meaning.scheme,
        addresses: gateway.status.addresses.map(({ type, value }) => {
          const ip = parseIp(value);
          const route = ip === undefined ? undefined : claimantOf(ip);
          return {
            address: value,
            type,
            route: route === undefined ? null : gatewayKey(route.metadata),
            pod: route === undefined ? null : holderName(route),
          };
        }),
        conditions: gateway.status.conditions,
      },
    ];
  });
};

/** The routes that are ours, in the order of their names. */
export const routesOf = (seen: ClusterSeen): readonly RouteView[] => {
  const gateways = new Map(seen.gateways.map((gateway) => [gatewayKey(gateway.metadata), gateway]));
  return [...seen.routes]
    .sort(byName)
    .filter(
      (route) =>
        hasOurFinalizer(route) ||
        (!hasGkeMarks(route) && ourParents({ ...seen, route, gateways }).length > 0),
    )
    .map((route) => ({
      cluster: seen.cluster,
      namespace: route.metadata.namespace,
      name: route.metadata.name,
      uid: route.metadata.uid,
      pools: [...new Set(route.parentRefs.filter(isGatewayRef).map(gatewayKey))],
      addresses: route.addresses.map(({ value }) => value),
      pod: holderName(route),
      ready: isTrueNow(route, 'Ready'),
      conditions: route.status.conditions,
    }));
};

/** One page of a list, and where the next one begins; `undefined` behind the last. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
}

/** Where an item stands in the order of all clusters. */
const place = ({ cluster, namespace, name }: Pick<RouteView, 'cluster' | 'namespace' | 'name'>): string =>
  [cluster.project, cluster.location, cluster.name, namespace, name].join('/');

/**
 * The items behind `after`, `size` at most. The token is the last item's own place, so that one that comes or goes
 * between two pages neither hides another nor shows it twice.
 */
export const pageOf = <T extends Pick<RouteView, 'cluster' | 'namespace' | 'name'>>(
  all: readonly T[],
  after: string,
  size: number,
): Page<T> => {
  const behind = [...all]
    .sort((a, b) => (place(a) < place(b) ? -1 : 1))
    .filter((item) => after === '' || place(item) > after);
  const items = behind.slice(0, size);
  const last = items.at(-1);
  return { items, next: behind.length > size && last !== undefined ? place(last) : undefined };
};
