import {
  type Cause,
  duplicate,
  forbiddenField,
  invalidValue,
  notSupported,
  required,
} from '../objects/cause.ts';
import {
  isObject,
  type Json,
  type JsonObject,
  type KubeObject,
  list,
  record,
  text,
} from '../objects/object.ts';
import type { Compiled } from './expressions.ts';
import { policyOf } from './policy.ts';

const reasons = ['Forbidden', 'Invalid', 'RequestEntityTooLarge', 'Unauthorized'];
const actions = ['Audit', 'Deny', 'Warn'];
const operations = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'];
const reserved = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);

const oneOf = (field: string, value: Json | undefined, known: readonly string[]): Cause[] =>
  known.includes(String(value)) ? [] : [notSupported(field, value, known)];

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

const ruleFaults = (rule: JsonObject, path: string): Cause[] => {
  const causes: Cause[] = [];
  for (const field of ['operations', 'apiGroups', 'apiVersions', 'resources']) {
    if (list(rule[field]).length === 0) causes.push(required(`${path}.${field}`));
  }
  for (const [at, operation] of list(rule.operations).entries()) {
    causes.push(...oneOf(`${path}.operations[${at}]`, operation, operations));
  }
  causes.push(...oneOf(`${path}.scope`, rule.scope, ['*', 'Cluster', 'Namespaced']));
  return causes;
};

const matchFaults = (resources: JsonObject, path: string): Cause[] => {
  const causes = oneOf(`${path}.matchPolicy`, resources.matchPolicy, ['Equivalent', 'Exact']);
  for (const field of ['resourceRules', 'excludeResourceRules']) {
    for (const [at, rule] of list(resources[field]).entries()) {
      causes.push(...ruleFaults(record(rule), `${path}.${field}[${at}]`));
    }
  }
  return causes;
};

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
    else if (!/^[_a-zA-Z][_a-zA-Z0-9]*$/.test(given) || reserved.has(given)) {
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

const paramFaults = (given: Json | undefined): Cause[] => {
  if (given === undefined) return [];
  const { name, selector, parameterNotFoundAction: action } = record(given);
  const path = 'spec.paramRef';
  const causes: Cause[] = [];
  const both = 'name and selector are mutually exclusive';
  if (text(name) !== undefined && selector !== undefined) {
    causes.push(forbiddenField(`${path}.name`, both), forbiddenField(`${path}.selector`, both));
  }
  if (text(name) === undefined && selector === undefined) {
    causes.push(required(path, 'one of name or selector must be specified'));
  }
  if (action === undefined) causes.push(required(`${path}.parameterNotFoundAction`));
  else causes.push(...oneOf(`${path}.parameterNotFoundAction`, action, ['Deny', 'Allow']));
  return causes;
};

/** What a ValidatingAdmissionPolicyBinding must say. */
export const checkBinding = (object: KubeObject): Cause[] => {
  const spec = record(object.spec);
  const path = 'spec.validationActions';
  const given = list(spec.validationActions);
  const causes: Cause[] = [];
  if (text(spec.policyName) === undefined) causes.push(required('spec.policyName'));
  causes.push(...paramFaults(spec.paramRef));
  if (spec.matchResources !== undefined) {
    // The API server itself spells it so.
    causes.push(...matchFaults(record(spec.matchResources), 'spec.matchResouces'));
  }
  for (const [at, action] of given.entries()) causes.push(...oneOf(`${path}[${at}]`, action, actions));
  if (given.includes('Deny') && given.includes('Warn')) {
    causes.push(
      invalidValue(
        path,
        given,
        'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)',
      ),
    );
  }
  if (given.length === 0) causes.push(required(path, 'at least one validation action is required'));
  return causes;
};
