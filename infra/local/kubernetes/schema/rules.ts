import { type Cause, invalidValue } from '../objects/cause.ts';
import { isObject, type Json, same } from '../objects/object.ts';
import { notServed } from '../objects/status.ts';
import type { Structure } from './structure.ts';

/** The one form of CEL that is evaluated here; a CRD with any other is refused when it is created. */
const transition = /^\s*(?:self\s*==\s*oldSelf|oldSelf\s*==\s*self)\s*$/;

/** @throws StatusError 501 for a rule that this server cannot evaluate: ignoring it would be a lie */
export const refuseOtherRules = (structure: Structure): void => {
  for (const { rule } of structure['x-kubernetes-validations'] ?? []) {
    if (!transition.test(rule)) throw notServed(`the CEL rule ${JSON.stringify(rule)}`);
  }
  for (const known of Object.values(structure.properties ?? {})) refuseOtherRules(known);
  if (structure.items !== undefined) refuseOtherRules(structure.items);
  if (isObject(structure.additionalProperties)) {
    refuseOtherRules(structure.additionalProperties as Structure);
  }
};

/**
 * Transition rules hold only where a value was before and is still: one that appears or goes is not compared
 * (Kubernetes documentation, *Transition rules*). Items of lists cannot be paired unless the list is a map.
 */
export const brokenRules = (value: Json, old: Json, structure: Structure, path = ''): Cause[] => {
  const broken: Cause[] = [];
  for (const { rule, message } of structure['x-kubernetes-validations'] ?? []) {
    if (same(value, old)) continue;
    const shown = isObject(value) ? 'object' : Array.isArray(value) ? 'array' : value;
    broken.push(invalidValue(path, shown, message ?? `failed rule: ${rule}`));
  }
  if (Array.isArray(value) && Array.isArray(old)) {
    const { items, 'x-kubernetes-list-map-keys': keys } = structure;
    if (items === undefined || keys === undefined) return broken;
    for (const [at, entry] of value.entries()) {
      const before = old.find(
        (other) => isObject(entry) && isObject(other) && keys.every((name) => same(entry[name], other[name])),
      );
      if (before !== undefined) broken.push(...brokenRules(entry, before, items, `${path}[${at}]`));
    }
    return broken;
  }
  if (!isObject(value) || !isObject(old)) return broken;
  for (const [field, known] of Object.entries(structure.properties ?? {})) {
    const now = value[field];
    const before = old[field];
    if (now === undefined || before === undefined) continue;
    broken.push(...brokenRules(now, before, known, path === '' ? field : `${path}.${field}`));
  }
  return broken;
};
