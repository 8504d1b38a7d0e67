import type { Environment } from '@marcbachmann/cel-js';
import { Duration } from '@marcbachmann/cel-js/evaluator';

/** Values of one type that has an order. */
type Ordered = bigint | number | string | boolean;

const inOrder = (a: Ordered, b: Ordered): number => (a < b ? -1 : a > b ? 1 : 0);

/** A list of CEL: an array, or a set where the schema says so. */
type List<T = unknown> = readonly T[] | ReadonlySet<T>;

/** Equality as far as these functions need it: of scalars, and of lists and maps of them. */
const equal = (a: unknown, b: unknown): boolean => {
  if (a === b) return true;
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime();
  if (a instanceof Map && b instanceof Map) {
    return a.size === b.size && [...a].every(([key, value]) => b.has(key) && equal(value, b.get(key)));
  }
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    // An int and a double of one value are equal where types are dynamic.
    const numbers = [a, b].every((value) => typeof value === 'bigint' || typeof value === 'number');
    return numbers && Number(a) === Number(b);
  }
  const names = Object.keys(a);
  return (
    a.constructor === b.constructor &&
    names.length === Object.keys(b).length &&
    names.every((name) => equal(a[name as never], b[name as never]))
  );
};

const has = (list: List, wanted: unknown): boolean => [...list].some((entry) => equal(entry, wanted));
const covers = (outer: List, inner: List): boolean => [...inner].every((entry) => has(outer, entry));

const extreme = (name: string, list: List<Ordered>, sign: 1 | -1): Ordered => {
  const [first, ...rest] = list;
  if (first === undefined) throw new Error(`${name} called on empty list`);
  return rest.reduce((found, entry) => (inOrder(entry, found) * sign > 0 ? entry : found), first);
};

const sum = (list: List): unknown => {
  let total: unknown = 0n;
  for (const [at, entry] of [...list].entries()) {
    if (at === 0) total = entry;
    else if (entry instanceof Duration) total = (total as Duration).addDuration(entry);
    else total = (total as number) + (entry as number);
  }
  return total;
};

const flatten = (list: List, depth: number): unknown[] =>
  [...list].flatMap((entry) => (Array.isArray(entry) && depth > 0 ? flatten(entry, depth - 1) : [entry]));

const distinct = (list: List): unknown[] => {
  const found: unknown[] = [];
  for (const entry of list) if (!has(found, entry)) found.push(entry);
  return found;
};

const slice = (list: List, from: bigint, to: bigint): unknown[] => {
  const entries = [...list];
  const [start, end] = [Number(from), Number(to)];
  if (start < 0 || end < 0) throw new Error(`cannot slice(${start}, ${end}), negative indexes not supported`);
  if (start > end)
    throw new Error(`cannot slice(${start}, ${end}), start index must be less than or equal to end index`);
  if (end > entries.length)
    throw new Error(`cannot slice(${start}, ${end}), list is length ${entries.length}`);
  return entries.slice(start, end);
};

/** The namespaces of `sets.contains` and `lists.range`. */
class Sets {}
class Lists {}

/** Kubernetes' functions of lists, and cel-go's of lists and sets (`ext/lists.go` version 3, `ext/sets.go`). */
export const listFunctions = (env: Environment): void => {
  env
    .registerFunction('list<A>.isSorted(): bool', (list: List<Ordered>) => {
      const entries = [...list];
      return entries.every((entry, at) => at === 0 || inOrder(entries[at - 1] ?? entry, entry) <= 0);
    })
    .registerFunction('list<A>.sum(): A', sum)
    .registerFunction('list<A>.min(): A', (list: List<Ordered>) => extreme('min', list, -1))
    .registerFunction('list<A>.max(): A', (list: List<Ordered>) => extreme('max', list, 1))
    .registerFunction('list<A>.indexOf(A): int', (list: List, wanted: unknown) =>
      BigInt([...list].findIndex((entry) => equal(entry, wanted))),
    )
    .registerFunction('list<A>.lastIndexOf(A): int', (list: List, wanted: unknown) =>
      BigInt([...list].findLastIndex((entry) => equal(entry, wanted))),
    )
    .registerFunction('list<A>.slice(int, int): list<A>', slice)
    .registerFunction('list<A>.reverse(): list<A>', (list: List) => [...list].reverse())
    .registerFunction('list<A>.sort(): list<A>', (list: List<Ordered>) => [...list].sort(inOrder))
    .registerFunction('list<A>.distinct(): list<A>', distinct)
    .registerFunction('list<A>.flatten(): list<dyn>', (list: List) => flatten(list, 1))
    .registerFunction('list<A>.flatten(int): list<dyn>', (list: List, depth: bigint) =>
      flatten(list, Number(depth)),
    )
    .registerType('cel.Lists', Lists)
    .registerConstant('lists', 'cel.Lists', new Lists())
    .registerFunction('cel.Lists.range(int): list<int>', (_: Lists, size: bigint) => {
      if (size > 10_000n) throw new Error('lists.range: size exceeds the limit of 10000');
      return Array.from({ length: Number(size) }, (_entry, at) => BigInt(at));
    })
    .registerType('cel.Sets', Sets)
    .registerConstant('sets', 'cel.Sets', new Sets())
    .registerFunction('cel.Sets.contains(list<A>, list<A>): bool', (_: Sets, outer: List, inner: List) =>
      covers(outer, inner),
    )
    .registerFunction(
      'cel.Sets.equivalent(list<A>, list<A>): bool',
      (_: Sets, a: List, b: List) => covers(a, b) && covers(b, a),
    )
    .registerFunction('cel.Sets.intersects(list<A>, list<A>): bool', (_: Sets, a: List, b: List) =>
      [...a].some((entry) => has(b, entry)),
    );
};
