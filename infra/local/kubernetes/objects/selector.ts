import { parseLabelSelector, type Requirement, SelectorError } from './label-selector.ts';
import { type JsonObject, type KubeObject, list, record, strings, text } from './object.ts';
import { badRequest } from './status.ts';

export type Matches = (object: KubeObject) => boolean;

const integer = (text: string): bigint | undefined => (/^[-+]?\d+$/.test(text) ? BigInt(text) : undefined);

/** labels.Requirement.Matches: what is not there is not unequal to nothing, but not among others. */
const holds = ({ key, operator, values }: Requirement, labels: Readonly<Record<string, string>>): boolean => {
  const value = labels[key];
  switch (operator) {
    case 'exists':
      return value !== undefined;
    case '!':
      return value === undefined;
    case 'notin':
    case '!=':
      return value === undefined || !values.includes(value);
    case '<':
    case '>': {
      const number = integer(value ?? '');
      const bound = integer(values[0] ?? '');
      if (number === undefined || bound === undefined) return false;
      return operator === '<' ? number < bound : number > bound;
    }
    default:
      return value !== undefined && values.includes(value);
  }
};

/** @throws StatusError 400 when the selector does not parse */
export const labelSelector = (selector: string): Matches => {
  const requirements = parsed(selector);
  return (object) => {
    const labels = strings(object.metadata.labels);
    return requirements.every((requirement) => holds(requirement, labels));
  };
};

const parsed = (selector: string): Requirement[] => {
  try {
    return parseLabelSelector(selector);
  } catch (error) {
    throw error instanceof SelectorError ? badRequest(error.message) : error;
  }
};

/** The object that an Event is about, by what an API calls it. */
const ofInvolved = (called: string): Record<string, (event: JsonObject) => string> =>
  Object.fromEntries(
    ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'].map((field) => [
      `${called}.${field}`,
      (event: JsonObject) => text(record(event.involvedObject)[field]) ?? '',
    ]),
  );

/** What each kind can be selected by, beside its name and namespace (pkg/registry/core/pod/strategy.go). */
const fields: Record<string, Record<string, (object: JsonObject) => string>> = {
  Pod: {
    'spec.nodeName': (pod) => text(record(pod.spec).nodeName) ?? '',
    'spec.restartPolicy': (pod) => text(record(pod.spec).restartPolicy) ?? '',
    'spec.schedulerName': (pod) => text(record(pod.spec).schedulerName) ?? '',
    'spec.serviceAccountName': (pod) => text(record(pod.spec).serviceAccountName) ?? '',
    'spec.hostNetwork': (pod) => String(record(pod.spec).hostNetwork === true),
    'status.phase': (pod) => text(record(pod.status).phase) ?? '',
    'status.podIP': (pod) => text(record(pod.status).podIP) ?? '',
    'status.nominatedNodeName': (pod) => text(record(pod.status).nominatedNodeName) ?? '',
  },
  Node: { 'spec.unschedulable': (node) => String(record(node.spec).unschedulable === true) },
  Namespace: { 'status.phase': (namespace) => text(record(namespace.status).phase) ?? '' },
  // pkg/registry/core/event/strategy.go; by these `kubectl describe` finds what happened to an object.
  Event: {
    ...ofInvolved('involvedObject'),
    reason: (event) => text(event.reason) ?? '',
    reportingComponent: (event) => text(event.reportingComponent) ?? '',
    source: (event) => text(record(event.source).component) ?? text(event.reportingComponent) ?? '',
    type: (event) => text(event.type) ?? '',
  },
  // pkg/apis/events/v1/conversion.go: other names for the same, and none for the source.
  'events.k8s.io/Event': {
    ...ofInvolved('regarding'),
    reason: (event) => text(event.reason) ?? '',
    reportingController: (event) => text(event.reportingComponent) ?? '',
    type: (event) => text(event.type) ?? '',
  },
  Secret: { type: (secret) => text(secret.type) ?? '' },
  Service: {
    'spec.clusterIP': (service) => text(record(service.spec).clusterIP) ?? '',
    'spec.type': (service) => text(record(service.spec).type) ?? '',
  },
  Job: { 'status.successful': (job) => String(record(job.status).succeeded ?? 0) },
  ReplicaSet: { 'status.replicas': (set) => String(record(set.status).replicas ?? 0) },
};

const ofMetadata: Record<string, (object: KubeObject) => string> = {
  'metadata.name': (object) => object.metadata.name,
  'metadata.namespace': (object) => text(object.metadata.namespace) ?? '',
};

/** Kinds that have no fields of their own say so in other words (apimachinery `pkg/runtime/mapper`, DefaultMetaV1FieldSelectorConversion). */
const unknownField = (kind: string, path: string): string =>
  fields[kind] === undefined
    ? `"${path}" is not a known field selector: only "metadata.name", "metadata.namespace"`
    : `field label not supported: ${path}`;

/** Commas and equals signs in a value stand after a backslash (fields.UnescapeValue). @throws StatusError 400 */
const unescaped = (value: string): string => {
  const refuse = (why: string): Error => badRequest(`invalid field selector: ${why}`);
  return value.replaceAll(/\\(.?)|[,=]/gsu, (part: string, letter?: string) => {
    if (letter === undefined) throw refuse(`unescaped character in value: ${part.charCodeAt(0)}`);
    if (!['\\', ',', '='].includes(letter)) throw refuse(`invalid escape sequence: ${part}`);
    return letter;
  });
};

/** The terms between commas that no backslash stands before. */
const fieldTerms = (selector: string): string[] => (selector.match(/(?:\\.|[^,\\])+|\\$/gsu) ?? []).sort();

/**
 * Field selectors: `a=b`, `a==b`, `a!=b` joined by commas (apimachinery `pkg/fields/selector.go`).
 * @throws StatusError 400 for a field that `kind` cannot be selected by
 */
export const fieldSelector = (kind: string, selector: string, custom = false): Matches => {
  const terms = fieldTerms(selector).map((term) => {
    const parts = /^(.*?)(!=|==|=)(.*)$/s.exec(term);
    if (parts === null) throw badRequest(`invalid selector: '${selector}'; can't understand '${term}'`);
    const [, path = '', operator, wanted = ''] = parts;
    return { path, not: operator === '!=', wanted: unescaped(wanted) };
  });
  const tests = terms.map(({ path, not, wanted }): Matches => {
    const read = ofMetadata[path] ?? fields[kind]?.[path];
    if (read === undefined)
      throw badRequest(custom ? `field label not supported: ${path}` : unknownField(kind, path));
    return (object) => (read(object) === wanted) !== not;
  });
  return (object) => tests.every((fits) => fits(object));
};

/** A LabelSelector as the text of the same meaning, as `status.selector` of a Scale holds it. */
export const selectorText = (selector: JsonObject): string =>
  [
    ...Object.entries(strings(selector.matchLabels)).map(([key, value]) => `${key}=${value}`),
    ...list(selector.matchExpressions).map((entry) => {
      const { key, operator, values } = record(entry);
      if (operator === 'Exists') return String(key);
      if (operator === 'DoesNotExist') return `!${String(key)}`;
      return `${String(key)} ${operator === 'In' ? 'in' : 'notin'} (${list(values).join(',')})`;
    }),
  ].join(',');
