import type { Principal } from '../../identities.ts';
import type { Authorize } from '../access/authorize.ts';
import { dynamicValue } from '../cel/types.ts';
import type { Admission, Cluster } from '../cluster.ts';
import { type JsonObject, type KubeObject, list, record, text, without } from '../objects/object.ts';
import type { StatusError } from '../objects/status.ts';
import { Authorizer } from './authorizer.ts';
import { requestValue } from './expressions.ts';
import { type Denial, judge } from './judge.ts';
import { matchedVersion } from './match.ts';
import { ConfigurationError, paramsOf } from './params.ts';
import { policyOf } from './policy.ts';
import { refusal } from './refusal.ts';
import { requestedResource, requestOf } from './request.ts';

/** Who writes, and where what policies say beside yes and no goes. */
export interface Writer {
  readonly user: Principal;
  /** What the user may do, for policies that ask. */
  readonly authorize: Authorize;
  readonly warn: (text: string) => void;
  /** Adds to the annotations of the write's audit event. */
  readonly annotate: (key: string, value: string) => void;
}

const group = 'admissionregistration.k8s.io';
const policiesKey = `${group}/validatingadmissionpolicies`;
const bindingsKey = `${group}/validatingadmissionpolicybindings`;

/** The namespace by whose labels a write is selected, and which its policies can read. */
const namespaceOf = ({ store }: Cluster, { target, object, name }: Admission): JsonObject | undefined => {
  const { resource, namespace } = target;
  if (resource.group === '' && resource.plural === 'namespaces')
    return object ?? store.get('/namespaces', '', name);
  return resource.namespaced ? store.get('/namespaces', '', namespace) : undefined;
};

/** What policies may read of a namespace (`pkg/admission/plugin/cel/condition.go`, CreateNamespaceObject). */
const readable = (namespace: JsonObject): JsonObject => ({
  metadata: without(record(namespace.metadata), 'managedFields', 'ownerReferences'),
  spec: namespace.spec ?? {},
  status: namespace.status ?? {},
});

const failureOf = (action: (said: Denial) => void, ignore: boolean, what: string, error: unknown): void => {
  if (!(error instanceof ConfigurationError)) throw error;
  if (!ignore) action({ message: `failed to configure ${what}: ${error.message}`, index: 0 });
};

const inVersion = <T extends JsonObject>(object: T | undefined, apiVersion: string): T | undefined =>
  object === undefined ? undefined : { ...object, apiVersion };

/** One policy with its bindings. @returns the refusal of the first that denies */
const obey = (
  cluster: Cluster,
  definition: KubeObject,
  bindings: readonly KubeObject[],
  admission: Admission,
  { user, authorize, warn, annotate }: Writer,
): StatusError | undefined => {
  const spec = record(definition.spec);
  const namespace = namespaceOf(cluster, admission);
  const version = matchedVersion(record(spec.matchConstraints), admission, namespace);
  if (version === undefined) return undefined;
  const { target, object, old } = admission;
  const ofNamespaces = target.resource.group === '' && target.resource.plural === 'namespaces';
  const apiVersion = target.resource.group === '' ? version : `${target.resource.group}/${version}`;
  const converted = target.subresource === undefined || target.subresource === 'status';
  const inputs = {
    object: dynamicValue((converted ? inVersion(object, apiVersion) : object) ?? null),
    oldObject: dynamicValue((converted ? inVersion(old, apiVersion) : old) ?? null),
    authorizer: new Authorizer(
      { authorize, user: user.name, groups: user.groups },
      requestedResource(admission),
    ),
    request: requestValue(requestOf(admission, version, user)),
    namespaceObject: namespace === undefined || ofNamespaces ? null : dynamicValue(readable(namespace)),
  };
  const policy = policyOf(definition);
  const policyName = definition.metadata.name;
  const ignore = spec.failurePolicy === 'Ignore';
  const notes = new Map<string, Set<string>>();
  let refused: StatusError | undefined;
  for (const binding of bindings) {
    const { paramRef, matchResources, validationActions } = record(binding.spec);
    if (
      matchResources !== undefined &&
      matchedVersion(record(matchResources), admission, namespace) === undefined
    ) {
      continue;
    }
    const bindingName = binding.metadata.name;
    const said = `ValidatingAdmissionPolicy '${policyName}' with binding '${bindingName}'`;
    const act = (denial: Denial): void => {
      for (const action of list(validationActions)) {
        if (action === 'Deny') refused ??= refusal(admission, said, denial);
        else if (action === 'Warn') warn(`Validation failed for ${said}: ${denial.message}`);
        else if (action === 'Audit') {
          const failure = {
            message: denial.message,
            policy: policyName,
            binding: bindingName,
            expressionIndex: denial.index,
            validationActions: list(validationActions),
          };
          annotate('validation.policy.admission.k8s.io/validation_failure', JSON.stringify([failure]));
        }
      }
    };
    try {
      for (const param of paramsOf(cluster, spec.paramKind, paramRef, target.namespace)) {
        const params = param === undefined ? null : dynamicValue(param);
        const { denials, annotations } = judge(policy, { ...inputs, params }, ignore);
        for (const denial of denials) act(denial);
        for (const { key, value } of annotations) notes.set(key, (notes.get(key) ?? new Set()).add(value));
      }
    } catch (error) {
      // A policy or a binding that cannot be obeyed refuses, whatever its actions are.
      const whose = error instanceof ConfigurationError && !error.ofBinding;
      failureOf(
        (denial) => {
          refused ??= refusal(admission, whose ? `ValidatingAdmissionPolicy '${policyName}'` : said, denial);
        },
        ignore,
        whose ? 'policy' : 'binding',
        error,
      );
    }
  }
  for (const [key, values] of notes) annotate(`${policyName}/${key}`, [...values].join(', '));
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
