import type { Target } from '../cluster.ts';
import { isObject, type Json, type JsonObject, record, text } from '../objects/object.ts';
import { StatusError } from '../objects/status.ts';
import { apiVersionOf } from '../resources/resource.ts';
import { prune } from '../schema/structure.ts';
import { typeOfKind } from '../types/table.ts';
import { typeFaults } from './check-builtin.ts';
import type { Place } from './field-place.ts';
import { shownElement } from './field-set.ts';
import { itemName } from './list-items.ts';
import { placeOf } from './managed-fields.ts';

/** Items of a list that divides by name must have one each. */
const listFaults = (items: readonly Json[], place: Place, path: string, custom: boolean): string[] => {
  const seen = new Set<string>();
  return items.flatMap((item, at) => {
    const name = itemName(item, place);
    if (name === undefined) {
      // The keys of built-in lists are empty by default, which validation refuses.
      if (!custom) return [];
      const keys = place.list === 'set' ? [] : place.list;
      return [
        `${path}: element ${at}: associative list with keys has an element that omits key field ${JSON.stringify(keys[0] ?? '')} (and doesn't have default value)`,
      ];
    }
    if (seen.has(name)) return [`${path}: duplicate entries for key ${shownElement(name)}`];
    seen.add(name);
    return faults(item, place.item(), `${path}${shownElement(name)}`, custom);
  });
};

const faults = (value: Json, place: Place, path: string, custom: boolean): string[] => {
  if (Array.isArray(value)) return place.list === 'atomic' ? [] : listFaults(value, place, path, custom);
  if (!isObject(value) || place.atomic) return [];
  return Object.entries(value).flatMap(([name, entry]) => {
    const inner = place.field(name);
    return inner === undefined ? [] : faults(entry, inner, `${path}.${name}`, custom);
  });
};

/** What the schema of a kind does not know, and of a built-in kind what is of another type. */
const schemaFaults = (config: JsonObject, target: Target): string[] => {
  const { resource, version } = target;
  const structure = resource.structures?.[version];
  const unknown: string[] = [];
  if (structure !== undefined) prune(config, structure, unknown);
  const type = resource.custom ? undefined : typeOfKind(apiVersionOf(resource.group, version), resource.kind);
  return [
    ...unknown.map((path) => `.${path}: field not declared in schema`),
    ...(type === undefined ? [] : typeFaults(config, type, placeOf(target))),
  ];
};

/**
 * What does not fit the schema of a kind cannot be applied; the API server has no better code for it than 500
 * (`managedfields/internal/structuredmerge.go`).
 * @throws StatusError 500 with its text
 */
export const checkApplied = (config: JsonObject, target: Target): void => {
  const [first, ...more] = [
    ...schemaFaults(config, target),
    ...faults(config, placeOf(target), '', target.resource.custom),
  ];
  if (first === undefined) return;
  const { namespace, name } = record(config.metadata);
  const { group, kind } = target.resource;
  const which = `${text(namespace) ?? ''}/${text(name) ?? ''}; ${group}/${target.version}, Kind=${kind}`;
  const what =
    more.length === 0 ? first : ['errors:', ...[first, ...more].map((line) => `  ${line}`)].join('\n');
  throw new StatusError(500, '', `failed to create typed patch object (${which}): ${what}`);
};
