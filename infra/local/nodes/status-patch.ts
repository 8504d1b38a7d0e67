import { isDeepStrictEqual } from 'node:util';
import type { Condition, PodStatus } from './objects.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The fields of `after` that differ; `null` for those that only `before` has. */
const changed = (before: Fields, after: Fields): Record<string, unknown> => {
  const patch: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(after))
    if (!isDeepStrictEqual(before[field] ?? null, value ?? null)) patch[field] = value;
  for (const field of Object.keys(before)) if (!(field in after)) patch[field] = null;
  return patch;
};

/** Items of a list that merges by `key`: whole ones that are new, else the fields that changed. */
const changedItems = (before: readonly Fields[], after: readonly Fields[], key: string): Fields[] => [
  ...after.flatMap((item) => {
    const known = before.find((other) => other[key] === item[key]);
    const patch = known === undefined ? { ...item } : changed(known, item);
    return Object.keys(patch).length === 0 ? [] : [{ ...patch, [key]: item[key] }];
  }),
  ...before
    .filter((item) => !after.some((other) => other[key] === item[key]))
    .map((item) => ({ $patch: 'delete', [key]: item[key] })),
];

/** The lists of a Pod's or Node's status that merge instead of being replaced (`patchMergeKey`). */
const keys: Readonly<Record<string, string>> = { conditions: 'type', podIPs: 'ip', hostIPs: 'ip' };

/**
 * What turns `before` into `after`, in the kubelet's form (`strategicpatch.CreateTwoWayMergePatch`): an entry of
 * a merging list appears only if it changed and then only with its changed fields, behind the order of all.
 * `undefined` when nothing differs. Fields that `after` does not mention stay.
 */
export const statusPatch = (
  before: PodStatus | { readonly conditions?: readonly Condition[] },
  after: PodStatus | { readonly conditions?: readonly Condition[] },
): Record<string, unknown> | undefined => {
  const patch: Record<string, unknown> = {};
  const old = before as Fields;
  for (const [field, value] of Object.entries(after)) {
    const key = keys[field];
    if (key === undefined) {
      if (!isDeepStrictEqual(old[field], value)) patch[field] = value;
      continue;
    }
    const known = (old[field] ?? []) as readonly Fields[];
    const wanted = value as readonly Fields[];
    const items = changedItems(known, wanted, key);
    if (items.length === 0) continue;
    // A list that is wholly new needs no order, but for conditions, which the API server began.
    if (known.length > 0) patch[`$setElementOrder/${field}`] = wanted.map((item) => ({ [key]: item[key] }));
    patch[field] = items;
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
};
