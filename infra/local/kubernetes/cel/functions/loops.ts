import { type Environment, Optional } from '@marcbachmann/cel-js';
import type { Meter } from '../meter.ts';

/** What the library hands to the parts of a macro, as far as they are used here. */
interface Node {
  readonly op: string;
  readonly args: unknown;
}
interface Type {
  readonly kind: string;
  readonly keyType?: Type;
  readonly valueType?: Type;
}
interface Bound {
  setIterValue(value: unknown, evaluator: Evaluator): Context;
}
interface Context {
  forkWithVariable(name: string, type: Type): Bound & Context;
}
interface Checker {
  check(node: Node, context: Context): Type;
  getType(name: string): Type;
  createError(code: string, message: string, node: Node): Error;
}
interface Evaluator {
  run(node: Node, context: Context): unknown;
}
interface Call {
  readonly args: readonly Node[];
  readonly receiver: Node;
}

interface Macro {
  readonly async: false;
  typeCheck(checker: Checker, macro: unknown, context: Context): unknown;
  evaluate(evaluator: Evaluator, macro: unknown, context: Context): unknown;
}

const nameOf = (checker: Checker, node: Node | undefined, macro: Node): string => {
  if (node?.op === 'id') return String(node.args);
  throw checker.createError('invalid_macro_argument', 'argument must be a simple name', node ?? macro);
};

/** Positions and values of a list, keys and values of a map. */
const pairsOf = (range: unknown): [unknown, unknown][] => {
  if (range instanceof Map) return [...range];
  if (Array.isArray(range) || range instanceof Set) return [...range].map((value, at) => [BigInt(at), value]);
  return Object.entries(range as object);
};

/** One turn's answer, and how the answers of all turns come together. */
type Gather = (turns: Iterable<unknown>) => unknown;

/**
 * A loop over two variables: the last argument is evaluated for each pair, or, where there are four, only for those
 * that the third lets through.
 */
const loop =
  (meter: Meter, result: (checker: Checker, body: Type) => Type, gather: Gather) =>
  ({ args, receiver }: Call): Macro => {
    const filter = args.length === 4 ? args[2] : undefined;
    const body = args.at(-1) as Node;
    let [first, second] = ['', ''];
    let types: [Type, Type];
    return {
      async: false,
      typeCheck: (checker, _, context) => {
        [first, second] = [nameOf(checker, args[0], receiver), nameOf(checker, args[1], receiver)];
        const { kind, keyType, valueType } = checker.check(receiver, context);
        const dyn = checker.getType('dyn');
        types = [kind === 'list' ? checker.getType('int') : (keyType ?? dyn), valueType ?? dyn];
        const inner = context.forkWithVariable(first, types[0]).forkWithVariable(second, types[1]);
        if (filter !== undefined) checker.check(filter, inner);
        return result(checker, checker.check(body, inner));
      },
      evaluate: (evaluator, _, context) => {
        const turns = function* (): Generator<unknown> {
          for (const [key, value] of pairsOf(evaluator.run(receiver, context))) {
            meter.spend();
            const inner = context
              .forkWithVariable(first, types[0])
              .setIterValue(key, evaluator)
              .forkWithVariable(second, types[1])
              .setIterValue(value, evaluator);
            if (filter !== undefined && evaluator.run(filter, inner) !== true) continue;
            yield evaluator.run(body, inner);
          }
        };
        return gather(turns());
      },
    };
  };

const one: Gather = (turns) => [...turns].filter((turn) => turn === true).length === 1;
/** These end with the turn that decides. */
const some: Gather = (turns) => {
  for (const turn of turns) if (turn === true) return true;
  return false;
};
const every: Gather = (turns) => {
  for (const turn of turns) if (turn !== true) return false;
  return true;
};

const truth = (checker: Checker): Type => checker.getType('bool');

/** `optional.optMap(x, f(x))`: the value if there is one, mapped; `optFlatMap` maps to an optional itself. */
const mapped =
  (flat: boolean) =>
  ({ args, receiver }: Call): Macro => {
    const body = args[1] as Node;
    let name = '';
    let type: Type;
    return {
      async: false,
      typeCheck: (checker, _, context) => {
        name = nameOf(checker, args[0], receiver);
        type = checker.check(receiver, context).valueType ?? checker.getType('dyn');
        checker.check(body, context.forkWithVariable(name, type));
        return checker.getType('optional');
      },
      evaluate: (evaluator, _, context) => {
        const optional = evaluator.run(receiver, context) as Optional;
        if (!optional.hasValue()) return Optional.none();
        const inner = context.forkWithVariable(name, type).setIterValue(optional.value(), evaluator);
        const value = evaluator.run(body, inner);
        return flat ? value : Optional.of(value);
      },
    };
  };

/** cel-go's loops over two variables (`ext/comprehensions.go`), and what it adds to optionals. */
export const loopFunctions = (env: Environment, meter: Meter): void => {
  // By name and number of arguments alone: what is looped over may be a map, or not be known yet.
  const add = (name: string, type: string, result: typeof truth, gather: Gather, count = 3): void => {
    const signature = `list.${name}(${Array(count).fill('ast').join(', ')}): ${type}`;
    env.registerFunction(signature, loop(meter, result, gather));
  };
  add('all', 'bool', truth, every);
  add('exists', 'bool', truth, some);
  add('existsOne', 'bool', truth, one);
  add('exists_one', 'bool', truth, one);
  const list = (checker: Checker): Type => checker.getType('list');
  for (const count of [3, 4]) add('transformList', 'list<dyn>', list, (turns) => [...turns], count);
  env
    .registerFunction('optional.optMap(ast, ast): optional<dyn>', mapped(false))
    .registerFunction('optional.optFlatMap(ast, ast): optional<dyn>', mapped(true));
};
