import type { Outcome } from './forecast.ts';
import type { Change } from './lay-over.ts';

/** What applying a manifest does to an object of it. */
export const changeWords = {
  create: 'would be created',
  change: 'would be changed',
  none: 'would stay as it is',
} as const satisfies Record<Change, string>;

/** And what becomes of it. */
export const outcomeWords = {
  served: 'would be served',
  waits: 'would wait',
  refused: 'would be refused',
  left: 'would be left alone',
} as const satisfies Record<Outcome, string>;

interface Named {
  readonly namespace: string;
  readonly name: string;
}

/** A route that is not in the manifest, now and then. */
interface Told {
  readonly now: { readonly outcome: Outcome };
  readonly wouldBe: { readonly outcome: Outcome };
}

/** Whether it is served now and would be no longer. */
export const loses = ({ now, wouldBe }: Told): boolean =>
  now.outcome === 'served' && wouldBe.outcome !== 'served';

/** As much of a plan as its verdict rests on. */
interface Judged {
  readonly served: boolean;
  readonly harmless: boolean;
  readonly rejected: readonly Named[];
  readonly gateways: readonly (Named & { readonly outcome: Outcome })[];
  readonly routes: readonly (Named & { readonly outcome: Outcome })[];
  readonly others: { readonly routes: readonly (Named & Told)[] };
}

/** What keeps somebody who reads one line of a plan from applying it; empty: nothing. */
export const wrongWith = ({
  served,
  harmless,
  rejected,
  gateways,
  routes,
  others,
}: Judged): readonly string[] => {
  const unserved = [...rejected, ...[...gateways, ...routes].filter(({ outcome }) => outcome !== 'served')];
  const losers = others.routes.filter(loses);
  const names = (all: readonly Named[]): string =>
    all.map(({ namespace, name }) => `${namespace}/${name}`).join(', ');
  return [
    ...(served ? [] : [`${names(unserved)} would not be served as it stands`]),
    ...(losers.length === 0 ? [] : [`${names(losers)} would no longer be served`]),
    ...(harmless || losers.length > 0 ? [] : ['not all routes that may be concerned were looked at']),
  ];
};
