import { findCondition, isTrueNow } from '../../../functions/persistent-ip/conditions.ts';
import type { Network, Route, RouteStatus } from '../../../functions/persistent-ip/objects.ts';
import { blocksOverlap, readBlock } from '../../functions/persistent-ip/model/reading.ts';
import type { Invariant } from './invariant.ts';

const keyOf = ({ metadata }: Route): string => `${metadata.namespace}/${metadata.name}`;

const stops = (route: Route, status: RouteStatus, networks: readonly Network[]): string | undefined => {
  if (findCondition(status.conditions, 'Accepted')?.status !== 'True') return undefined;
  const bad = route.addresses.find(({ value }) => readBlock(value) === undefined);
  if (bad !== undefined) return `${keyOf(route)} is accepted with "${bad.value}"`;
  if (route.network === 'default' || route.network === 'pod-network') return undefined;
  const network = networks.find(({ metadata }) => metadata.name === route.network);
  return findCondition(network?.conditions ?? [], 'Ready')?.status === 'True'
    ? undefined
    : `${keyOf(route)} is accepted on network ${route.network}, which is ${network === undefined ? 'absent' : 'not ready'}`;
};

const blocks = ({ addresses }: Route) => addresses.flatMap(({ value }) => readBlock(value) ?? []);

const overlap = (a: Route, b: Route): boolean =>
  blocks(a).some((one) => blocks(b).some((other) => blocksOverlap(one, other)));

/**
 * design/concepts.md, invariant 7: *no route that could stop the node agents (not a CIDR, unreadable Network) is ever
 * `Accepted` by us, and no two overlapping routes of ours both have a non-empty `status.pods`.*
 */
export const goodNeighbour: Invariant = {
  number: 7,
  name: 'good neighbour',
  onStatus: (_, delivery) => {
    if (delivery.status === undefined) return undefined;
    const { before: route, status } = delivery.status;
    const stopped = stops(route, status, delivery.last<readonly Network[]>('networks') ?? []);
    if (stopped !== undefined || status.pods.length === 0 || route.status.pods.length > 0) return stopped;
    const others = delivery.last<readonly Route[]>('routes') ?? [];
    // One that was edited meanwhile is served by no agent until its new generation is accepted.
    const rival = others.find(
      (other) =>
        other.metadata.uid !== route.metadata.uid &&
        other.status.pods.length > 0 &&
        isTrueNow(other, 'Accepted') &&
        overlap(route, other),
    );
    return (
      rival &&
      `${keyOf(route)} names ${status.pods.join()} beside ${keyOf(rival)}, which names ${rival.status.pods.join()}`
    );
  },
  always: ({ stopped }) => {
    const [node, error] = [...stopped].find(([, why]) => why.includes('error while parsing')) ?? [];
    return node && `the agent of ${node} has stopped: ${error}`;
  },
  atRest: ({ view, stopped }) => {
    for (const [node, error] of stopped) return `the agent of ${node} has stopped: ${error}`;
    const { routes, networks } = view;
    const found = routes
      .map((route) => stops(route, route.status, networks))
      .find((one) => one !== undefined);
    if (found !== undefined) return found;
    const named = routes.filter(({ status }) => status.pods.length > 0);
    for (const [at, route] of named.entries())
      for (const other of named.slice(at + 1))
        if (overlap(route, other)) return `${keyOf(route)} and ${keyOf(other)} overlap and both name a Pod`;
    return undefined;
  },
};
