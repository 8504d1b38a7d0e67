import { type Random, uuidOf } from '../../random.ts';
import type { Cluster, Reply, Target, WriteOptions } from '../cluster.ts';
import { firstManagers } from '../fields/managed-fields.ts';
import { decodeMetadata, isDeleting } from '../objects/metadata.ts';
import {
  clone,
  type Json,
  type JsonObject,
  type KubeObject,
  record,
  text,
  timestamp,
} from '../objects/object.ts';
import { alreadyExists, badRequest, forbidden, notFound, StatusError } from '../objects/status.ts';
import { inVersion, resourceKey } from '../resources/resource.ts';
import { asWritten, shape, storable, validate, wantedOf } from './admit.ts';
import { decode, refuseOtherType } from './decode.ts';

const letters = 'bcdfghjklmnpqrstvwxz2456789';

/** Five letters that spell nothing (apiserver `pkg/storage/names/generate.go`). */
const suffix = (random: Random): string =>
  Array.from({ length: 5 }, () => letters[Math.floor(random() * letters.length)] ?? 'x').join('');

/**
 * The admission plugin NamespaceLifecycle: nothing is created in a namespace that is absent or on its way out.
 * @throws StatusError 404 or 403
 */
const refuseLostNamespace = ({ store }: Cluster, { resource, namespace }: Target, name: string): void => {
  if (!resource.namespaced) return;
  const found = store.get('/namespaces', '', namespace);
  if (found === undefined) throw notFound({ group: '', plural: 'namespaces', kind: 'Namespace' }, namespace);
  if (found.metadata.deletionTimestamp === undefined) return;
  const refusal = forbidden(
    resource,
    name,
    `unable to create new content in namespace ${namespace} because it is being terminated`,
  );
  throw new StatusError(refusal.code, refusal.reason, refusal.message, {
    ...refusal.details,
    causes: [
      {
        reason: 'NamespaceTerminating',
        message: `namespace ${namespace} is being terminated`,
        field: 'metadata.namespace',
      },
    ],
  });
};

/** The admission plugin ServiceAccount: a Pod runs as somebody who is there. @throws StatusError 403 */
const refuseLostAccount = ({ store }: Cluster, { resource, namespace }: Target, pod: KubeObject): void => {
  const account = text(record(pod.spec).serviceAccountName);
  if (resource.kind !== 'Pod' || account === undefined) return;
  if (store.get('/serviceaccounts', namespace, account) !== undefined) return;
  const why = `serviceaccount "${account}" not found`;
  throw forbidden(
    resource,
    pod.metadata.name,
    `error looking up service account ${namespace}/${account}: ${why}`,
  );
};

/** The metadata of a new object (registry/rest/create.go, BeforeCreate). */
const firstMetadata = (body: JsonObject, target: Target, now: string, random: Random): JsonObject => {
  const { resource, namespace } = target;
  const metadata = decodeMetadata(body);
  if (resource.namespaced && (text(metadata.namespace) ?? namespace) !== namespace) {
    throw badRequest(`the namespace of the provided object does not match the namespace sent on the request`);
  }
  if (text(metadata.resourceVersion) !== undefined) {
    throw new StatusError(500, '', 'resourceVersion should not be set on objects to be created');
  }
  for (const field of ['selfLink', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'managedFields'])
    delete metadata[field];
  if (resource.namespaced) metadata.namespace = namespace;
  else delete metadata.namespace;
  const prefix = text(metadata.generateName);
  if (text(metadata.name) === undefined && prefix !== undefined) {
    metadata.name = `${prefix.slice(0, 58)}${suffix(random)}`;
  }
  metadata.uid = uuidOf(random);
  metadata.creationTimestamp = now;
  if (resource.generation) metadata.generation = 1;
  else delete metadata.generation;
  return metadata;
};

/**
 * POST of a new object.
 * @param managers the owners of its fields, where they are not all the creator's
 * @throws StatusError 400 malformed, 403 and 404 by its namespace, 409 there already, 422 invalid
 */
export const create = (
  cluster: Cluster,
  target: Target,
  body: Json | undefined,
  options: WriteOptions,
  managers?: Json[],
): Reply => {
  const { resource, version } = target;
  const given = decode(body, wantedOf(target), options);
  const now = timestamp(cluster.clock.now());
  const metadata = firstMetadata(given, target, now, cluster.random);
  refuseLostNamespace(cluster, target, text(metadata.name) ?? '');
  refuseOtherType(given, wantedOf(target));
  const object: JsonObject = { ...clone(given), metadata };
  if (resource.subresources.includes('status') && resource.statusOnCreate !== true) delete object.status;
  const shaped = shape(object, target, options);
  resource.complete?.(shaped, undefined);
  const complete = storable(shaped, target);
  const key = resourceKey(resource);
  const own = resource.assign === undefined && resource.admit === undefined ? complete : clone(complete);
  resource.admit?.(complete);
  resource.assign?.(complete, [...cluster.store.list(key, '')]);
  validate(complete, target, undefined, options);
  refuseLostAccount(cluster, target, complete);
  const { name } = complete.metadata;
  const admitted = inVersion(resource, complete, version);
  options.admit({
    operation: 'CREATE',
    target,
    name,
    object: admitted,
    old: undefined,
    dryRun: options.dryRun,
  });
  const there = cluster.store.get(key, target.namespace, name);
  if (there !== undefined) throw alreadyExists(resource, name, isDeleting(there));
  const managedFields = managers ?? firstManagers(given, asWritten(own, target), target, options, now);
  if (managedFields !== undefined && managedFields.length > 0)
    complete.metadata.managedFields = managedFields;
  const stored = options.dryRun ? complete : cluster.store.put(key, complete);
  return { code: 201, body: inVersion(resource, stored, version) };
};
