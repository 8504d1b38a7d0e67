import { readFileSync } from 'node:fs';

/** A field of a Go struct, by its name in JSON. */
export interface Field {
  readonly name: string;
  readonly type: string;
  /** It is left out of JSON when it is empty; a pointer is empty when it is null. */
  readonly omitEmpty: boolean;
  readonly pointer: boolean;
  /** The structs that it is embedded by, which errors name before it. */
  readonly within: readonly string[];
}

/**
 * A Go type as a decoder sees it. `own`: it reads and writes itself (UnmarshalJSON). `plain`: a type of Go itself, or one
 * made of it.
 */
export type GoType =
  | { readonly form: 'struct'; readonly fields: ReadonlyMap<string, Field> }
  | { readonly form: 'list'; readonly of: string }
  | { readonly form: 'map'; readonly of: string }
  | { readonly form: 'plain'; readonly type: string }
  | { readonly form: 'own' };

type Fields = Map<string, Field>;

/** `builtin-types.txt`: made of `k8s.io/api` by `test/cluster/object-types`, and held against it by test:cluster. */
const read = (): { kinds: Map<string, string>; structs: Map<string, Fields>; made: Map<string, string> } => {
  const kinds = new Map<string, string>();
  const structs = new Map<string, Fields>();
  const made = new Map<string, string>();
  let fields: Fields = new Map();
  for (const line of readFileSync(new URL('builtin-types.txt', import.meta.url), 'utf8').split('\n')) {
    const [first = '', second = '', third = '', ...rest] = line.split(' ');
    if (first === 'kind') kinds.set(`${second} ${third}`, rest[0] ?? '');
    else if (second === '=') made.set(first, third);
    else if (second === '{') {
      fields = new Map();
      structs.set(first, fields);
    } else if (line.startsWith('  ')) {
      const [, , name = '', type = '', ...flags] = line.split(' ');
      const pointer = flags.includes('pointer');
      const within = flags.flatMap((flag) => (flag.startsWith('in:') ? [flag.slice(3)] : [])).reverse();
      fields.set(name, { name, type, omitEmpty: flags.includes('omitempty'), pointer, within });
    }
  }
  return { kinds, structs, made };
};

const { kinds, structs, made } = read();

/** The name of the Go type of a built-in kind; `undefined` for a kind that has none here. */
export const typeOfKind = (apiVersion: string, kind: string): string | undefined =>
  kinds.get(`${apiVersion} ${kind}`);

const plain = new Set(['string', 'bool', 'int32', 'int64', 'float64', '[]uint8', 'interface{}']);

const typeCalled = (name: string): GoType => {
  const fields = structs.get(name);
  if (fields !== undefined) return { form: 'struct', fields };
  if (plain.has(name)) return { form: 'plain', type: name };
  if (name.startsWith('[]')) return { form: 'list', of: name.slice(2) };
  const map = /^map\[[^\]]*\](?<of>.*)$/.exec(name)?.groups;
  if (map !== undefined) return { form: 'map', of: map.of ?? '' };
  const under = made.get(name);
  return under === undefined ? { form: 'own' } : goType(under);
};

const known = new Map<string, GoType>();

export const goType = (name: string): GoType => {
  const type = known.get(name) ?? typeCalled(name);
  known.set(name, type);
  return type;
};

/** `core/v1.PodSpec` as Go names it in an error: `v1.PodSpec`. */
export const shownType = (name: string): string =>
  name.replaceAll(/(?:[\w-]+\/)+(?=[\w-]+\.)/g, '').replace('interface{}', 'interface {}');

/** The name of a type alone: `PodSpec`. */
export const bareName = (name: string): string => name.slice(name.lastIndexOf('.') + 1);
