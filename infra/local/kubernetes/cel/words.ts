import { ownMatches } from './functions/patterns.ts';

/** An error of the CEL library, as far as its words are needed here. */
export interface LibraryError extends Error {
  readonly code: string;
  /** Its message without the place. */
  readonly summary: string;
  readonly range?: { readonly start: number; readonly end: number };
  /** The part of the expression that it is about. */
  readonly node?: { readonly op?: string; readonly args?: unknown };
}

export const isLibraryError = (error: unknown): error is LibraryError =>
  error instanceof Error && 'code' in error && 'summary' in error;

/** `list<string>` as cel-go prints it. */
export const typeText = (name: string): string =>
  name
    .replaceAll('google.protobuf.Timestamp', 'timestamp')
    .replaceAll('google.protobuf.Duration', 'duration')
    .replaceAll('optional<', 'optional_type<')
    .replaceAll(/dyn<(\w+)>/g, '$1')
    .replaceAll('<', '(')
    .replaceAll('>', ')');

/** cel-go's names of operators in overloads. */
const operatorText = (operator: string): string => (operator === 'in' ? '@in' : `_${operator}_`);

const noOverload = (operation: string, applied: string): string =>
  `found no matching overload for '${operation}' applied to '${applied}'`;

interface Fault {
  readonly at: number;
  readonly message: string;
}

const before = (source: string, found: string, at: number): number => {
  const place = source.lastIndexOf(found, at);
  return place < 0 ? at : place;
};

const anExpression =
  "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";

/** The place of an operator: after its first operand, or where the expression begins. */
const operatorPlace = (
  source: string,
  node: LibraryError['node'],
  operator: string,
  start: number,
): number => {
  const [first] = Array.isArray(node?.args) ? (node.args as { end: number }[]) : [];
  const place = source.indexOf(operator, first?.end ?? start);
  return place < 0 ? start : place;
};

/** `no such overload: string + int`, `no such overload: !string`. */
const ofOperator = ({ summary, node }: LibraryError, source: string, start: number): Fault | undefined => {
  const unary = /^no such overload: ([!-])(\S.*)$/.exec(summary);
  if (unary !== null) {
    const [, operator = '', type = ''] = unary;
    return { at: start, message: noOverload(`${operator}_`, `(${typeText(type)})`) };
  }
  const binary = /^no such overload: (.+) (==|!=|<=|>=|<|>|\+|-|\*|\/|%|in) (.+)$/.exec(summary);
  if (binary === null) return undefined;
  const [, left = '', operator = '', right = ''] = binary;
  return {
    at: operatorPlace(source, node, operator, start),
    message: noOverload(operatorText(operator), `(${typeText(left)}, ${typeText(right)})`),
  };
};

/** `&&`, `||` and `?:` take what is a bool, and nothing else. */
const ofLogic = ({ node }: LibraryError, source: string, start: number): Fault | undefined => {
  const operator = node?.op;
  if (operator !== '&&' && operator !== '||') return undefined;
  const types = ((node?.args ?? []) as { checkedType?: { name: string } }[]).map(({ checkedType }) =>
    typeText(checkedType?.name ?? 'dyn'),
  );
  return {
    at: operatorPlace(source, node, operator, start),
    message: noOverload(operatorText(operator), `(${types.join(', ')})`),
  };
};

/** `found no matching overload for 'string.foo(int)'`, of a function that exists or of one that does not. */
const ofCall = (
  summary: string,
  source: string,
  { start, end }: { start: number; end: number },
  isFunction: (name: string) => boolean,
): Fault | undefined => {
  const found = /^found no matching overload for '(?:(?<receiver>.+)\.)?(?<name>\w+)\((?<types>.*)\)'$/.exec(
    summary,
  );
  const { receiver, name: called = '', types = '' } = found?.groups ?? {};
  const name = called === ownMatches.to ? ownMatches.from : called;
  if (found === null) return undefined;
  const call = source.slice(start, end).indexOf(`${name}(`);
  const at = call < 0 ? start : start + call + name.length;
  if (!isFunction(name)) return { at, message: `undeclared reference to '${name}' (in container '')` };
  const applied = `(${typeText(types)})`;
  return {
    at,
    message: noOverload(name, receiver === undefined ? applied : `${typeText(receiver)}.${applied}`),
  };
};

const faultOf = (error: LibraryError, source: string, isFunction: (name: string) => boolean): Fault => {
  const { summary, range = { start: 0, end: source.length } } = error;
  const { start, end } = range;
  switch (error.code) {
    case 'unknown_variable':
      return {
        at: start,
        message: `undeclared reference to '${summary.replace('Unknown variable: ', '')}' (in container '')`,
      };
    case 'no_such_key':
      return {
        at: before(source, '.', start),
        message: `undefined field '${summary.replace('No such key: ', '')}'`,
      };
    case 'cannot_index_type': {
      const type = /'(.*)'$/.exec(summary)?.[1] ?? '';
      return {
        at: before(source, '.', end),
        message: `type '${typeText(type)}' does not support field selection`,
      };
    }
    case 'no_such_overload':
      return ofOperator(error, source, start) ?? { at: start, message: summary };
    case 'invalid_logical_operand':
      return ofLogic(error, source, start) ?? { at: start, message: summary };
    case 'invalid_condition_type': {
      const type = /got '(.*)'$/.exec(summary)?.[1] ?? 'dyn';
      return { at: start, message: `expected type 'bool' but found '${typeText(type)}'` };
    }
    case 'no_matching_overload':
      return ofCall(summary, source, range, isFunction) ?? { at: start, message: summary };
    case 'unexpected_token': {
      const token = source.slice(start, end);
      return {
        at: start,
        message:
          token === ''
            ? `Syntax error: mismatched input '<EOF>' expecting ${anExpression}`
            : `Syntax error: extraneous input '${token}' expecting <EOF>`,
      };
    }
    case 'unexpected_character':
      return {
        at: start,
        message: `Syntax error: token recognition error at: '${source.slice(start, start + 1)}'`,
      };
    default:
      return { at: start, message: summary };
  }
};

/** Why an expression does not compile, as cel-go prints it: the place, the line, a caret under the place. */
export const compileText = (
  error: LibraryError,
  source: string,
  isFunction: (name: string) => boolean,
): string => {
  const { at, message } = faultOf(error, source, isFunction);
  const above = source.slice(0, at).split('\n');
  const column = above.at(-1)?.length ?? 0;
  const line = source.split('\n')[above.length - 1] ?? '';
  return `ERROR: <input>:${above.length}:${column + 1}: ${message}\n | ${line}\n | ${'.'.repeat(column)}^`;
};

/** What went wrong in an evaluation, in cel-go's words. */
export const evaluationText = (error: unknown): string => {
  if (!isLibraryError(error)) return error instanceof Error ? error.message : String(error);
  const { code, summary } = error;
  switch (code) {
    case 'no_such_key':
      return summary.replace('No such key', 'no such key');
    case 'index_out_of_bounds':
      return `index out of bounds: ${/index (-?\d+)/.exec(summary)?.[1] ?? ''}`;
    case 'modulo_by_zero':
      return 'modulus by zero';
    case 'no_such_overload':
    case 'no_matching_overload':
      return 'no such overload';
    case 'optional_value_missing':
      return 'optional.none() dereference';
    default:
      return summary;
  }
};
