import { type Cause, invalidValue, notSupported, required } from '../objects/cause.ts';
import { isObject } from '../objects/object.ts';
import { type CompiledRule, type Rules, rulesOf } from './rule.ts';
import type { Rule, Structure } from './structure.ts';

const reasons = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired'];

/** Whether `.spec.a['b']` names a field of the schema (apiextensions `ValidFieldPath`). */
const namesField = (path: string, structure: Structure): boolean => {
  if (!/^(?:\.[^.[\]]+|\['(?:[^'\\]|\\.)*'\])+$/.test(path)) return false;
  let at: Structure | undefined = structure;
  for (const [, field, key] of path.matchAll(/\.([^.[\]]+)|\['((?:[^'\\]|\\.)*)'\]/g)) {
    const name = field ?? key?.replaceAll(/\\(.)/g, '$1') ?? '';
    const values: Structure['additionalProperties'] = at?.additionalProperties;
    at =
      at?.properties === undefined
        ? isObject(values)
          ? (values as Structure)
          : undefined
        : at.properties[name];
    if (at === undefined) return false;
  }
  return true;
};

/** What a rule must say, whatever it means (apiextensions `pkg/apis/apiextensions/validation`). */
const ofWords = (rule: Rule, structure: Structure, path: string): Cause[] => {
  const causes: Cause[] = [];
  const { message = '', messageExpression = '', fieldPath = '', reason } = rule;
  const source = rule.rule.trim();
  if (source === '') causes.push(required(`${path}.rule`, 'rule is not specified'));
  else if (message !== '' && message.trim() === '') {
    causes.push(invalidValue(`${path}.message`, message, 'must be non-empty if specified'));
  } else if (message.trim().includes('\n')) {
    causes.push(invalidValue(`${path}.message`, message, 'must not contain line breaks'));
  } else if (source.includes('\n') && message.trim() === '') {
    causes.push(required(`${path}.message`, 'message must be specified if rule contains line breaks'));
  }
  if (messageExpression !== '' && messageExpression.trim() === '') {
    causes.push(required(`${path}.messageExpression`, 'messageExpression must be non-empty if specified'));
  }
  if (reason !== undefined && !reasons.includes(reason))
    causes.push(notSupported(`${path}.reason`, reason, reasons));
  if (fieldPath !== '') {
    if (fieldPath.trim() === '') {
      causes.push(invalidValue(`${path}.fieldPath`, fieldPath, 'must be non-empty if specified'));
    }
    if (fieldPath.includes('\n')) {
      causes.push(invalidValue(`${path}.fieldPath`, fieldPath, 'must not contain line breaks'));
    }
    if (!namesField(fieldPath, structure)) {
      causes.push(invalidValue(`${path}.fieldPath`, fieldPath, 'must be a valid path'));
    }
  }
  return causes;
};

/** A rule as the API server prints it, an internal type of its own. */
const printed = (rule: Rule): object => ({
  Rule: rule.rule,
  Message: rule.message ?? '',
  MessageExpression: rule.messageExpression ?? '',
  Reason: rule.reason ?? null,
  FieldPath: rule.fieldPath ?? '',
  OptionalOldSelf: rule.optionalOldSelf ?? null,
});

const ofMeaning = (compiled: CompiledRule, path: string, uncorrelated: string | undefined): Cause[] => {
  const { rule, program, messageProgram, readsOld } = compiled;
  const causes: Cause[] = [];
  if (!program.ok) {
    causes.push(invalidValue(`${path}.rule`, printed(rule), `compilation failed: ${program.error}`));
  } else if (program.type !== 'bool') {
    causes.push(invalidValue(`${path}.rule`, printed(rule), 'cel expression must evaluate to a bool'));
  }
  // The text of an expression is compiled only for a rule that compiles.
  if (causes.length === 0 && messageProgram !== undefined) {
    const why = !messageProgram.ok
      ? `messageExpression compilation failed: ${messageProgram.error}`
      : messageProgram.type === 'string'
        ? undefined
        : 'messageExpression must evaluate to a string';
    if (why !== undefined) causes.push(invalidValue(`${path}.messageExpression`, printed(rule), why));
  }
  if (readsOld && uncorrelated !== undefined) {
    causes.push(
      invalidValue(
        `${path}.rule`,
        rule.rule,
        `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelated}`,
      ),
    );
  }
  if (!readsOld && rule.optionalOldSelf !== undefined) {
    causes.push(
      invalidValue(
        `${path}.optionalOldSelf`,
        rule.optionalOldSelf,
        'may not be set if oldSelf is not used in rule',
      ),
    );
  }
  return causes;
};

interface Faults {
  readonly words: Cause[];
  readonly meanings: Cause[];
}

/** The parts of a schema, with their paths in a definition. */
const partsOf = (structure: Structure, path: string): [known: Structure, path: string][] => {
  const { items, additionalProperties: values } = structure;
  return [
    ...Object.entries(structure.properties ?? {}).map(([field, known]): [Structure, string] => [
      known,
      `${path}.properties[${field}]`,
    ]),
    ...(items === undefined ? [] : [[items, `${path}.items`] as [Structure, string]]),
    ...(isObject(values)
      ? [[values as Structure, `${path}.additionalProperties`] as [Structure, string]]
      : []),
  ];
};

const faultsOf = (
  structure: Structure,
  path: string,
  whole: boolean,
  uncorrelated: string | undefined,
): Faults => {
  const words: Cause[] = [];
  const meanings: Cause[] = [];
  for (const [known, at] of partsOf(structure, path)) {
    // Items can be told to be those of before only by the keys of a list map.
    const lost =
      known === structure.items && structure['x-kubernetes-list-type'] !== 'map' ? path : undefined;
    const inside = faultsOf(
      known,
      at,
      known['x-kubernetes-embedded-resource'] === true,
      uncorrelated ?? lost,
    );
    words.push(...inside.words);
    meanings.push(...inside.meanings);
  }
  const rules = structure['x-kubernetes-validations'] ?? [];
  const place = (at: number): string => `${path}.x-kubernetes-validations[${at}]`;
  for (const [at, rule] of rules.entries()) words.push(...ofWords(rule, structure, place(at)));
  if (words.length > 0 || rules.length === 0) return { words, meanings };
  const { own = [] }: Partial<Rules> = rulesOf(structure, whole) ?? {};
  for (const [at, rule] of own.entries()) meanings.push(...ofMeaning(rule, place(at), uncorrelated));
  return { words, meanings };
};

/** What is wrong with the rules of a definition's schema, which lies at `path` in it. */
export const ruleFaults = (structure: Structure, path: string): Cause[] => {
  const { words, meanings } = faultsOf(structure, path, true, undefined);
  return [...words, ...meanings];
};
