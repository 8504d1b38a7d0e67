import { type JsonObject, type KubeObject, list, record, strings, text } from './object.ts';
import { badRequest } from './status.ts';

export type Matches = (object: KubeObject) => boolean;

type Requirement = (labels: Readonly<Record<string, string>>) => boolean;

const key = '(?:[A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?';
const value = '[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?';
const setForm = new RegExp(`^(?<key>${key})\\s+(?<op>in|notin)\\s*\\((?<values>[^()]*)\\)$`);
const equalForm = new RegExp(`^(?<key>${key})\\s*(?<op>==|=|!=)\\s*(?<value>${value})?$`);
const orderForm = new RegExp(`^(?<key>${key})\\s*(?<op>[<>])\\s*(?<value>-?[0-9]+)$`);
const existsForm = new RegExp(`^(?<not>!)?\\s*(?<key>${key})$`);

/** Splits at commas that stand outside of parentheses. */
const terms = (selector: string): string[] => selector.split(/,(?![^(]*\))/).map((term) => term.trim());

const requirement = (term: string): Requirement => {
  const set = setForm.exec(term)?.groups;
  if (set !== undefined) {
    const values = new Set((set.values ?? '').split(',').map((entry) => entry.trim()));
    const name = set.key ?? '';
    return set.op === 'in'
      ? (labels) => name in labels && values.has(labels[name] ?? '')
      : (labels) => !(name in labels) || !values.has(labels[name] ?? '');
  }
  const equal = equalForm.exec(term)?.groups;
  if (equal !== undefined) {
    const name = equal.key ?? '';
    const wanted = equal.value ?? '';
    // `!=` also selects what has no such label at all.
    return equal.op === '!=' ? (labels) => labels[name] !== wanted : (labels) => labels[name] === wanted;
  }
  const order = orderForm.exec(term)?.groups;
  if (order !== undefined) {
    const name = order.key ?? '';
    const bound = Number(order.value);
    const holds = order.op === '<' ? (number: number) => number < bound : (number: number) => number > bound;
    return (labels) => /^-?[0-9]+$/.test(labels[name] ?? '') && holds(Number(labels[name]));
  }
  const exists = existsForm.exec(term)?.groups;
  if (exists !== undefined) {
    const name = exists.key ?? '';
    return exists.not === undefined ? (labels) => name in labels : (labels) => !(name in labels);
  }
  throw badRequest(`unable to parse requirement: invalid label selector ${JSON.stringify(term)}`);
};

/**
 * The grammar of label selectors (apimachinery `pkg/labels/selector.go`): `a=b`, `a==b`, `a!=b`, `a in (b,c)`,
 * `a notin (b)`, `a`, `!a`, `a>1`, `a<1`, joined by commas that mean *and*.
 * @throws StatusError 400 when it does not parse
 */
export const labelSelector = (selector: string): Matches => {
  if (selector.trim() === '') return () => true;
  const requirements = terms(selector).map(requirement);
  return (object) => {
    const labels = strings(object.metadata.labels);
    return requirements.every((holds) => holds(labels));
  };
};

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
    ...Object.fromEntries(
      ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'].map((field) => [
        `involvedObject.${field}`,
        (event: JsonObject) => text(record(event.involvedObject)[field]) ?? '',
      ]),
    ),
    reason: (event) => text(event.reason) ?? '',
    reportingComponent: (event) => text(event.reportingComponent) ?? '',
    source: (event) => text(record(event.source).component) ?? text(event.reportingComponent) ?? '',
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

/**
 * Field selectors: `a=b`, `a==b`, `a!=b` joined by commas (apimachinery `pkg/fields/selector.go`).
 * @throws StatusError 400 for a field that `kind` cannot be selected by
 */
export const fieldSelector = (kind: string, selector: string): Matches => {
  if (selector.trim() === '') return () => true;
  const tests = selector.split(',').map((term): Matches => {
    const parts = /^([^=!]+)(!=|==|=)(.*)$/.exec(term.trim());
    if (parts === null)
      throw badRequest(`invalid field selector: ${JSON.stringify(selector)}; can't understand '${term}'`);
    const [, path = '', operator, wanted = ''] = parts;
    const read = ofMetadata[path] ?? fields[kind]?.[path];
    if (read === undefined) throw badRequest(`field label not supported: ${path}`);
    return operator === '!=' ? (object) => read(object) !== wanted : (object) => read(object) === wanted;
  });
  return (object) => tests.every((holds) => holds(object));
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
