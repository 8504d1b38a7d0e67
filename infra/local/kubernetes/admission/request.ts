import type { Principal } from '../../identities.ts';
import type { Admission, Target } from '../cluster.ts';
import type { JsonObject } from '../objects/object.ts';
import type { Resource } from '../resources/resource.ts';
import type { Structure } from '../schema/structure.ts';

const ofSubresources: Readonly<Record<string, readonly [group: string, version: string, kind: string]>> = {
  scale: ['autoscaling', 'v1', 'Scale'],
  binding: ['', 'v1', 'Binding'],
  eviction: ['policy', 'v1', 'Eviction'],
};

const kindOf = ({ resource, subresource }: Target, inVersion: string): JsonObject => {
  const [group, version, kind] = ofSubresources[String(subresource)] ?? [
    resource.group,
    inVersion,
    resource.kind,
  ];
  return { group, version, kind };
};

const resourceOf = ({ group, plural }: Resource, version: string): JsonObject => ({
  group,
  version,
  resource: plural,
});

/**
 * admission.k8s.io/v1 AdmissionRequest, without the objects and what is empty (apiserver
 * `pkg/admission/plugin/cel/condition.go`, CreateAdmissionRequest).
 * @param version the version by which a policy matched, where it is not the request's own
 */
export const requestOf = (
  { operation, target, name, dryRun }: Admission,
  version: string,
  user: Principal,
): JsonObject => {
  const { resource, subresource, namespace } = target;
  return {
    kind: kindOf(target, version),
    resource: resourceOf(resource, version),
    ...(subresource === undefined ? {} : { subResource: subresource, requestSubResource: subresource }),
    requestKind: kindOf(target, target.version),
    requestResource: resourceOf(resource, target.version),
    name,
    ...(namespace === '' ? {} : { namespace }),
    operation,
    userInfo: { username: user.name, groups: [...user.groups] },
    dryRun,
  };
};

const text: Structure = { type: 'string' };
const record = (...fields: readonly string[]): Structure => ({
  type: 'object',
  properties: Object.fromEntries(fields.map((field) => [field, text])),
});
const texts: Structure = { type: 'array', items: text };

/** The type of `request` (`pkg/admission/plugin/cel/compile.go`, BuildRequestType). */
export const requestStructure: Structure = {
  type: 'object',
  properties: {
    kind: record('group', 'version', 'kind'),
    resource: record('group', 'version', 'resource'),
    subResource: text,
    requestKind: record('group', 'version', 'kind'),
    requestResource: record('group', 'version', 'resource'),
    requestSubResource: text,
    name: text,
    // Not escaped, as the names of schemas are: `request.namespace`.
    namespace: text,
    operation: text,
    userInfo: {
      type: 'object',
      properties: {
        username: text,
        uid: text,
        groups: texts,
        extra: { type: 'object', additionalProperties: texts },
      },
    },
    dryRun: { type: 'boolean' },
    // Of any type, as what may be an integer or a string is to the rules.
    options: { 'x-kubernetes-int-or-string': true },
  },
};
