import { isGatewayRef } from '../persistent-ip/admission.ts';
import type { Stems } from '../persistent-ip/compute-call.ts';
import { forecastGateway, type GatewayForecast } from '../persistent-ip/forecast-gateway.ts';
import { type PoolView, poolsOf } from '../persistent-ip/inventory.ts';
import type { Laid } from '../persistent-ip/lay-over.ts';
import { stemOf } from '../persistent-ip/names.ts';
import type { Gateway, Route } from '../persistent-ip/objects.ts';
import { identityOf } from '../persistent-ip/observation.ts';
import {
  isTouched,
  listenerChanges,
  type OtherGateway,
  type PlannedGateway,
  type PlannedRoute,
  plannedGateway,
  plannedRoute,
  poolChanges,
} from '../persistent-ip/plan.ts';
import { gatewayKey } from '../persistent-ip/whose-route.ts';
import type { ReadDependencies } from './dependencies.ts';
import { type Asked, layManifest, type OverLive, type Rejection } from './lay-manifest.ts';
import { look } from './look.ts';
import { type ForGateways, observeForGateways } from './observe-for-gateways.ts';
import { type Overlay, overlaid, readOnce } from './overlay.ts';
import { type OthersOfPlan, planOthers } from './plan-others.ts';

/** What would happen now, in one cluster. */
export interface ManifestPlan {
  readonly routes: readonly PlannedRoute[];
  readonly gateways: readonly PlannedGateway[];
  readonly others: OthersOfPlan & { readonly gateways: readonly OtherGateway[] };
  /** What the API server would refuse because of what is there. */
  readonly rejected: readonly Rejection[];
}

/**
 * What applying a manifest would come to: its objects are laid over what is read, and the same observations and
 * decisions are made as ever. Gateways first, because a route's fate rests on what is said of them. One round of steps:
 * what they would lead to is said in words. Nothing is written, nor could be.
 */
export const planManifest = async (deps: ReadDependencies, asked: Asked): Promise<ManifestPlan> => {
  const live: ReadDependencies = {
    ...deps,
    kubernetes: readOnce(deps.kubernetes),
    compute: readOnce(deps.compute),
  };
  const { routes, gateways, namespaces, rejected } = await layManifest(live, asked);
  const over = (some: Partial<Overlay>): ReadDependencies => {
    const objects = {
      routes: objectsOf(routes),
      gateways: objectsOf(gateways),
      namespaces: objectsOf(namespaces),
      ...some,
    };
    return { ...live, kubernetes: overlaid(live.kubernetes, objects) };
  };
  const stems = stemsOf(live, [...routes, ...gateways]);
  const [before, asAsked] = await Promise.all([observeForGateways(live), observeForGateways(over({}))]);
  const gatewaysThen = gateways.map((laid) => forecastGateway(asAsked.observe(laid.object)));
  const gatewaysOver = gateways.map(({ object }, i) => withStatus(object, gatewaysThen[i]));
  const programmed = over({ gateways: gatewaysOver });
  const forecasts = await Promise.all(routes.map(({ object }) => look(programmed, object)));
  const routesOver = routes.map(({ object }, i) => withStatus(object, forecasts[i]));
  const then = over({ gateways: gatewaysOver, routes: routesOver });
  const after = await observeForGateways(then);
  const changesOf = changesBetween(withPools(live, before), withPools(live, after));
  return {
    rejected,
    gateways: gateways.flatMap((laid, i) => {
      const forecast = gatewaysThen[i];
      return forecast ? [plannedGateway(laid, forecast, stems, changesOf(laid.object))] : [];
    }),
    routes: routes.flatMap((laid, i) => {
      const forecast = forecasts[i];
      return forecast ? [plannedRoute(laid, forecast, stems)] : [];
    }),
    others: {
      gateways: parentsOf(before.gateways, routes.flatMap(versions), gateways)
        .map((gateway) => ({
          namespace: gateway.metadata.namespace,
          name: gateway.metadata.name,
          ...changesOf(gateway),
        }))
        .filter(isTouched),
      ...(await planOthers(live, then, {
        all: before.routes,
        routes,
        gateways: changed(gateways),
        namespaces: changed(namespaces),
        forecasts,
      })),
    },
  };
};

const versions = ({ live, object }: OverLive<Route>): readonly Route[] =>
  live === undefined ? [object] : [live, object];

/** What stays as it is changes nothing for anybody. */
const changed = <T>(laid: readonly Laid<T>[]): readonly T[] =>
  objectsOf(laid.filter(({ change }) => change !== 'none'));

const objectsOf = <T>(laid: readonly Laid<T>[]): readonly T[] => laid.map(({ object }) => object);

const stemsOf = ({ cluster }: ReadDependencies, laid: readonly Laid<Route | Gateway>[]): Stems =>
  laid
    .filter(({ change }) => change === 'create')
    .map(({ object }) => stemOf(identityOf(cluster.key, object)));

const withStatus = <T extends Route | Gateway>(
  object: T,
  forecast: { readonly status: T['status'] | undefined } | undefined,
): T => (forecast?.status === undefined ? object : { ...object, status: forecast.status });

/** All Gateways, with the pool that each is. */
interface WithPools extends ForGateways {
  readonly pools: readonly PoolView[];
}

const withPools = ({ cluster, controllerName }: ReadDependencies, seen: ForGateways): WithPools => ({
  ...seen,
  pools: poolsOf({ ...seen, cluster: cluster.key, controllerName }),
});

const changesBetween =
  (before: WithPools, after: WithPools) =>
  ({ metadata }: Gateway): Pick<OtherGateway, 'pool' | 'listeners'> => {
    const key = gatewayKey(metadata);
    const forecast = ({ gateways, observe }: ForGateways): GatewayForecast | undefined => {
      const gateway = gateways.find((one) => gatewayKey(one.metadata) === key);
      return gateway && forecastGateway(observe(gateway));
    };
    const poolIn = ({ pools }: WithPools) => pools.find((pool) => gatewayKey(pool) === key);
    const then = forecast(after);
    return {
      pool: poolChanges(poolIn(before), poolIn(after)),
      listeners: then === undefined ? [] : listenerChanges(forecast(before), then),
    };
  };

/** The Gateways that routes name, apart from those of the manifest itself. */
const parentsOf = (
  all: readonly Gateway[],
  routes: readonly Route[],
  apart: readonly Laid<Gateway>[],
): readonly Gateway[] => {
  const named = new Set(routes.flatMap(({ parentRefs }) => parentRefs.filter(isGatewayRef).map(gatewayKey)));
  const own = new Set(apart.map(({ object }) => gatewayKey(object.metadata)));
  return all.filter(({ metadata }) => named.has(gatewayKey(metadata)) && !own.has(gatewayKey(metadata)));
};
