import * as v from 'valibot';

/** What the inventory says of things, as far as the command line reads it. */
const Cluster = v.object({ project: v.string(), location: v.string(), name: v.string() });

export const ConditionView = v.object({
  type: v.string(),
  status: v.string(),
  reason: v.string(),
  message: v.string(),
});
export type ConditionView = v.InferOutput<typeof ConditionView>;

const name = { cluster: Cluster, namespace: v.string(), name: v.string() };

export const RouteRow = v.looseObject({
  ...name,
  pools: v.array(v.string()),
  addresses: v.array(v.string()),
  pod: v.nullable(v.string()),
  ready: v.boolean(),
  conditions: v.array(ConditionView),
});
export type RouteRow = v.InferOutput<typeof RouteRow>;

export const PoolRow = v.looseObject({
  ...name,
  class: v.string(),
  scheme: v.nullable(v.string()),
  addresses: v.array(
    v.object({
      address: v.string(),
      type: v.string(),
      route: v.nullable(v.string()),
      pod: v.nullable(v.string()),
    }),
  ),
  conditions: v.array(ConditionView),
});
export type PoolRow = v.InferOutput<typeof PoolRow>;

export const Calls = v.array(v.array(v.object({ call: v.string(), on: v.string(), what: v.string() })));
export type CallsView = v.InferOutput<typeof Calls>;

const Outcome = v.picklist(['served', 'waits', 'refused', 'left']);
const place = { namespace: v.string(), name: v.string() };
export const PodView = v.looseObject({
  pod: v.string(),
  node: v.nullable(v.string()),
  chosen: v.boolean(),
  why: v.string(),
});
export const ConditionExplained = v.looseObject({
  ...ConditionView.entries,
  whatToDo: v.nullable(v.string()),
});

const Planned = v.looseObject({
  ...place,
  change: v.picklist(['create', 'change', 'none']),
  outcome: Outcome,
  because: v.string(),
  conditions: v.array(ConditionExplained),
  calls: Calls,
  next: v.string(),
});
export type PlannedView = v.InferOutput<typeof Planned>;

const pool = v.array(
  v.looseObject({
    address: v.string(),
    change: v.picklist(['added', 'removed', 'kept']),
    route: v.nullable(v.string()),
    wouldBe: v.nullable(v.string()),
  }),
);
const listeners = v.array(
  v.looseObject({ name: v.string(), attachedRoutes: v.number(), wouldBe: v.number() }),
);
const Told = v.looseObject({ outcome: Outcome, because: v.string() });
const Document = { document: v.number(), apiVersion: v.string(), kind: v.string(), ...place };

/** What would happen if a manifest were applied. */
export const PlanView = v.looseObject({
  cluster: Cluster,
  served: v.boolean(),
  harmless: v.boolean(),
  routes: v.array(v.looseObject({ ...Planned.entries, pods: v.array(PodView) })),
  gateways: v.array(v.looseObject({ ...Planned.entries, pool, listeners })),
  others: v.looseObject({
    routes: v.array(v.looseObject({ ...place, now: Told, wouldBe: Told, calls: Calls, next: v.string() })),
    gateways: v.array(v.looseObject({ ...place, pool, listeners })),
    notLookedAt: v.array(v.string()),
  }),
  rejected: v.array(
    v.looseObject({
      ...Document,
      problems: v.array(v.looseObject({ field: v.string(), problem: v.string() })),
    }),
  ),
  notLookedAt: v.array(v.looseObject(Document)),
  notChecked: v.array(v.string()),
});
export type PlanView = v.InferOutput<typeof PlanView>;

/** Why something is not as it should be: the first condition that is not True, as `Ready` says it. */
export const whyNot = (conditions: readonly ConditionView[]): string =>
  conditions.find(({ type, status }) => type === 'Ready' && status !== 'True')?.reason ??
  conditions.find(({ status }) => status !== 'True')?.reason ??
  '';
