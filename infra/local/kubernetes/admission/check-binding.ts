import { type Cause, forbiddenField, invalidValue, required } from '../objects/cause.ts';
import { type Json, type KubeObject, list, record, text } from '../objects/object.ts';
import { matchFaults, oneOf } from './check-match.ts';

const actions = ['Audit', 'Deny', 'Warn'];

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
