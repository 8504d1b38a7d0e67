import { type Forecast, forecastRoute } from '../persistent-ip/forecast.ts';
import type { Route } from '../persistent-ip/objects.ts';
import type { ReadDependencies } from './dependencies.ts';
import { observeNow } from './observe-now.ts';

/** A route as these dependencies show it, and what the rules say of it; `undefined`: it has gone meanwhile. */
export const look = async (deps: ReadDependencies, { metadata }: Route): Promise<Forecast | undefined> => {
  const observed = await observeNow(deps, metadata, 'plan');
  return observed && forecastRoute(observed);
};
