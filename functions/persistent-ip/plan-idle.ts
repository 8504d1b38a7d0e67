import { matchingPods } from './choose-pod.ts';
import type { CloudStep, NegRef } from './cloud.ts';
import type { HolderRecord, IdleNodes } from './holder-record.ts';
import { nodeMark } from './names.ts';
import { ownerOf, type RouteObservation } from './observation.ts';
import { isOwnedBy, recordOf } from './ownership.ts';
import { sameNeg } from './plan-endpoints.ts';

/**
 * Attached nodes that nothing needs: without a matching Pod, neither the leader nor the node of the record. The sweep
 * that finds some marks them in the holder record, with the time; one that finds them idle still after ten minutes lets
 * them go, and marks the next. A node that got a matching Pod meanwhile loses its mark, and a change of holder ends all
 * marks, so that a rollout starts the ten minutes anew.
 * Source: design/concepts.md, *Standbys*: only the sweep detaches, and only Nodes without a matching Pod for ten minutes.
 */

/** Milliseconds. */
const kept = 600_000;

/** What a holder record has room for beside the longest names. */
export const mostMarks = 10;

interface IdleEndpoint {
  readonly neg: NegRef;
  readonly instance: string;
  readonly mark: string;
}

export interface IdlePlan {
  /** The nodes that the record is to call idle. */
  readonly nodes: IdleNodes | undefined;
  /** Side by side: one for each NEG. */
  readonly detach: readonly CloudStep[];
}

/** @param tidies whether marks are made and nodes let go; otherwise everything stays as the record says */
export const planIdle = (o: RouteObservation, tidies: boolean): IdlePlan => {
  const written = recordOf(o.cloud.backendService?.description ?? '')?.idle;
  if (!tidies) return { nodes: written, detach: [] };
  const idle = idleEndpoints(o);
  const marked = idle.filter(({ mark }) => written?.nodes.includes(mark));
  if (written === undefined || marked.length === 0) return { nodes: firstMarks(idle, o.now), detach: [] };
  if (o.now.getTime() - written.since < kept)
    return { nodes: { since: written.since, nodes: marks(marked) }, detach: [] };
  return { nodes: written, detach: detachSteps(marked) };
};

const idleEndpoints = (o: RouteObservation): readonly IdleEndpoint[] => {
  const needed = neededNodes(o);
  return o.cloud.negs
    .filter((neg) => isOwnedBy(ownerOf(o), neg.owner))
    .flatMap(({ zone, name, endpoints }) =>
      endpoints
        .filter((instance) => !needed.has(instance))
        .map((instance) => ({ neg: { zone, name }, instance, mark: nodeMark(zone, instance) })),
    );
};

/** By name, in whatever zone: of two nodes of one name neither is let go for the other's idleness. */
const neededNodes = (o: RouteObservation): ReadonlySet<string> => {
  const { backendService } = o.cloud;
  const holder = recordOf(backendService?.description ?? '')?.holder;
  const nodes = matchingPods(o.route, o.pods).map(({ nodeName }) => nodeName);
  return new Set(
    [...nodes, holder?.node]
      .flatMap((name) => (name === undefined ? [] : [name, o.nodes.get(name)?.instance?.name ?? name]))
      .concat(backendService?.leader?.instance ?? []),
  );
};

const marks = (idle: readonly IdleEndpoint[]): readonly string[] => [
  ...new Set(idle.map(({ mark }) => mark)),
];

const firstMarks = (idle: readonly IdleEndpoint[], now: Date): IdleNodes | undefined =>
  idle.length === 0
    ? undefined
    : { since: Math.ceil(now.getTime() / 1000) * 1000, nodes: marks(idle).slice(0, mostMarks) };

const detachSteps = (idle: readonly IdleEndpoint[]): readonly CloudStep[] => {
  const negs = idle.map(({ neg }) => neg);
  const each = negs.filter((neg, index) => negs.findIndex((other) => sameNeg(other, neg)) === index);
  return each.map((neg) => ({
    do: 'detach',
    neg,
    instances: idle.filter((one) => sameNeg(one.neg, neg)).map(({ instance }) => instance),
  }));
};

export const sameIdle = (a: IdleNodes | undefined, b: IdleNodes | undefined): boolean =>
  a?.since === b?.since && a?.nodes.join() === b?.nodes.join();

/** The record with these nodes for its idle ones. */
export const withIdle = (
  { idle: _, ...record }: HolderRecord,
  idle: IdleNodes | undefined,
): HolderRecord => ({
  ...record,
  ...(idle === undefined ? {} : { idle }),
});
