import type { Environment } from '@marcbachmann/cel-js';
import { Duration } from '@marcbachmann/cel-js/evaluator';
import { isObject, type Json, type JsonObject } from '../objects/object.ts';
import type { Structure } from '../schema/structure.ts';
import { sameValue } from './equality.ts';
import { escaped } from './names.ts';

/** A type of CEL that a schema describes, and how a value of the schema becomes one of the type. */
export interface CelType {
  readonly name: string;
  /** `undefined` for what is no value of the type: the field then counts as absent. */
  readonly from: (value: Json) => unknown;
}

/** JSON without a schema: whole numbers are `int`, other numbers `double`, objects maps. */
export const dynamicValue = (value: Json): unknown => {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(dynamicValue);
  if (!isObject(value)) return value;
  return new Map(Object.entries(value).map(([key, entry]) => [key, dynamicValue(entry)]));
};

const scalar = (name: string, from: (value: Json) => unknown): CelType => ({ name, from });

const text = scalar('string', (value) => (typeof value === 'string' ? value : undefined));
const truth = scalar('bool', (value) => (typeof value === 'boolean' ? value : undefined));
const integer = scalar('int', (value) => (Number.isInteger(value) ? BigInt(value as number) : undefined));
const real = scalar('double', (value) => (typeof value === 'number' ? value : undefined));
const dynamic = scalar('dyn', dynamicValue);
const bytes = scalar('bytes', (value) =>
  typeof value === 'string' ? Uint8Array.from(Buffer.from(value, 'base64')) : undefined,
);
const time = scalar('google.protobuf.Timestamp', (value) => {
  const at = new Date(String(value));
  return Number.isNaN(at.getTime()) ? undefined : at;
});

const units: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

const duration = scalar('google.protobuf.Duration', (value) => {
  if (typeof value !== 'string' || !/^-?(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+$/.test(value))
    return undefined;
  let milliseconds = 0;
  for (const [, amount, unit = 's'] of value.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)) {
    milliseconds += Number(amount) * (units[unit] ?? 0);
  }
  return Duration.fromMilliseconds(value.startsWith('-') ? -milliseconds : milliseconds);
});

const formats: Readonly<Record<string, CelType>> = { byte: bytes, 'date-time': time, date: time, duration };

/** What a value was before it became one of CEL, for equality by its schema. */
const origin = Symbol('origin');
interface FromSchema {
  readonly [origin]: Json;
}

/** `apiVersion`, `kind` and the names of an object are there for rules even where no schema describes them. */
const metadata: Structure = {
  type: 'object',
  properties: { name: { type: 'string' }, generateName: { type: 'string' } },
};
const ofEveryObject: Readonly<Record<string, Structure>> = {
  apiVersion: { type: 'string' },
  kind: { type: 'string' },
  metadata,
};

const isEmbedded = (structure: Structure): boolean => structure['x-kubernetes-embedded-resource'] === true;

/** How a property is named in an expression; `undefined`: it cannot be. */
type Naming = (property: string) => string | undefined;

const objectType = (
  env: Environment,
  structure: Structure,
  name: string,
  whole: boolean,
  naming: Naming,
): CelType => {
  const fields: Record<string, string> = {};
  const readers: [field: string, as: string, from: CelType['from']][] = [];
  const properties = { ...structure.properties, ...(whole ? ofEveryObject : {}) };
  for (const [field, known] of Object.entries(properties)) {
    const as = naming(field);
    const type =
      as === undefined ? undefined : declareType(env, known, `${name}.${as}`, isEmbedded(known), naming);
    if (as === undefined || type === undefined) continue;
    fields[as] = type.name;
    readers.push([field, as, type.from]);
  }
  // The library tells types by their classes, and reads declared fields only.
  class Value {
    readonly [origin]: Json;
    constructor(value: JsonObject) {
      this[origin] = value;
      for (const [field, as, from] of readers) {
        const given = value[field];
        // A null that its schema allows counts as absent; any other was refused before rules are run.
        if (given !== undefined && given !== null) Object.assign(this, { [as]: from(given) });
      }
    }
  }
  env.registerType(name, { ctor: Value, fields });
  env.registerOperator(`${name} == ${name}`, (a: FromSchema, b: FromSchema) =>
    sameValue(a[origin], b[origin], structure),
  );
  return { name, from: (value) => (isObject(value) ? new Value(value) : undefined) };
};

const listType = (
  env: Environment,
  structure: Structure,
  items: Structure,
  name: string,
  naming: Naming,
): CelType | undefined => {
  const item = declareType(env, items, `${name}.items`, isEmbedded(items), naming);
  if (item === undefined) return undefined;
  const list = `list<${item.name}>`;
  const kind = structure['x-kubernetes-list-type'];
  if (kind === 'map') {
    env.registerOperator(`${list} == ${list}`, (a: FromSchema[], b: FromSchema[]) =>
      sameValue(
        a.map((entry) => entry[origin]),
        b.map((entry) => entry[origin]),
        structure,
      ),
    );
  }
  const from = (value: Json): unknown =>
    Array.isArray(value) ? value.map(item.from).filter((entry) => entry !== undefined) : undefined;
  // Sets are equal in any order; the library knows that of JavaScript's.
  return { name: list, from: kind === 'set' ? (value) => new Set(from(value) as unknown[]) : from };
};

/**
 * Declares the type of a schema, and of all below it, in `env` (apiserver `pkg/cel/common/schemas.go`).
 * `undefined` for what rules cannot see: values without a type, such as those of unknown fields.
 * @param whole `structure` describes whole objects, with `apiVersion`, `kind` and `metadata`
 */
export const declareType = (
  env: Environment,
  structure: Structure,
  name: string,
  whole = isEmbedded(structure),
  naming: Naming = escaped,
): CelType | undefined => {
  if (structure['x-kubernetes-int-or-string'] === true) return dynamic;
  switch (structure.type) {
    case 'array':
      return structure.items === undefined
        ? undefined
        : listType(env, structure, structure.items, name, naming);
    case 'object': {
      if (!isObject(structure.additionalProperties)) return objectType(env, structure, name, whole, naming);
      const values = structure.additionalProperties as Structure;
      const value = declareType(env, values, `${name}.values`, isEmbedded(values), naming);
      if (value === undefined) return undefined;
      return {
        name: `map<string, ${value.name}>`,
        from: (given) =>
          isObject(given)
            ? new Map(Object.entries(given).map(([key, entry]) => [key, value.from(entry)]))
            : undefined,
      };
    }
    case 'string':
      return formats[String(structure.format)] ?? text;
    case 'boolean':
      return truth;
    case 'number':
      return real;
    case 'integer':
      return integer;
    default:
      return undefined;
  }
};
