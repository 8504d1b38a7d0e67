import { type Cause, notSupported, required } from '../objects/cause.ts';
import { type Json, type JsonObject, list, record } from '../objects/object.ts';

const operations = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'];

export const oneOf = (field: string, value: Json | undefined, known: readonly string[]): Cause[] =>
  known.includes(String(value)) ? [] : [notSupported(field, value, known)];

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

/** What MatchResources must say, of a policy and of a binding. */
export const matchFaults = (resources: JsonObject, path: string): Cause[] => {
  const causes = oneOf(`${path}.matchPolicy`, resources.matchPolicy, ['Equivalent', 'Exact']);
  for (const field of ['resourceRules', 'excludeResourceRules']) {
    for (const [at, rule] of list(resources[field]).entries()) {
      causes.push(...ruleFaults(record(rule), `${path}.${field}[${at}]`));
    }
  }
  return causes;
};
