import { isObject, type Json } from '../objects/object.ts';
import { goType } from '../types/table.ts';
import { fmtText } from '../types/written.ts';
import type { Place } from './field-place.ts';
import { shownElement } from './field-set.ts';
import { itemName } from './list-items.ts';

/** As Go prints the type of a value that came out of JSON. */
const goTypeOf = (value: Json): string => {
  if (Array.isArray(value)) return '[]interface {}';
  if (isObject(value)) return 'map[string]interface {}';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  return typeof value === 'boolean' ? 'bool' : typeof value;
};

const scalarFault = (value: Json, type: string): string | undefined => {
  switch (type) {
    case 'bool':
      return typeof value === 'boolean' ? undefined : `expected boolean, got &{${fmtText(value)}}`;
    case 'string':
    case '[]uint8':
      return typeof value === 'string'
        ? undefined
        : `expected string, got &value.valueUnstructured{Value:${fmtText(value)}}`;
    case 'interface{}':
      return undefined;
    default:
      return typeof value === 'number'
        ? undefined
        : `expected numeric (int or float), got ${goTypeOf(value)}`;
  }
};

const elementOf = (item: Json, place: Place, at: number): string => {
  const name = place.list === 'atomic' ? undefined : itemName(item, place);
  return name === undefined ? `[${at}]` : shownElement(name);
};

/** Where a configuration has not the type of its kind (structured-merge-diff `typed/validate.go`). */
export const typeFaults = (value: Json, type: string, place: Place | undefined, path = ''): string[] => {
  if (value === null) return [];
  const known = goType(type);
  const expected = (what: string): string[] => [`${path}: expected ${what}, got &{${fmtText(value)}}`];
  switch (known.form) {
    case 'own':
      return [];
    case 'plain': {
      const fault = scalarFault(value, known.type);
      return fault === undefined ? [] : [`${path}: ${fault}`];
    }
    case 'list':
      if (!Array.isArray(value)) return expected('list');
      return value.flatMap((item, at) =>
        typeFaults(
          item,
          known.of,
          place?.item(),
          `${path}${place === undefined ? `[${at}]` : elementOf(item, place, at)}`,
        ),
      );
    case 'map':
      if (!isObject(value)) return expected('map');
      return Object.entries(value).flatMap(([name, entry]) =>
        typeFaults(entry, known.of, place?.field(name), `${path}.${name}`),
      );
    case 'struct':
      if (!isObject(value)) return expected('map');
      return Object.entries(value).flatMap(([name, entry]) => {
        const field = known.fields.get(name);
        const at = `${path}.${name}`;
        if (field === undefined) return [`${at}: field not declared in schema`];
        return typeFaults(entry, field.type, place?.field(name), at);
      });
  }
};
