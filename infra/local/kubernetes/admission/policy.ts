import { isObject, type JsonObject, type KubeObject, list, record, text } from '../objects/object.ts';
import { type Compiled, Expressions } from './expressions.ts';

/** One thing that a policy demands. */
export interface Validation {
  readonly expression: Compiled;
  readonly source: string;
  readonly message: string;
  readonly messageExpression: Compiled | undefined;
  readonly reason: string | undefined;
}

/** A ValidatingAdmissionPolicy, ready to be evaluated. */
export interface Policy {
  readonly expressions: Expressions;
  readonly variables: readonly Compiled[];
  readonly matchConditions: readonly Compiled[];
  readonly validations: readonly Validation[];
  readonly auditAnnotations: readonly { readonly key: string; readonly value: Compiled }[];
}

const entries = (value: JsonObject[string] | undefined): JsonObject[] => list(value).filter(isObject);
const source = (entry: JsonObject, field = 'expression'): string => text(entry[field]) ?? '';

const compileAll = ({ spec: given }: JsonObject): Policy => {
  const spec = record(given);
  const expressions = new Expressions(spec.paramKind !== undefined);
  const variables = entries(spec.variables).map((entry) =>
    expressions.add(text(entry.name) ?? '', source(entry)),
  );
  return {
    expressions,
    variables,
    matchConditions: entries(spec.matchConditions).map((entry) => expressions.compile(source(entry), 'bool')),
    validations: entries(spec.validations).map((entry) => {
      const messageSource = source(entry, 'messageExpression');
      return {
        expression: expressions.compile(source(entry), 'bool'),
        source: source(entry).trim(),
        message: source(entry, 'message').trim(),
        messageExpression:
          messageSource.trim() === '' ? undefined : expressions.compile(messageSource, 'string'),
        reason: text(entry.reason),
      };
    }),
    auditAnnotations: entries(spec.auditAnnotations).map((entry) => ({
      key: source(entry, 'key'),
      value: expressions.compile(source(entry, 'valueExpression').trim(), 'string', 'null'),
    })),
  };
};

const compiled = new WeakMap<JsonObject, Policy>();

/** Compiles a policy, once for each state of it: stored objects are never changed in place. */
export const policyOf = (object: KubeObject): Policy => {
  const known = compiled.get(object);
  if (known !== undefined) return known;
  const policy = compileAll(object);
  compiled.set(object, policy);
  return policy;
};
