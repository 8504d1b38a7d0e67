import { type Cluster, existing, type Reply, type Target, type WriteOptions } from '../cluster.ts';
import { apply as applyFields } from '../fields/apply.ts';
import { checkApplied } from '../fields/check-applied.ts';
import {
  isObject,
  type Json,
  type JsonObject,
  type KubeObject,
  record,
  text,
  timestamp,
  without,
} from '../objects/object.ts';
import { badRequest, conflict } from '../objects/status.ts';
import { apiVersionOf, inVersion, resourceKey } from '../resources/resource.ts';
import { create } from './create.ts';
import { replace } from './update.ts';

const groupVersion = (apiVersion: string): string[] =>
  apiVersion.includes('/') ? apiVersion.split('/', 2) : ['', apiVersion];

/** The configuration in the body of an apply. @throws StatusError 400 or 500 as the API server does */
const configuration = (body: Json, target: Target): JsonObject => {
  const { resource, version } = target;
  if (!isObject(body)) {
    const given = Array.isArray(body) ? 'array' : typeof body;
    throw badRequest(
      `error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${given} into Go value of type map[string]interface {}`,
    );
  }
  const wanted = apiVersionOf(resource.group, version);
  if (body.apiVersion !== wanted || body.kind !== resource.kind) {
    const [group = '', of = ''] = groupVersion(text(body.apiVersion) ?? '');
    throw badRequest(`invalid object type: ${group}/${of}, Kind=${text(body.kind) ?? ''}`);
  }
  if (record(body.metadata).managedFields !== undefined) {
    throw badRequest('metadata.managedFields must be nil');
  }
  const named = text(record(body.metadata).name) ?? target.name;
  if (named !== target.name) {
    throw badRequest(`the name of the object (${named}) does not match the name on the URL (${target.name})`);
  }
  checkApplied(body, target);
  return body;
};

/** What a status subresource takes of a configuration: no spec. */
const ownPart = (config: JsonObject, { subresource }: Target): JsonObject =>
  subresource === 'status' ? without(config, 'spec') : config;

/** Somebody who applies to an object by its uid does not want another of that name. */
const refuseOtherUid = ({ resource, name }: Target, config: JsonObject): void => {
  const uid = text(record(config.metadata).uid);
  if (uid === undefined) return;
  throw conflict(
    resource,
    name,
    `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`,
  );
};

/** Applies to an object that is there. */
export const applyTo = (
  cluster: Cluster,
  target: Target,
  stored: KubeObject,
  config: JsonObject,
  options: WriteOptions,
): Reply => {
  const live = inVersion(target.resource, stored, target.version);
  const time = timestamp(cluster.clock.now());
  const { object, managers } = applyFields(live, config, target, options, time);
  return replace(cluster, target, stored, object, options, managers);
};

/**
 * PATCH with `application/apply-patch+yaml`: creates the object or merges into it what the caller wants of it.
 * @throws StatusError 400 or 500 for a configuration that does not fit, 409 for a field that another manager owns
 */
export const serverSideApply = (
  cluster: Cluster,
  target: Target,
  body: Json,
  options: WriteOptions,
): Reply => {
  const { resource, namespace, name } = target;
  const config = ownPart(configuration(body, target), target);
  const stored = cluster.store.get(resourceKey(resource), namespace, name);
  if (stored !== undefined) return applyTo(cluster, target, stored, config, options);
  if (target.subresource !== undefined) existing(cluster, target);
  refuseOtherUid(target, config);
  // A version of what is not there is nobody's (registry/generic/registry/store.go, Update).
  const named = { ...config, metadata: { ...without(record(config.metadata), 'resourceVersion'), name } };
  const empty = { metadata: {} } as KubeObject;
  const time = timestamp(cluster.clock.now());
  const { object, managers } = applyFields(empty, named, target, options, time);
  return create(cluster, target, object, options, managers);
};
