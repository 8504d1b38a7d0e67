import { blocksOf } from '../../../functions/persistent-ip/claims.ts';
import type { Route } from '../../../functions/persistent-ip/objects.ts';
import { stemOfRoute } from '../../../functions/persistent-ip/observation.ts';
import { clusterKey } from '../../functions/fixtures.ts';
import { blocksOverlap, readBlock } from '../../functions/persistent-ip/model/reading.ts';
import type { View } from '../cloud/view.ts';
import type { Invariant, Moment } from './invariant.ts';

const keyOf = ({ metadata }: Route): string => `${metadata.namespace}/${metadata.name}`;

/** "A Pod owns an address when `status.pods` names it, its node is the leader, and no delivery for the route is in flight." */
const ownerOf = (view: View, busy: Moment['busy'], route: Route): string | undefined => {
  const [name] = route.status.pods;
  if (name === undefined || busy.has(keyOf(route))) return undefined;
  const pod = view.pod(route.metadata.namespace, name);
  const leader = view.serviceOf(route)?.leader;
  return pod?.nodeName !== undefined && pod.nodeName === leader?.instance ? pod.metadata.uid : undefined;
};

/** What its node maps to its Pod: the prefixes of an accepted route; and what Google Cloud sends there: its rules. */
const prefixes = (view: View, route: Route): readonly string[] => {
  const stem = stemOfRoute(clusterKey, route);
  const accepted = route.status.conditions.find(({ type }) => type === 'Accepted');
  const isAccepted = accepted?.status === 'True' && accepted.observedGeneration === route.metadata.generation;
  return [
    ...view.rules.filter(({ backendService }) => backendService === stem).map(({ ip }) => `${ip}/32`),
    ...(isAccepted ? blocksOf(route).map(({ text }) => text) : []),
  ];
};

const overlap = (a: readonly string[], b: readonly string[]): string | undefined =>
  a.find((one) =>
    b.some((other) => {
      const [left, right] = [readBlock(one), readBlock(other)];
      return left !== undefined && right !== undefined && blocksOverlap(left, right);
    }),
  );

/** design/concepts.md, invariant 1: *at no time do two routes, or two Pods of a route, both own an address.* */
export const oneOwner: Invariant = {
  number: 1,
  name: 'one owner',
  always: ({ view, busy }) => {
    const owners: { readonly route: Route; readonly addresses: readonly string[] }[] = [];
    for (const route of view.routes) {
      if (route.status.pods.length > 1) return `${keyOf(route)} names ${route.status.pods.join(' and ')}`;
      if (ownerOf(view, busy, route) === undefined) continue;
      const addresses = prefixes(view, route);
      for (const other of owners) {
        const both = overlap(addresses, other.addresses);
        if (both !== undefined) return `${keyOf(route)} and ${keyOf(other.route)} both own ${both}`;
      }
      owners.push({ route, addresses });
    }
    return undefined;
  },
};
