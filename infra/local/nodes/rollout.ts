/** The rules of a Deployment's rollout: pure arithmetic on the sizes of its ReplicaSets. */

export interface SetSize {
  readonly name: string;
  /** What it is told to have. */
  readonly replicas: number;
  /** How many of its Pods are available. */
  readonly available: number;
}

export interface Strategy {
  readonly type: 'RollingUpdate' | 'Recreate';
  readonly maxSurge: number;
  readonly maxUnavailable: number;
}

/** What to do next; after it the rules are asked again. */
export type Step =
  | { readonly do: 'create'; readonly replicas: number }
  | { readonly do: 'scale'; readonly name: string; readonly replicas: number };

const share = (value: number | string | undefined, of: number, round: (value: number) => number): number => {
  const wanted = value ?? '25%';
  return typeof wanted === 'number' ? wanted : round((Number(wanted.replace('%', '')) * of) / 100);
};

/**
 * Surge rounds up, unavailability down, and never are both nothing (`deploymentutil.ResolveFenceposts`).
 */
export const strategyOf = (
  spec:
    | {
        readonly type?: string;
        readonly rollingUpdate?: {
          readonly maxSurge?: number | string;
          readonly maxUnavailable?: number | string;
        };
      }
    | undefined,
  replicas: number,
): Strategy => {
  if (spec?.type === 'Recreate') return { type: 'Recreate', maxSurge: 0, maxUnavailable: replicas };
  const maxSurge = share(spec?.rollingUpdate?.maxSurge, replicas, Math.ceil);
  const maxUnavailable = share(spec?.rollingUpdate?.maxUnavailable, replicas, Math.floor);
  return {
    type: 'RollingUpdate',
    maxSurge,
    maxUnavailable: maxSurge + maxUnavailable === 0 ? 1 : maxUnavailable,
  };
};

const sum = (sets: readonly SetSize[], field: 'replicas' | 'available'): number =>
  sets.reduce((total, set) => total + set[field], 0);

const shrink = (sets: readonly SetSize[], by: number, atMost: (set: SetSize) => number): SetSize[] => {
  let left = by;
  return sets.map((set) => {
    const less = Math.max(0, Math.min(left, set.replicas, atMost(set)));
    left -= less;
    return { ...set, replicas: set.replicas - less };
  });
};

const scaled = (before: readonly SetSize[], after: readonly SetSize[]): Step[] =>
  after
    .filter((set, at) => set.replicas !== before[at]?.replicas)
    .map(({ name, replicas }) => ({ do: 'scale', name, replicas }));

/** `pkg/controller/deployment/rolling.go`: first unhealthy Pods of old sets go, then as many as are in excess. */
const shrinkOld = (
  replicas: number,
  strategy: Strategy,
  current: SetSize,
  old: readonly SetSize[],
): Step[] => {
  const minAvailable = replicas - strategy.maxUnavailable;
  const missing = current.replicas - current.available;
  const spare = sum([current, ...old], 'replicas') - minAvailable - missing;
  if (spare <= 0) return [];
  const cleaned = shrink(old, spare, (set) => set.replicas - set.available);
  const excess = sum([current, ...old], 'available') - minAvailable;
  return scaled(
    old,
    shrink(cleaned, Math.max(0, excess), (set) => set.replicas),
  );
};

/**
 * The next steps of a rollout to `replicas` Pods of the current template.
 * @param current the set of the present template, if it was made already
 * @param old the sets of earlier templates, oldest first
 * @param oldPods how many Pods of old sets still exist, terminating ones too: Recreate waits for the last
 */
export const planRollout = (
  replicas: number,
  strategy: Strategy,
  current: SetSize | undefined,
  old: readonly SetSize[],
  oldPods: number,
): Step[] => {
  if (strategy.type === 'Recreate') {
    const steps = scaled(
      old,
      old.map((set) => ({ ...set, replicas: 0 })),
    );
    if (steps.length > 0 || oldPods > 0) return steps;
    if (current === undefined) return [{ do: 'create', replicas }];
    return scaled([current], [{ ...current, replicas }]);
  }
  const has = current?.replicas ?? 0;
  const room = replicas + strategy.maxSurge - sum(old, 'replicas') - has;
  const wanted = has > replicas ? replicas : Math.min(replicas, has + Math.max(0, room));
  if (current === undefined) return [{ do: 'create', replicas: wanted }];
  if (wanted !== has) return [{ do: 'scale', name: current.name, replicas: wanted }];
  return shrinkOld(replicas, strategy, current, old);
};
