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
} from '../objects/object.ts';
import { badRequest, conflict } from '../objects/status.ts';
import { apiVersionOf, inVersion, resourceKey } from '../resources/resource.ts';
import { create } from './create.ts';
import { replace } from './update.ts';

/** The configuration in the body of an apply. @throws StatusError 400 or 500 as the API server does */
const configuration = (body: Json, target: Target): JsonObject => {
  const { resource, version } = target;
  if (!isObject(body)) throw badRequest('error decoding YAML: the body is not an object');
  const wanted = apiVersionOf(resource.group, version);
  if (body.apiVersion !== wanted) {
    throw badRequest(
      `Incorrect version specified in apply patch. Specified patch version: ${text(body.apiVersion) ?? ''}, expected: ${wanted}`,
    );
  }
  if (body.kind !== resource.kind) {
    throw badRequest(
      `${resource.kind} in version "${wanted}" cannot be handled as a ${text(body.kind) ?? ''}`,
    );
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

/** What a status subresource takes of a configuration: the rest is ignored there. */
const ownPart = (config: JsonObject, { resource, subresource }: Target): JsonObject => {
  if (subresource !== 'status') return config;
  const { apiVersion = null, kind = null, metadata, status } = config;
  const { name = null, ...labels } = record(metadata);
  const kept = resource.metadataOnStatus === true ? { name, ...labels } : { name };
  return { apiVersion, kind, metadata: kept, ...(status === undefined ? {} : { status }) };
};

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
  const named = { ...config, metadata: { ...record(config.metadata), name } };
  const empty = { metadata: {} } as KubeObject;
  const time = timestamp(cluster.clock.now());
  const { object, managers } = applyFields(empty, named, target, options, time);
  return create(cluster, target, object, options, managers);
};
