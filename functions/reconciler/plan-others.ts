import { names } from '../persistent-ip/admission.ts';
import type { Forecast } from '../persistent-ip/forecast.ts';
import type { Gateway, Namespace, Route } from '../persistent-ip/objects.ts';
import { isRival, type OtherRoute, otherRoute } from '../persistent-ip/plan.ts';
import { gatewayKey } from '../persistent-ip/whose-route.ts';
import type { ReadDependencies } from './dependencies.ts';
import type { OverLive } from './lay-manifest.ts';
import { look } from './look.ts';

/** Other routes that a plan looks at: each costs the reads of two observations. */
const mostOthers = 20;

export interface OthersOfPlan {
  /** Those that would read differently, or get something. */
  readonly routes: readonly OtherRoute[];
  /** `NAMESPACE/NAME` of those that may be concerned, and were too many to look at. */
  readonly notLookedAt: readonly string[];
}

/** What the plan is about. */
interface About {
  readonly all: readonly Route[];
  readonly routes: readonly OverLive<Route>[];
  readonly gateways: readonly Gateway[];
  readonly namespaces: readonly Namespace[];
  /** One for each of the routes. */
  readonly forecasts: readonly (Forecast | undefined)[];
}

/** What becomes of routes that the manifest does not hold, as they are now and as they would be. */
export const planOthers = async (
  live: ReadDependencies,
  then: ReadDependencies,
  about: About,
): Promise<OthersOfPlan> => {
  const concerned = concernedBy(about);
  const freed = about.routes.map(({ object }, i) => ({
    by: gatewayKey(object.metadata),
    addresses: about.forecasts[i]?.givesUp ?? [],
  }));
  const looked = await Promise.all(
    concerned.slice(0, mostOthers).map(async (other) => {
      const [before, after] = await Promise.all([look(live, other), look(then, other)]);
      return before && after && otherRoute(other, before, after, freed);
    }),
  );
  return {
    routes: looked.filter((other) => other !== undefined),
    notLookedAt: concerned.slice(mostOthers).map(({ metadata }) => gatewayKey(metadata)),
  };
};

/** Rivals for an address first, then the routes of the Gateways and Namespaces. */
const concernedBy = ({ all, routes, gateways, namespaces }: About): readonly Route[] => {
  const own = new Set(routes.map(({ object }) => gatewayKey(object.metadata)));
  const others = all.filter(({ metadata }) => !own.has(gatewayKey(metadata)));
  const rivals = others.filter((other) =>
    isRival(
      other,
      routes.flatMap(({ live, object }) => [live, object]),
    ),
  );
  const named = others.filter(
    (other) =>
      gateways.some((gateway) => other.parentRefs.some((ref) => names(ref, gateway))) ||
      namespaces.some(({ metadata }) => metadata.name === other.metadata.namespace),
  );
  return [...new Set([...rivals, ...named])];
};
