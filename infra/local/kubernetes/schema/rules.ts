import { Optional } from '@marcbachmann/cel-js';
import { counterpart, sameValue } from '../cel/equality.ts';
import { costExceeded } from '../cel/meter.ts';
import { type Cause, duplicate, forbiddenField, invalidValue, required } from '../objects/cause.ts';
import { isObject, type Json } from '../objects/object.ts';
import { type CompiledRule, type Rules, rulesOf } from './rule.ts';
import type { Rule, Structure } from './structure.ts';

/** What the rules of a schema say of a value. */
export interface Verdict {
  readonly causes: Cause[];
  /** What is broken, but was so before and did not change (ratcheting): told, not refused. */
  readonly warnings: string[];
}

/** A value on its way down the schema, with what it was before. */
interface Place {
  readonly value: Json;
  /** `undefined`: there is none, or none that can be told to be the one before. */
  readonly old: Json | undefined;
  /** It, or the nearest value above that can be compared, is what it was. */
  readonly unchanged: () => boolean;
  readonly structure: Structure;
  readonly path: string;
}

/** Thrown where one rule cost so much that no other is run. */
class Stop extends Error {}

const shownRule = ({ rule, message = '' }: Rule): string => (message === '' ? rule : message).trim();

const plainMessage = (rule: Rule): string => {
  const { message = '' } = rule;
  return message === '' ? `failed rule: ${shownRule(rule)}` : message.trim();
};

/** A messageExpression's text, if it has come to one that can be shown. */
const expressed = (
  { messageProgram }: CompiledRule,
  variables: Record<string, unknown>,
): string | undefined => {
  if (messageProgram?.ok !== true) return undefined;
  const outcome = messageProgram.run(variables);
  if (!outcome.ok || typeof outcome.value !== 'string') return undefined;
  const text = outcome.value.trim();
  return text === '' || text.includes('\n') || text.length > 5 * 1024 ? undefined : text;
};

const causeFor = (field: string, type: string, message: string, reason: string | undefined): Cause => {
  switch (reason) {
    case 'FieldValueForbidden':
      return forbiddenField(field, message);
    case 'FieldValueRequired':
      return required(field, message);
    case 'FieldValueDuplicate':
      return duplicate(field, type);
    default:
      return invalidValue(field, type, message);
  }
};

/** apiextensions `pkg/apiserver/schema/cel/validation.go`, whose texts these are. */
const judge = (compiled: CompiledRule, self: unknown, old: unknown, place: Place, verdict: Verdict): void => {
  const { rule, program, readsOld } = compiled;
  const optional = rule.optionalOldSelf === true;
  if (readsOld && old === undefined && !optional) return;
  const type = String(place.structure.type ?? '');
  const field = place.path === '' ? '<nil>' : place.path;
  if (!program.ok) {
    verdict.causes.push(
      invalidValue(field, type, `rule compile error: compilation failed: ${program.error}`),
    );
    return;
  }
  const variables = {
    self,
    oldSelf: optional ? (old === undefined ? Optional.none() : Optional.of(old)) : old,
  };
  const outcome = program.run(variables);
  if (!outcome.ok) {
    const text = outcome.exceeded
      ? `'${costExceeded}': no further validation rules will be run due to call cost exceeds limit for rule: ${shownRule(rule)}`
      : outcome.error === 'no such overload'
        ? `'${outcome.error}': call arguments did not match a supported operator, function or macro signature for rule: ${shownRule(rule)}`
        : `${outcome.error} evaluating rule: ${shownRule(rule)}`;
    verdict.causes.push(invalidValue(field, type, text));
    if (outcome.exceeded) throw new Stop();
    return;
  }
  if (outcome.value === true) return;
  const { fieldPath = '', reason } = rule;
  const at = fieldPath === '' ? field : `${place.path}${fieldPath}`.replace(/^\./, '');
  const cause = causeFor(at, type, expressed(compiled, variables) ?? plainMessage(rule), reason);
  if (!readsOld && place.unchanged()) verdict.warnings.push(`${cause.field}: ${cause.message}`);
  else verdict.causes.push(cause);
};

const below = (
  place: Place,
  value: Json | undefined,
  old: Json | undefined,
  structure: Structure,
  path: string,
): Place | undefined => {
  if (value === undefined || value === null) return undefined;
  const before = old === null ? undefined : old;
  const unchanged = before === undefined ? place.unchanged : () => sameValue(value, before, structure);
  return { value, old: before, unchanged, structure, path };
};

function* placesBelow(place: Place, rules: Rules): Generator<[Place | undefined, Rules]> {
  const { value, old, structure, path } = place;
  const { items, additionalProperties } = structure;
  if (Array.isArray(value) && items !== undefined && rules.items !== undefined) {
    for (const [at, entry] of value.entries()) {
      yield [below(place, entry, counterpart(entry, old, structure), items, `${path}[${at}]`), rules.items];
    }
  }
  if (!isObject(value)) return;
  const before = isObject(old) ? old : {};
  if (rules.values !== undefined && isObject(additionalProperties)) {
    for (const [key, entry] of Object.entries(value)) {
      const known = additionalProperties as Structure;
      yield [below(place, entry, before[key], known, `${path}[${key}]`), rules.values];
    }
  }
  for (const [field, of] of rules.properties) {
    const known = structure.properties?.[field];
    if (known === undefined) continue;
    const at = path === '' ? field : `${path}.${field}`;
    yield [below(place, value[field], before[field], known, at), of];
  }
}

const visit = (place: Place, rules: Rules, verdict: Verdict): void => {
  const { self } = rules;
  if (self !== undefined) {
    const value = self.from(place.value);
    const readsOld = rules.own.some((compiled) => compiled.readsOld);
    const old = place.old === undefined || !readsOld ? undefined : self.from(place.old);
    for (const compiled of rules.own) judge(compiled, value, old, place, verdict);
  }
  for (const [next, of] of placesBelow(place, rules)) if (next !== undefined) visit(next, of, verdict);
};

export const hasRules = (structure: Structure): boolean => rulesOf(structure, true) !== undefined;

/**
 * What `x-kubernetes-validations` say of a whole object. Rules that read `oldSelf` are evaluated only where a value
 * was before, others always; a value that did not change since it was let in is let in again, with a warning.
 */
export const brokenRules = (value: Json, old: Json | undefined, structure: Structure): Verdict => {
  const verdict: Verdict = { causes: [], warnings: [] };
  const rules = rulesOf(structure, true);
  if (rules === undefined) return verdict;
  const unchanged = (): boolean => old !== undefined && sameValue(value, old, structure);
  try {
    visit({ value, old, unchanged, structure, path: '' }, rules, verdict);
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
  }
  return verdict;
};
