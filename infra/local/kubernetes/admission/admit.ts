import { dynamicValue } from '../cel/types.ts';
import type { Admission, Cluster } from '../cluster.ts';
import { type Json, type KubeObject, list, record, text } from '../objects/object.ts';
import type { StatusError } from '../objects/status.ts';
import { inputsOf, namespaceOf, type Writer } from './inputs.ts';
import { type Denial, judge } from './judge.ts';
import { matchedVersion } from './match.ts';
import { ConfigurationError, paramsOf } from './params.ts';
import { policyOf } from './policy.ts';
import { refusal } from './refusal.ts';

export type { Writer } from './inputs.ts';

const group = 'admissionregistration.k8s.io';
const policiesKey = `${group}/validatingadmissionpolicies`;
const bindingsKey = `${group}/validatingadmissionpolicybindings`;

/** What an action of a binding makes of a denial. */
const carryOut = (
  actions: readonly Json[],
  denial: Denial,
  { policy, binding, said }: { policy: string; binding: string; said: string },
  admission: Admission,
  { warn, annotate }: Writer,
): StatusError | undefined => {
  if (actions.includes('Warn')) warn(`Validation failed for ${said}: ${denial.message}`);
  if (actions.includes('Audit')) {
    const failure = {
      message: denial.message,
      policy,
      binding,
      expressionIndex: denial.index,
      validationActions: [...actions],
    };
    annotate('validation.policy.admission.k8s.io/validation_failure', JSON.stringify([failure]));
  }
  return actions.includes('Deny') ? refusal(admission, said, denial) : undefined;
};

/** A policy or a binding that cannot be obeyed refuses, whatever its actions are. @throws any other error */
const misconfigured = (error: unknown, policy: string, said: string, admission: Admission): StatusError => {
  if (!(error instanceof ConfigurationError)) throw error;
  const what = error.ofBinding ? 'binding' : 'policy';
  const message = `failed to configure ${what}: ${error.message}`;
  const who = error.ofBinding ? said : `ValidatingAdmissionPolicy '${policy}'`;
  return refusal(admission, who, { message, index: 0 });
};

/** One policy with its bindings. @returns the refusal of the first that denies */
const obey = (
  cluster: Cluster,
  definition: KubeObject,
  bindings: readonly KubeObject[],
  admission: Admission,
  writer: Writer,
): StatusError | undefined => {
  const spec = record(definition.spec);
  const namespace = namespaceOf(cluster, admission);
  const version = matchedVersion(record(spec.matchConstraints), admission, namespace);
  if (version === undefined) return undefined;
  const inputs = inputsOf(admission, version, namespace, writer);
  const policy = definition.metadata.name;
  const ignore = spec.failurePolicy === 'Ignore';
  const notes = new Map<string, Set<string>>();
  let refused: StatusError | undefined;
  for (const { metadata, spec: bound } of bindings) {
    const { paramRef, matchResources, validationActions } = record(bound);
    const narrower = matchResources === undefined ? undefined : record(matchResources);
    if (narrower !== undefined && matchedVersion(narrower, admission, namespace) === undefined) continue;
    const said = `ValidatingAdmissionPolicy '${policy}' with binding '${metadata.name}'`;
    const who = { policy, binding: metadata.name, said };
    try {
      for (const param of paramsOf(cluster, spec.paramKind, paramRef, admission.target.namespace)) {
        const params = param === undefined ? null : dynamicValue(param);
        const { denials, annotations } = judge(policyOf(definition), { ...inputs, params }, ignore);
        for (const denial of denials) {
          const refusal = carryOut(list(validationActions), denial, who, admission, writer);
          refused ??= refusal;
        }
        for (const { key, value } of annotations) notes.set(key, (notes.get(key) ?? new Set()).add(value));
      }
    } catch (error) {
      const refusal = misconfigured(error, policy, said, admission);
      if (!ignore) refused ??= refusal;
    }
  }
  for (const [key, values] of notes) writer.annotate(`${policy}/${key}`, [...values].join(', '));
  return refused;
};

/**
 * Holds a write against the ValidatingAdmissionPolicies that match it, each by its bindings, in the order of their
 * names (apiserver `policy/validating/dispatcher.go`). Policies and bindings themselves are never held against one.
 * @throws StatusError by the reason of the first denial
 */
export const admit = (cluster: Cluster, admission: Admission, writer: Writer): void => {
  if (admission.target.resource.group === group) return;
  const policies = [...cluster.store.list(policiesKey, '')];
  if (policies.length === 0) return;
  const bindings = [...cluster.store.list(bindingsKey, '')];
  let refused: StatusError | undefined;
  for (const definition of policies) {
    const own = bindings.filter(({ spec }) => text(record(spec).policyName) === definition.metadata.name);
    const refusal = own.length === 0 ? undefined : obey(cluster, definition, own, admission, writer);
    refused ??= refusal;
  }
  if (refused !== undefined) throw refused;
};
