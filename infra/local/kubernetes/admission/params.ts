import type { Cluster } from '../cluster.ts';
import { type Json, type JsonObject, type KubeObject, record, text } from '../objects/object.ts';
import { labelSelector, selectorText } from '../objects/selector.ts';
import { inVersion, resourceKey } from '../resources/resource.ts';

/** Why a policy or a binding cannot be obeyed. */
export class ConfigurationError extends Error {
  /** Whether it is the binding's fault, and not the policy's. */
  readonly ofBinding: boolean;
  constructor(message: string, ofBinding: boolean) {
    super(message);
    this.ofBinding = ofBinding;
  }
}

const groupVersionKind = (apiVersion: string, kind: string): string =>
  `${apiVersion.includes('/') ? apiVersion : `/${apiVersion}`}, Kind=${kind}`;

/**
 * The objects that a binding hands to its policy as `params`, each for one evaluation; one `undefined` where the
 * policy takes none or the binding names none (apiserver `generic/policy_dispatcher.go`, CollectParams).
 * @throws ConfigurationError
 */
export const paramsOf = (
  { store, catalog }: Cluster,
  paramKind: Json | undefined,
  paramRef: Json | undefined,
  requestNamespace: string,
): (KubeObject | undefined)[] => {
  if (paramKind === undefined) return [undefined];
  const { apiVersion, kind } = record(paramKind) as Record<'apiVersion' | 'kind', string>;
  const found = catalog.ofKind(apiVersion, kind);
  if (found === undefined) {
    const wanted = groupVersionKind(apiVersion, kind);
    throw new ConfigurationError(`failed to find resource referenced by paramKind: '${wanted}'`, false);
  }
  if (paramRef === undefined) return [undefined];
  const ref: JsonObject = record(paramRef);
  const { resource, version } = found;
  const given = text(ref.namespace);
  if (given !== undefined && !resource.namespaced) {
    throw new ConfigurationError(
      'paramRef.namespace must not be provided for a cluster-scoped `paramKind`',
      true,
    );
  }
  const namespace = resource.namespaced ? (given ?? requestNamespace) : '';
  if (resource.namespaced && namespace === '') {
    throw new ConfigurationError(
      'cannot use namespaced paramRef in policy binding that matches cluster-scoped resources',
      true,
    );
  }
  const key = resourceKey(resource);
  const name = text(ref.name);
  const named = name === undefined ? undefined : store.get(key, namespace, name);
  const params =
    name === undefined
      ? [...store.list(key, namespace)].filter(labelSelector(selectorText(record(ref.selector))))
      : named === undefined
        ? []
        : [named];
  if (params.length === 0 && ref.parameterNotFoundAction === 'Deny') {
    throw new ConfigurationError(
      'no params found for policy binding with `Deny` parameterNotFoundAction',
      true,
    );
  }
  return params.map((param) => inVersion(resource, param, version));
};
