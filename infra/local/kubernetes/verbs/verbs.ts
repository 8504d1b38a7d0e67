import type { Principal } from '../../identities.ts';
import type { Authorize } from '../access/authorize.ts';
import { admit } from '../admission/admit.ts';
import { type Cluster, existing, type Reply, type Target } from '../cluster.ts';
import { type Json, type JsonObject, type KubeObject, record, text } from '../objects/object.ts';
import { conflict, methodNotAllowed } from '../objects/status.ts';
import { patched, patchTypes } from '../patch/patch.ts';
import { apiVersionOf, inVersion, registryKey, resourceKey } from '../resources/resource.ts';
import { wantedOf } from './admit.ts';
import { serverSideApply } from './apply.ts';
import { create } from './create.ts';
import { decode, decodeFields } from './decode.ts';
import { type DeleteOptions, deleteOptions } from './delete-options.ts';
import { bind, evict } from './pod-subresources.ts';
import { listObjects, matcher } from './read.ts';
import { remove } from './remove.ts';
import { applyScale, readScale, writeScale } from './scale.ts';
import { unpatchable } from './unpatchable.ts';
import { refuseOtherName, replace } from './update.ts';
import { writeOptions as optionsOf } from './write-options.ts';

/** A request after its path was understood and its caller is known. */
export interface Call {
  readonly verb: string;
  readonly target: Target;
  readonly query: URLSearchParams;
  readonly body: Json | undefined;
  /** The paths of fields that stand twice in the body. */
  readonly duplicates: readonly string[];
  readonly contentType: string;
  readonly user: Principal;
  /** What the user may do. */
  readonly authorize: Authorize;
  readonly userAgent?: string | undefined;
  /** Tells the caller what was done nevertheless. */
  readonly warn: (text: string) => void;
  /** Adds to the annotations of the call's audit event. */
  readonly annotate: (key: string, value: string) => void;
}

const put = (cluster: Cluster, call: Call): Reply => {
  const { target, body } = call;
  const { resource, namespace, name } = target;
  const options = optionsOf(cluster, call);
  const next = decode(body, wantedOf(target), options);
  refuseOtherName(record(next.metadata), name);
  const current = cluster.store.get(resourceKey(resource), namespace, name);
  if (current === undefined && resource.createOnUpdate === true) {
    return create(cluster, target, body, options);
  }
  const found = current ?? existing(cluster, target);
  const uid = text(record(next.metadata).uid);
  if (uid !== undefined && uid !== found.metadata.uid) {
    const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${found.metadata.uid}`;
    throw conflict(
      resource,
      name,
      `StorageError: invalid object, Code: 4, Key: ${registryKey(target)}, ResourceVersion: 0, AdditionalErrorMsg: ${why}`,
    );
  }
  return replace(cluster, target, found, next, options);
};

const patch = (cluster: Cluster, call: Call): Reply => {
  const { target, body = null, contentType } = call;
  const options = optionsOf(cluster, call);
  if (contentType === patchTypes.apply) return serverSideApply(cluster, target, body, options);
  const stored = existing(cluster, target);
  const current = inVersion(target.resource, stored, target.version);
  const next = patched(current, body, contentType, target.resource);
  const refuse = (why: string): Error => unpatchable(next, body, contentType, target, why);
  const strict = { ...options, refuse };
  return replace(cluster, target, stored, decodeFields(next, wantedOf(target), strict), strict);
};

const removeOne = (
  cluster: Cluster,
  call: Call,
  target: Target,
  object: KubeObject,
  options: DeleteOptions,
): Reply => {
  const { name } = object.metadata;
  const { dryRun } = options;
  admit(cluster, { operation: 'DELETE', target, name, object: undefined, old: object, dryRun }, call);
  return remove(cluster, target, object, options);
};

/** DELETE of a collection: each of its objects as if deleted alone. The answer lists what was deleted. */
const removeAll = (cluster: Cluster, call: Call): Reply => {
  const { target, body, query } = call;
  const options = deleteOptions(body, query);
  const matches = matcher(target, query);
  const { resource, namespace, version } = target;
  const objects = [...cluster.store.list(resourceKey(resource), namespace)].filter(matches);
  for (const object of objects) {
    const own = { ...target, name: object.metadata.name, namespace: String(object.metadata.namespace ?? '') };
    removeOne(cluster, call, own, object, options);
  }
  return {
    code: 200,
    body: {
      kind: `${resource.kind}List`,
      apiVersion: apiVersionOf(resource.group, version),
      metadata: { ...(resource.custom && { continue: '' }), resourceVersion: String(cluster.store.version) },
      items: objects.map((object) => inVersion(resource, object, version)),
    },
  };
};

type Handler = (cluster: Cluster, call: Call) => Reply;

const get: Handler = (cluster, { target }) => ({
  code: 200,
  body: inVersion(target.resource, existing(cluster, target), target.version),
});

const ofObjects: Readonly<Record<string, Handler>> = {
  get,
  list: (cluster, { target, query }) => listObjects(cluster, target, query),
  create: (cluster, call) => {
    // A POST to a name creates nothing: only subresources are posted to.
    if (call.target.name !== '') throw methodNotAllowed();
    return create(cluster, call.target, call.body, optionsOf(cluster, call));
  },
  update: put,
  patch,
  delete: (cluster, call) => {
    const { target, body, query } = call;
    return removeOne(cluster, call, target, existing(cluster, target), deleteOptions(body, query));
  },
  deletecollection: removeAll,
};

const ofSubresources: Readonly<Record<string, Readonly<Record<string, Handler>>>> = {
  status: { get, update: put, patch },
  scale: {
    get: (cluster, { target }) => readScale(cluster, target),
    update: (cluster, call) =>
      writeScale(
        cluster,
        call.target,
        (options) => decode(call.body, { apiVersion: 'autoscaling/v1', kind: 'Scale' }, options),
        optionsOf(cluster, call),
      ),
    patch: (cluster, call) => {
      const { target, body = null, contentType } = call;
      if (contentType === patchTypes.apply)
        return applyScale(cluster, target, body, optionsOf(cluster, call));
      const change = (_: unknown, scale: JsonObject): JsonObject =>
        patched(scale as KubeObject, body, contentType, target.resource);
      return writeScale(cluster, target, change, optionsOf(cluster, call));
    },
  },
  binding: {
    create: (cluster, call) => bind(cluster, call.target, call.body, optionsOf(cluster, call)),
  },
  eviction: {
    create: (cluster, call) => evict(cluster, call.target, call.body, optionsOf(cluster, call)),
  },
};

/**
 * Does what a call asks; a watch is not one of these.
 * @throws StatusError with the answer when it cannot
 */
export const perform = (cluster: Cluster, call: Call): Reply => {
  const { subresource, resource, namespace } = call.target;
  // Over all namespaces one can only look.
  if (resource.namespaced && namespace === '' && call.verb !== 'list') throw methodNotAllowed();
  // A collection is neither replaced nor changed.
  if (call.target.name === '' && (call.verb === 'update' || call.verb === 'patch')) throw methodNotAllowed();
  const handlers = subresource === undefined ? ofObjects : ofSubresources[subresource];
  const handler = handlers?.[call.verb];
  if (handler === undefined) throw methodNotAllowed();
  return handler(cluster, call);
};
