import type { Principal } from '../../identities.ts';
import type { Authorize } from '../access/authorize.ts';
import { dynamicValue } from '../cel/types.ts';
import type { Admission, Cluster } from '../cluster.ts';
import { type JsonObject, record, without } from '../objects/object.ts';
import { apiVersionOf } from '../resources/resource.ts';
import { Authorizer } from './authorizer.ts';
import { type Inputs, requestValue } from './expressions.ts';
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

const isNamespace = ({ target: { resource } }: Admission): boolean =>
  resource.group === '' && resource.plural === 'namespaces';

/** The namespace by whose labels a write is selected, and which its policies can read. */
export const namespaceOf = ({ store }: Cluster, admission: Admission): JsonObject | undefined => {
  const { resource, namespace } = admission.target;
  if (isNamespace(admission)) return admission.object ?? store.get('/namespaces', '', admission.name);
  return resource.namespaced ? store.get('/namespaces', '', namespace) : undefined;
};

/** What policies may read of a namespace (`pkg/admission/plugin/cel/condition.go`, CreateNamespaceObject). */
const readable = (namespace: JsonObject): JsonObject => ({
  metadata: without(record(namespace.metadata), 'managedFields', 'ownerReferences'),
  spec: namespace.spec ?? {},
  status: namespace.status ?? {},
});

/**
 * What the expressions of a policy read of a write.
 * @param version the version by which the policy matched: objects are shown in it
 */
export const inputsOf = (
  admission: Admission,
  version: string,
  namespace: JsonObject | undefined,
  { user, authorize }: Writer,
): Omit<Inputs, 'params'> => {
  const { target, object, old } = admission;
  const apiVersion = apiVersionOf(target.resource.group, version);
  // What is posted to other subresources is of a kind of its own.
  const converted = target.subresource === undefined || target.subresource === 'status';
  const shown = (value: JsonObject | undefined): unknown =>
    dynamicValue(value === undefined ? null : converted ? { ...value, apiVersion } : value);
  const asker = { authorize, user: user.name, groups: user.groups };
  return {
    object: shown(object),
    oldObject: shown(old),
    authorizer: new Authorizer(asker, requestedResource(admission)),
    request: requestValue(requestOf(admission, version, user)),
    namespaceObject:
      namespace === undefined || isNamespace(admission) ? null : dynamicValue(readable(namespace)),
  };
};
