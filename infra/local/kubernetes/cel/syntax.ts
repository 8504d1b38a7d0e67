import type { ParseResult } from '@marcbachmann/cel-js';
import { ownMatches } from './functions/patterns.ts';
import type { Meter } from './meter.ts';

/**
 * The library's syntax tree, as far as it is touched here. It is not all part of the library's types: the version is
 * pinned, and the tests of `cel` fail where another one differs.
 */
interface Node {
  readonly op: string;
  readonly args: unknown;
  readonly meta: Readonly<Record<string, unknown>>;
  setMeta(key: string, value: unknown): Node;
}

/** The library's checker and evaluator, as macros are handed them. */
interface Checker {
  check(node: Node, context: unknown): { readonly kind: string };
  getType(name: string): unknown;
  createError(code: string, message: string, node: Node): Error;
}
interface Evaluator {
  /** What a node comes to, or the error of it. */
  tryEval(node: Node, context: unknown): unknown;
  run(node: Node, context: unknown): unknown;
  createError(code: string, message: string, node: Node): Error;
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'op' in value && 'setMeta' in value;

/** Everything in the tree, what macros expand to as well. */
function* everything(value: unknown, seen = new Set<unknown>()): Generator<object> {
  if (typeof value !== 'object' || value === null || seen.has(value)) return;
  seen.add(value);
  yield value;
  if (isNode(value)) {
    yield* everything(value.args, seen);
    yield* everything(value.meta.alternate, seen);
    yield* everything(value.meta.macro, seen);
  } else if (Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype) {
    for (const entry of Object.values(value)) yield* everything(entry, seen);
  }
}

function* nodes(root: unknown): Generator<Node> {
  for (const value of everything(root)) if (isNode(value)) yield value;
}

const holds = (value: unknown, field: string): boolean => {
  if (value instanceof Map) return value.get(field) !== undefined;
  return (value as Readonly<Record<string, unknown>>)[field] !== undefined;
};

/**
 * `has(x.y)` for any `x`, and only for a `y` that the type of `x` has: the library's own takes names alone, and lets
 * every field pass.
 */
const presence = (call: Node): object => {
  const [, [selection]] = call.args as [string, [Node]];
  const [operand, field] = selection.args as [Node, string];
  return {
    async: false,
    typeCheck: (checker: Checker, _: unknown, context: unknown): unknown => {
      if (selection.op !== '.') {
        throw checker.createError('invalid_macro_argument', 'invalid argument to has() macro', selection);
      }
      checker.check(selection, context);
      return checker.getType('bool');
    },
    evaluate: (evaluator: Evaluator, _: unknown, context: unknown): unknown => {
      const value = evaluator.run(operand, context);
      if (typeof value !== 'object' || value === null) {
        throw evaluator.createError('no_such_overload', 'no such overload', selection);
      }
      return holds(value, field);
    },
  };
};

/** `||` and `&&` whose sides both fail: the error is that of the left, as in cel-go; the library's own throws the right's. */
const junction = ({ op }: Node): unknown => {
  const decisive = op === '||';
  return (evaluator: Evaluator, node: Node, context: unknown): unknown => {
    const [left, right] = node.args as [Node, Node];
    const first = evaluator.tryEval(left, context);
    if (first === decisive) return first;
    const second = first instanceof Error ? evaluator.tryEval(right, context) : evaluator.run(right, context);
    if (second === decisive) return second;
    if (first instanceof Error) throw first;
    if (typeof first === 'boolean' && typeof second === 'boolean') return second;
    throw evaluator.createError('no_such_overload', 'no such overload', node);
  };
};

/** Before types are checked: presence tests and errors as cel-go has them, and patterns as RE2 reads them. */
export const asKubernetes = (parsed: ParseResult): void => {
  for (const node of nodes(parsed.ast)) {
    if (node.op === '||' || node.op === '&&') node.setMeta('evaluate', junction(node));
    if (node.op !== 'call' && node.op !== 'rcall') continue;
    const call = node.args as [name: string, ...Node[]];
    if (call[0] === ownMatches.from) call[0] = ownMatches.to;
    if (node.op === 'call' && call[0] === 'has') node.setMeta('macro', presence(node));
  }
};

interface LoopContext {
  setIterValue(value: unknown, evaluator: unknown): unknown;
}

/** After types were checked: every turn of every loop is counted. */
export const withMeter = (parsed: ParseResult, meter: Meter): void => {
  for (const node of nodes(parsed.ast)) {
    if (node.op !== 'comprehension') continue;
    const { iterCtx } = node.args as { iterCtx: LoopContext };
    const turn = iterCtx.setIterValue.bind(iterCtx);
    iterCtx.setIterValue = (value, evaluator) => {
      meter.spend();
      return turn(value, evaluator);
    };
  }
};

/** The names that an expression reads. */
export const namesIn = (parsed: ParseResult): Set<string> => {
  const found = new Set<string>();
  for (const node of nodes(parsed.ast)) if (node.op === 'id') found.add(String(node.args));
  return found;
};
