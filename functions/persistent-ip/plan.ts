import { parseIp } from './cidr.ts';
import { blocksOf, overlap, within } from './claims.ts';
import { type Calls, callsOf, type Stems } from './compute-call.ts';
import type { ConditionExplained, PodExplained } from './explain.ts';
import type { Conflict, Forecast, Outcome } from './forecast.ts';
import type { GatewayForecast } from './forecast-gateway.ts';
import type { PoolView } from './inventory.ts';
import type { Change, Laid } from './lay-over.ts';
import type { Gateway, Route } from './objects.ts';

interface Name {
  readonly namespace: string;
  readonly name: string;
}

interface Planned extends Name {
  readonly change: Change;
  /** null: only the API server makes it; a name below that ends in `<uid>` gets its last part from it. */
  readonly uid: string | null;
  readonly outcome: Outcome;
  readonly because: string;
  readonly conditions: readonly ConditionExplained[];
  readonly calls: Calls;
  readonly next: string;
}

/** A route as it would be, and what would be done for it now. */
export interface PlannedRoute extends Planned {
  /** CIDRs, as the manifest has them. */
  readonly addresses: readonly string[];
  readonly holder: Forecast['holder'];
  readonly wouldHold: Forecast['wouldHold'];
  readonly conflict: Conflict | null;
  readonly givesUp: readonly string[];
  readonly pods: readonly PodExplained[];
}

/** An address of a pool, now or then. */
export interface PoolChange {
  readonly address: string;
  readonly change: 'added' | 'removed' | 'kept';
  /** `NAMESPACE/NAME` of the accepted route that claims it now, and that would; null: none. */
  readonly route: string | null;
  readonly wouldBe: string | null;
}

export interface PlannedGateway extends Planned {
  readonly pool: readonly PoolChange[];
  readonly listeners: readonly ListenerChange[];
}

/** Routes that a listener admits, now and then. */
export interface ListenerChange {
  readonly name: string;
  readonly attachedRoutes: number;
  readonly wouldBe: number;
}

/** What a route that is not in the manifest comes to, before and after. */
export interface OtherRoute extends Name {
  readonly now: Told;
  readonly wouldBe: Told;
  readonly calls: Calls;
  /** What follows only once the plan's own steps are done; empty: nothing. */
  readonly next: string;
}

interface Told {
  readonly outcome: Outcome;
  readonly because: string;
}

export interface OtherGateway extends Name {
  readonly pool: readonly PoolChange[];
  readonly listeners: readonly ListenerChange[];
}

const planned = (
  { object, change }: Laid<Route | Gateway>,
  { outcome, because, conditions, stages, next }: Forecast | GatewayForecast,
  stems: Stems,
): Planned => {
  const { namespace, name, uid } = object.metadata;
  const known = change === 'create' ? null : uid;
  return {
    namespace,
    name,
    change,
    uid: known,
    outcome,
    because,
    conditions,
    calls: callsOf(stages, stems),
    next,
  };
};

export const plannedRoute = (laid: Laid<Route>, forecast: Forecast, stems: Stems): PlannedRoute => {
  const { holder, wouldHold, conflict, givesUp, pods } = forecast;
  const addresses = laid.object.addresses.map(({ value }) => value);
  return { ...planned(laid, forecast, stems), addresses, holder, wouldHold, conflict, givesUp, pods };
};

export const plannedGateway = (
  laid: Laid<Gateway>,
  forecast: GatewayForecast,
  stems: Stems,
  changes: Pick<PlannedGateway, 'pool' | 'listeners'>,
): PlannedGateway => ({ ...planned(laid, forecast, stems), ...changes });

/** What becomes of a pool, in the order of its addresses. */
export const poolChanges = (now: PoolView | undefined, then: PoolView | undefined): readonly PoolChange[] => {
  const before = now?.addresses ?? [];
  const after = then?.addresses ?? [];
  const all = [...new Set([...before, ...after].map(({ address }) => address))];
  return all
    .sort((a, b) => (parseIp(a) ?? 0) - (parseIp(b) ?? 0))
    .map((address) => {
      const old = before.find((one) => one.address === address);
      const next = after.find((one) => one.address === address);
      const change = old === undefined ? 'added' : next === undefined ? 'removed' : 'kept';
      return { address, change, route: old?.route ?? null, wouldBe: next?.route ?? null };
    });
};

export const listenerChanges = (
  now: GatewayForecast | undefined,
  then: GatewayForecast,
): readonly ListenerChange[] =>
  (then.status?.listeners ?? []).map(({ name, attachedRoutes }) => {
    const before = now?.status?.listeners.find((one) => one.name === name);
    return { name, attachedRoutes: before?.attachedRoutes ?? 0, wouldBe: attachedRoutes };
  });

/** Whether a Gateway that is not in the manifest reads differently. */
export const isTouched = ({ pool, listeners }: Pick<OtherGateway, 'pool' | 'listeners'>): boolean =>
  pool.some(({ change, route, wouldBe }) => change !== 'kept' || route !== wouldBe) ||
  listeners.some(({ attachedRoutes, wouldBe }) => attachedRoutes !== wouldBe);

/** Whether a route that is not in the manifest may be concerned: it claims what a planned one claims, or claimed. */
export const isRival = (other: Route, planned: readonly (Route | undefined)[]): boolean =>
  planned.some((one) => one !== undefined && overlap(one, other));

/**
 * What becomes of a route that is not in the manifest; `undefined`: nothing.
 * @param freed who of the plan lets go of which addresses
 */
export const otherRoute = (
  other: Route,
  now: Forecast,
  then: Forecast,
  freed: readonly { readonly by: string; readonly addresses: readonly string[] }[],
): OtherRoute | undefined => {
  const waits = then.outcome !== 'served' && then.outcome !== 'left' && blocksOf(other).length > 0;
  const giver = waits ? freed.find(({ addresses }) => within(other, addresses) !== undefined) : undefined;
  const told = ({ outcome, because }: Forecast): Told => ({ outcome, because });
  const { calls } = then;
  const same =
    now.outcome === then.outcome &&
    now.because === then.because &&
    JSON.stringify(now.calls) === JSON.stringify(calls);
  if (same && giver === undefined) return undefined;
  const address = giver && within(other, giver.addresses);
  return {
    namespace: other.metadata.namespace,
    name: other.metadata.name,
    now: told(now),
    wouldBe: told(then),
    calls,
    next:
      giver === undefined
        ? ''
        : `It is looked at again when GKEIPRoute ${giver.by} has let go of ${address ?? ''}, and may get it.`,
  };
};
