import type { Target, WriteOptions } from '../cluster.ts';
import {
  isObject,
  type Json,
  type JsonObject,
  type KubeObject,
  list,
  same,
  text,
} from '../objects/object.ts';
import { appliedFields } from './applied-fields.ts';
import { applyConflict, type Contested } from './apply-conflict.ts';
import { fieldChange } from './field-change.ts';
import { difference, type FieldSet, intersection, isEmptySet, union } from './field-set.ts';
import { lastAppliedFields, withLastApplied } from './last-applied.ts';
import { ownerOfAll, placeOf, writerOf } from './managed-fields.ts';
import { entryOf, fieldsOf, isOf, sorted, withoutFields } from './managers.ts';
import { mergeApplied } from './merge-applied.ts';
import { pruneUnapplied } from './prune-unapplied.ts';

/** What an apply makes of an object. */
export interface Applied {
  readonly object: JsonObject;
  readonly managers: Json[];
}

const allFields = (entries: readonly JsonObject[]): FieldSet =>
  entries.map(fieldsOf).reduce((all, fields) => union(all, fields), {});

/** Who owned what before the first apply counts as one manager (`skipnonapplied.go`). */
const ownersOf = (live: KubeObject, target: Target, options: WriteOptions, time: string): JsonObject[] => {
  const before = { ...writerOf(target, options), manager: 'before-first-apply' };
  const owners = list(live.metadata.managedFields);
  return (owners.length > 0 ? owners : (ownerOfAll(live, target, before, time) ?? [])).filter(isObject);
};

/**
 * What others own of the fields that would change, less what kubectl's own client-side apply wrote: to that its
 * server-side apply succeeds (`lastappliedmanager.go`).
 */
const contestedBy = (
  others: readonly JsonObject[],
  taken: FieldSet,
  live: KubeObject,
  target: Target,
  manager: string,
): Contested[] => {
  const allowed = manager === 'kubectl' ? lastAppliedFields(live, target) : {};
  return others.flatMap((entry) => {
    const fields = difference(intersection(fieldsOf(entry), taken), allowed);
    return isEmptySet(fields) ? [] : [{ entry, fields }];
  });
};

/**
 * Server-side apply of `config` to `live`: what it names is merged in and owned by its applier, what the same
 * applier named before and leaves out now goes unless somebody else owns it, and what others own and it would change
 * is a conflict (structured-merge-diff `merge/update.go`, Apply).
 * @param live a new object of the kind has nothing but its metadata
 * @throws StatusError 409 with a cause for each contested field, unless `options.force`
 */
export const apply = (
  live: KubeObject,
  config: JsonObject,
  target: Target,
  options: WriteOptions,
  time: string,
): Applied => {
  const place = placeOf(target);
  const writer = writerOf(target, options, 'Apply');
  const owners = ownersOf(live, target, options, time);
  const own = owners.find((entry) => isOf(entry, writer));
  const others = owners.filter((entry) => entry !== own);
  const set = appliedFields(config, place);
  const merged = mergeApplied(live, config, place);
  const now = union(allFields(others), set);
  const next = own === undefined ? merged : pruneUnapplied(merged, { last: fieldsOf(own), now }, place);
  const { taken, removed } = fieldChange(live, next, place);
  const contested = options.force ? [] : contestedBy(others, taken, live, target, writer.manager);
  if (contested.length > 0) throw applyConflict(contested);
  const changed = union(taken, removed);
  // Who applies what is there already has changed nothing, and so has no new time.
  const at = same(live, next) ? text(own?.time) : time;
  const managers = [...withoutFields(others, () => changed)];
  if (!isEmptySet(set)) managers.push(entryOf(writer, set, at));
  return { object: withLastApplied(next, config, writer.manager), managers: sorted(managers) };
};
