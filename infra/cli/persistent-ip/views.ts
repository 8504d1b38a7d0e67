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

/** Why something is not as it should be: the first condition that is not True, as `Ready` says it. */
export const whyNot = (conditions: readonly ConditionView[]): string =>
  conditions.find(({ type, status }) => type === 'Ready' && status !== 'True')?.reason ??
  conditions.find(({ status }) => status !== 'True')?.reason ??
  '';
