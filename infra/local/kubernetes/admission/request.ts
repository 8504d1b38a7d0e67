import type { Principal } from '../../identities.ts';
import type { Admission, Target } from '../cluster.ts';
import type { JsonObject } from '../objects/object.ts';
import type { Resource } from '../resources/resource.ts';
import type { Asked } from './authorizer.ts';

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

/** The resource of a write, as it is authorized. */
export const requestedResource = ({ target, name }: Admission): Asked => ({
  group: target.resource.group,
  resource: target.resource.plural,
  subresource: target.subresource ?? '',
  namespace: target.namespace,
  name,
});
