import { isLeaving, isOver, isTrue, type Pod } from './objects.ts';

/** What a StatefulSet asks for, as far as the order of its Pods is concerned. */
export interface OrderedSpec {
  readonly replicas: number;
  /** The lowest ordinal (`spec.ordinals.start`). */
  readonly start: number;
  /** Every step waits for the Pods before it; `false`: podManagementPolicy Parallel. */
  readonly ordered: boolean;
  /** The lowest ordinal that an update touches; `undefined`: updateStrategy OnDelete. */
  readonly partition: number | undefined;
  /** The revision of the present template. */
  readonly revision: string;
}

export interface Member {
  readonly ordinal: number;
  readonly revision: string;
  readonly pod: Pod;
}

export type Move =
  | { readonly do: 'create'; readonly ordinal: number }
  | { readonly do: 'delete'; readonly pod: Pod };

const isHealthy = ({ pod }: Member): boolean =>
  pod.status?.phase === 'Running' && isTrue(pod.status, 'Ready') && !isLeaving(pod);

/** Creates what is missing, lowest ordinal first; `blocked` when an ordered set has to wait for a Pod. */
const fill = (spec: OrderedSpec, members: readonly Member[]): { moves: Move[]; blocked: boolean } => {
  const moves: Move[] = [];
  for (let ordinal = spec.start; ordinal < spec.start + spec.replicas; ordinal++) {
    const member = members.find((other) => other.ordinal === ordinal);
    if (member === undefined) moves.push({ do: 'create', ordinal });
    // A Pod that ended is made anew under its name, once the old one is gone.
    else if (isOver(member.pod) && !isLeaving(member.pod)) moves.push({ do: 'delete', pod: member.pod });
    else if (isHealthy(member)) continue;
    if (spec.ordered) return { moves, blocked: true };
  }
  return { moves, blocked: false };
};

/**
 * The next moves of a StatefulSet (`pkg/controller/statefulset/stateful_set_control.go`): missing Pods from the
 * lowest ordinal up, surplus ones from the highest down, then outdated ones from the highest down, each only when
 * all above it are healthy. A name is made again only after the Pod that had it is gone.
 */
export const planMoves = (spec: OrderedSpec, members: readonly Member[]): Move[] => {
  const { moves, blocked } = fill(spec, members);
  if (blocked) return moves;
  const isSurplus = ({ ordinal }: Member): boolean =>
    ordinal < spec.start || ordinal >= spec.start + spec.replicas;
  const descending = [...members].sort((a, b) => b.ordinal - a.ordinal);
  const surplus = descending.filter(isSurplus);
  const [last] = surplus;
  if (spec.ordered && last !== undefined)
    return isLeaving(last.pod) ? moves : [...moves, { do: 'delete', pod: last.pod }];
  for (const { pod } of surplus) if (!isLeaving(pod)) moves.push({ do: 'delete', pod });
  const { partition } = spec;
  if (partition === undefined) return moves;
  for (const member of descending) {
    if (isSurplus(member) || member.ordinal < partition) continue;
    if (member.revision !== spec.revision && !isLeaving(member.pod))
      return [...moves, { do: 'delete', pod: member.pod }];
    if (!isHealthy(member)) return moves;
  }
  return moves;
};
