import type { Cluster, Reply, Target, WriteOptions } from '../cluster.ts';
import { nextManagers } from '../fields/managed-fields.ts';
import { unlessOnlyTimes, withTimesOf } from '../fields/managers.ts';
import { invalidValue } from '../objects/cause.ts';
import { decodeMetadata, finalizersOf, inheritMetadata, isDeleting } from '../objects/metadata.ts';
import {
  clone,
  type Json,
  type JsonObject,
  type KubeObject,
  list,
  record,
  same,
  text,
  timestamp,
  without,
} from '../objects/object.ts';
import { badRequest, conflict, invalid, notANumber, StatusError, staleVersion } from '../objects/status.ts';
import { inVersion, type Resource, resourceKey } from '../resources/resource.ts';
import { asWritten, shape, storable, validate, wantedOf } from './admit.ts';
import { refuseOtherType } from './decode.ts';

/** @throws StatusError 400 for an object that names itself otherwise than the path */
export const refuseOtherName = (metadata: JsonObject, name: string): void => {
  const given = text(metadata.name) ?? name;
  if (given === name) return;
  throw badRequest(`the name of the object (${given}) does not match the name on the URL (${name})`);
};

/** What the user asked for, apart from metadata and what the cluster answered. */
const asked = (object: KubeObject, resource: Resource): JsonObject =>
  without(
    object,
    'metadata',
    'apiVersion',
    'kind',
    ...(resource.subresources.includes('status') ? ['status'] : []),
  );

/**
 * Optimistic concurrency (registry/generic/registry/store.go, Update). Custom resources must name the version.
 * @throws StatusError 409 on another version, 422 where it must be given and is not, 500 where it is no number
 */
const fence = (metadata: JsonObject, current: KubeObject, resource: Resource): void => {
  const given = text(metadata.resourceVersion);
  const { name, resourceVersion } = current.metadata;
  if (given === undefined || given === '0') {
    if (!resource.custom) return;
    throw invalid({ ...resource, kind: resource.plural }, name, [
      invalidValue('metadata.resourceVersion', 0, 'must be specified for an update'),
    ]);
  }
  if (!/^\d+$/.test(given)) throw new StatusError(500, '', `strconv.ParseUint: ${notANumber(given)}`);
  if (given !== resourceVersion) throw conflict(resource, name, staleVersion);
};

/** The part of `next` that this path may write, on the rest as it is stored. */
const writable = (
  next: JsonObject,
  metadata: JsonObject,
  current: KubeObject,
  target: Target,
): JsonObject => {
  const { resource, subresource } = target;
  const inherited = inheritMetadata(metadata, current.metadata);
  if (subresource === 'status') {
    const kept =
      resource.metadataOnStatus === true
        ? { ...inherited, ...pick(current.metadata, 'ownerReferences') }
        : // A custom resource's status has no fence but the version: the uid is taken from what is stored.
          { ...current.metadata, uid: resource.custom ? current.metadata.uid : (inherited.uid ?? '') };
    const status = next.status === undefined ? {} : { status: next.status };
    return { ...without(current, 'status'), ...status, metadata: kept };
  }
  if (!resource.subresources.includes('status')) return { ...next, metadata: inherited };
  return { ...without(next, 'status'), ...pick(current, 'status'), metadata: inherited };
};

const pick = (object: JsonObject, field: string): JsonObject => {
  const value = object[field];
  return value === undefined ? {} : { [field]: value };
};

/**
 * Replaces `current` by `next`, as PUT and every PATCH do in the end: fences, then what may be written, then
 * validation, then generation, owners of fields and storage. Nothing that changes nothing is written.
 * @param owners the owners of its fields afterwards, where they are not those that an update makes
 * @throws StatusError 400, 409 or 422
 */
export const replace = (
  cluster: Cluster,
  target: Target,
  current: KubeObject,
  next: JsonObject,
  options: WriteOptions,
  owners?: Json[],
): Reply => {
  const { resource, version, name, namespace } = target;
  const metadata = decodeMetadata(next);
  refuseOtherName(metadata, name);
  if (resource.namespaced && (text(metadata.namespace) ?? namespace) !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  if (resource.namespaced) metadata.namespace = namespace;
  else delete metadata.namespace;
  fence(metadata, current, resource);
  refuseOtherType(next, wantedOf(target));
  const shaped = shape(
    writable(clone(without(next, 'metadata')), metadata, current, target),
    target,
    options,
  );
  if (target.subresource !== 'status') resource.complete?.(shaped, current);
  const complete = storable(shaped, target);
  const key = resourceKey(resource);
  const others = (): KubeObject[] =>
    [...cluster.store.list(key, '')].filter(({ metadata: { uid } }) => uid !== current.metadata.uid);
  const own = resource.assign === undefined ? complete : clone(complete);
  if (target.subresource !== 'status') resource.assign?.(complete, others());
  validate(complete, target, current, options);
  if (resource.generation && !same(asked(complete, resource), asked(current, resource))) {
    complete.metadata.generation = Number(current.metadata.generation ?? 0) + 1;
  }
  // What comes by another path was held against the policies there, in the form it had.
  if (options.through === undefined) {
    options.admit({
      operation: 'UPDATE',
      target,
      name,
      object: complete,
      old: current,
      dryRun: options.dryRun,
    });
  }
  const now = timestamp(cluster.clock.now());
  const entries = list(
    owners ??
      nextManagers(
        asWritten(current, target),
        asWritten(own, target),
        metadata.managedFields,
        target,
        options,
        now,
      ),
  );
  const managers =
    options.through === 'scale' ? withTimesOf(entries, list(current.metadata.managedFields)) : entries;
  if (managers.length === 0) delete complete.metadata.managedFields;
  else {
    complete.metadata.managedFields = unlessOnlyTimes(managers, current.metadata.managedFields);
    // The new times count where anything else is new.
    if (!same(complete, current)) complete.metadata.managedFields = managers;
  }
  return {
    code: 200,
    body: inVersion(resource, commit(cluster, resource, current, complete, options.dryRun), version),
  };
};

/** Stores a changed object; one whose deletion waited for its last finalizer goes instead. */
export const commit = (
  { store }: Cluster,
  resource: Resource,
  current: KubeObject,
  next: KubeObject,
  dryRun: boolean,
): KubeObject => {
  if (same(next, current)) return current;
  if (dryRun) return next;
  const key = resourceKey(resource);
  const waits = Number(record(next.metadata).deletionGracePeriodSeconds ?? 0) > 0;
  const content = resource.kind === 'Namespace';
  if (isDeleting(next) && finalizersOf(next).length === 0 && !waits && !content) {
    return store.remove(key, next);
  }
  return store.put(key, next);
};
