import type { Admission } from '../cluster.ts';
import { isObject, type Json, type JsonObject, type KubeObject, list, record } from '../objects/object.ts';
import { labelSelector, selectorText } from '../objects/selector.ts';

const names = (known: Json | undefined, wanted: string): boolean =>
  list(known).some((entry) => entry === '*' || entry === wanted);

/** `pods`, `pods/status`, `*`, `pods/*`, `*` + `/status` (apiserver `predicates/rules/rules.go`). */
const namesResource = (known: Json | undefined, plural: string, subresource: string): boolean =>
  list(known).some((entry) => {
    const [resource, sub = ''] = String(entry).split('/', 2);
    return (resource === '*' || resource === plural) && (sub === '*' || sub === subresource);
  });

const inScope = (scope: Json | undefined, namespaced: boolean): boolean =>
  scope === undefined || scope === '*' || (scope === 'Namespaced') === namespaced;

const fits = (rule: JsonObject, { operation, target, name }: Admission, version: string): boolean => {
  const { resource, subresource = '' } = target;
  const wanted = list(rule.resourceNames);
  return (
    inScope(rule.scope, resource.namespaced) &&
    names(rule.operations, operation) &&
    names(rule.apiGroups, resource.group) &&
    names(rule.apiVersions, version) &&
    namesResource(rule.resources, resource.plural, subresource) &&
    (wanted.length === 0 || wanted.includes(name))
  );
};

/** The version by which rules fit; unless they are exact, another version of the resource will do. */
const fittingVersion = (
  rules: Json | undefined,
  policy: Json | undefined,
  admission: Admission,
): string | undefined => {
  const { resource, version } = admission.target;
  const others = policy === 'Exact' ? [] : resource.versions.filter((other) => other !== version);
  const given = list(rules).filter(isObject);
  return [version, ...others].find((candidate) => given.some((rule) => fits(rule, admission, candidate)));
};

const selects = (selector: Json | undefined, object: JsonObject | undefined): boolean => {
  const text = selectorText(record(selector));
  return (
    text === '' || (object !== undefined && labelSelector(text)({ metadata: {}, ...object } as KubeObject))
  );
};

/**
 * The version by which MatchResources match a write; `undefined` when they do not (apiserver
 * `pkg/admission/plugin/policy/matching`).
 * @param namespace the write's namespace, or the Namespace that it is about
 */
export const matchedVersion = (
  resources: JsonObject,
  admission: Admission,
  namespace: JsonObject | undefined,
): string | undefined => {
  const { target, object, old } = admission;
  const ofNamespaces = target.resource.group === '' && target.resource.plural === 'namespaces';
  if ((target.resource.namespaced || ofNamespaces) && !selects(resources.namespaceSelector, namespace)) {
    return undefined;
  }
  const { objectSelector, excludeResourceRules, resourceRules, matchPolicy } = resources;
  if (!selects(objectSelector, object) && !selects(objectSelector, old)) return undefined;
  if (fittingVersion(excludeResourceRules, matchPolicy, admission) !== undefined) return undefined;
  if (list(resourceRules).length === 0) return target.version;
  return fittingVersion(resourceRules, matchPolicy, admission);
};
