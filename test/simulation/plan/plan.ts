import { Chance } from '../../functions/persistent-ip/model/generated/chance.ts';
import type { Action } from './action.ts';
import { byHand } from './drift.ts';
import { createPod, mechanical } from './machines.ts';
import { createGateway, createNetwork, createRoute, personal } from './people.ts';
import { namespaces, podNames, routeNames } from './stock.ts';

/** What is to happen in one story, and how rough the weather is. */
export interface Plan {
  readonly actions: readonly Action[];
  /** Of 100 calls, messages and operations, how many meet a fault. */
  readonly faultPercent: number;
  readonly lostPercent: number;
  /** When the last fault may strike and the last action has been done, milliseconds from the beginning. */
  readonly calmAt: number;
}

const beginnings = (chance: Chance): Action[] => {
  const at = () => chance.between(0, 5_000);
  return [
    ...(chance.in(60) ? [{ at: at(), ...createNetwork(chance.in(90)) }] : []),
    { at: at(), ...createGateway(chance, 'pool') },
    ...(chance.in(50) ? [{ at: at(), ...createGateway(chance, 'inner') }] : []),
    ...namespaces.flatMap((namespace) => [
      ...routeNames.flatMap((name) =>
        chance.in(65) ? [{ at: at(), ...createRoute(chance, namespace, name) }] : [],
      ),
      ...podNames.flatMap((name) => (chance.in(65) ? [createPod(chance, at(), { namespace, name })] : [])),
    ]),
  ];
};

/** The story of a seed: the same for the same seed. */
export const planOf = (seed: number): Plan => {
  const chance = new Chance(Math.imul(seed, 0x85ebca6b) ^ 0x5bd1e995);
  const length = chance.between(60_000, 420_000);
  const happenings = Array.from({ length: chance.between(3, 22) }, () => {
    const at = chance.between(5_000, length);
    return chance.pick<Action[]>(
      [5, () => personal(chance, at)],
      [8, () => mechanical(chance, at)],
      [2, () => [byHand(chance, at)]],
    );
  }).flat();
  const actions = [...beginnings(chance), ...happenings];
  return {
    actions,
    faultPercent: chance.one([0, 1, 2, 4, 8]),
    lostPercent: chance.one([0, 5, 20, 50, 100]),
    calmAt: Math.max(...actions.map(({ at }) => at)) + chance.between(0, 60_000),
  };
};
