import { isReserved } from '../cel/names.ts';
import { type Cause, duplicate, invalidValue, required } from '../objects/cause.ts';
import {
  isObject,
  type Json,
  type JsonObject,
  type KubeObject,
  list,
  record,
  text,
} from '../objects/object.ts';
import { matchFaults, oneOf } from './check-match.ts';
import type { Compiled } from './expressions.ts';
import { policyOf } from './policy.ts';

const reasons = ['Forbidden', 'Invalid', 'RequestEntityTooLarge', 'Unauthorized'];
const faultOf = (field: string, given: Json | undefined, compiled: Compiled | undefined): Cause[] =>
  compiled === undefined || compiled.ok ? [] : [invalidValue(field, given, compiled.error)];

/** An expression that must be there, and compile. */
const expressionFaults = (
  field: string,
  given: Json | undefined,
  compiled: Compiled | undefined,
  missing = 'expression is not specified',
): Cause[] =>
  String(given ?? '').trim() === '' ? [required(field, missing)] : faultOf(field, given, compiled);

const entriesOf = (value: Json | undefined): [at: number, entry: JsonObject][] =>
  list(value)
    .filter(isObject)
    .map((entry, at) => [at, entry]);

const validationFaults = (spec: JsonObject, object: KubeObject): Cause[] => {
  const policy = policyOf(object);
  const causes: Cause[] = [];
  for (const [at, entry] of entriesOf(spec.validations)) {
    const path = `spec.validations[${at}]`;
    const compiled = policy.validations[at];
    const message = text(entry.message) ?? '';
    const messageExpression = text(entry.messageExpression) ?? '';
    causes.push(...expressionFaults(`${path}.expression`, entry.expression, compiled?.expression));
    if (messageExpression !== '' && messageExpression.trim() === '') {
      causes.push(
        invalidValue(`${path}.messageExpression`, messageExpression, 'must be non-empty if specified'),
      );
    }
    causes.push(...faultOf(`${path}.messageExpression`, messageExpression, compiled?.messageExpression));
    if (message !== '' && message.trim() === '') {
      causes.push(invalidValue(`${path}.message`, message, 'message must be non-empty if specified'));
    } else if (/[\n\r]/.test(message.trim())) {
      causes.push(invalidValue(`${path}.message`, message, 'message must not contain line breaks'));
    }
    if (entry.reason !== undefined) causes.push(...oneOf(`${path}.reason`, entry.reason, reasons));
  }
  return causes;
};

const variableFaults = (spec: JsonObject, object: KubeObject): Cause[] => {
  const causes: Cause[] = [];
  for (const [at, { name, expression }] of entriesOf(spec.variables)) {
    const path = `spec.variables[${at}]`;
    const given = String(name ?? '');
    if (given.trim() === '') causes.push(required(`${path}.name`, 'name is not specified'));
    else if (!/^[_a-zA-Z][_a-zA-Z0-9]*$/.test(given) || isReserved(given)) {
      causes.push(invalidValue(`${path}.name`, given, 'name is not a valid CEL identifier'));
    }
    causes.push(...expressionFaults(`${path}.expression`, expression, policyOf(object).variables[at]));
  }
  return causes;
};

const conditionFaults = (spec: JsonObject, object: KubeObject): Cause[] => {
  const causes: Cause[] = [];
  for (const [at, { name, expression }] of entriesOf(spec.matchConditions)) {
    const path = `spec.matchConditions[${at}]`;
    const compiled = policyOf(object).matchConditions[at];
    causes.push(...expressionFaults(`${path}.expression`, expression, compiled, ''));
    if (text(name) === undefined) causes.push(required(`${path}.name`));
  }
  return causes;
};

const annotationFaults = (spec: JsonObject, object: KubeObject): Cause[] => {
  const causes: Cause[] = [];
  const seen = new Set<string>();
  for (const [at, { key, valueExpression }] of entriesOf(spec.auditAnnotations)) {
    const path = `spec.auditAnnotations[${at}]`;
    const compiled = policyOf(object).auditAnnotations[at]?.value;
    const given = String(key ?? '');
    causes.push(
      ...expressionFaults(
        `${path}.valueExpression`,
        valueExpression,
        compiled,
        'valueExpression is not specified',
      ),
    );
    if (seen.has(given)) causes.push(duplicate(`${path}.key`, given));
    seen.add(given);
  }
  return causes;
};

/** What a ValidatingAdmissionPolicy must say (`pkg/apis/admissionregistration/validation`). */
export const checkPolicy = (object: KubeObject): Cause[] => {
  const spec = record(object.spec);
  const causes = oneOf('spec.failurePolicy', spec.failurePolicy, ['Fail', 'Ignore']);
  if (spec.paramKind !== undefined) {
    for (const field of ['apiVersion', 'kind']) {
      if (text(record(spec.paramKind)[field]) === undefined) causes.push(required(`spec.paramKind.${field}`));
    }
  }
  if (spec.matchConstraints === undefined) causes.push(required('spec.matchConstraints'));
  else {
    const constraints = record(spec.matchConstraints);
    causes.push(...matchFaults(constraints, 'spec.matchConstraints'));
    if (list(constraints.resourceRules).length === 0) {
      causes.push(required('spec.matchConstraints.resourceRules'));
    }
  }
  causes.push(...conditionFaults(spec, object), ...variableFaults(spec, object));
  if (list(spec.validations).length === 0 && list(spec.auditAnnotations).length === 0) {
    const one = 'validations or auditAnnotations must contain at least one item';
    causes.push(required('spec.validations', one), required('spec.auditAnnotations', one));
  }
  return [...causes, ...validationFaults(spec, object), ...annotationFaults(spec, object)];
};
