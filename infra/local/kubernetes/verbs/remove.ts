import type { Cluster, Reply, Target } from '../cluster.ts';
import { finalizersOf } from '../objects/metadata.ts';
import { type Json, type JsonObject, type KubeObject, record, text, timestamp } from '../objects/object.ts';
import { conflict, forbidden } from '../objects/status.ts';
import { inVersion, type Resource, resourceKey } from '../resources/resource.ts';
import { type DeleteOptions, policies } from './delete-options.ts';

/** Refusals of preconditions name the kind where every other one names the resource (`storage.Preconditions`). */
const byKind = ({ group, kind }: Resource) => ({ group, kind, plural: kind });

const refuseOthers = (object: KubeObject, resource: Resource, options: DeleteOptions): void => {
  const { name, uid, resourceVersion } = object.metadata;
  if (options.uid !== undefined && options.uid !== uid) {
    throw conflict(
      byKind(resource),
      name,
      `the UID in the precondition (${options.uid}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`,
    );
  }
  if (options.resourceVersion !== undefined && options.resourceVersion !== resourceVersion) {
    throw conflict(
      byKind(resource),
      name,
      `the ResourceVersion in the precondition (${options.resourceVersion}) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`,
    );
  }
};

/** How long a Pod may take to end: nothing where no kubelet runs it (podStrategy.CheckGracefulDelete). */
const graceOf = (object: KubeObject, resource: Resource, asked: number | undefined): number => {
  if (resource.kind !== 'Pod') return 0;
  const spec = record(object.spec);
  const phase = record(object.status).phase;
  if (text(spec.nodeName) === undefined || phase === 'Succeeded' || phase === 'Failed') return 0;
  const period = asked ?? Number(spec.terminationGracePeriodSeconds ?? 30);
  return period < 0 ? 1 : period;
};

/** The finalizers after a policy was asked for; the garbage collector takes its own away again. */
const finalizersFor = (object: KubeObject, policy: string | undefined): Json[] => {
  const before = [...finalizersOf(object)];
  if (policy === undefined) return before;
  const kept = before.filter((name) => name !== 'foregroundDeletion' && name !== 'orphan');
  const added = policies[policy];
  return added === undefined ? kept : [...kept, added];
};

const marked = (object: KubeObject, at: Date, grace: number, finalizers: Json[]): KubeObject => {
  const metadata = { ...object.metadata };
  if (metadata.deletionTimestamp === undefined && typeof metadata.generation === 'number') {
    metadata.generation += 1;
  }
  metadata.deletionTimestamp = timestamp(new Date(at.getTime() + grace * 1000));
  metadata.deletionGracePeriodSeconds = grace;
  if (finalizers.length > 0) metadata.finalizers = finalizers;
  else delete metadata.finalizers;
  const next: KubeObject = { ...object, metadata };
  if (object.kind === 'Namespace') next.status = { ...record(object.status), phase: 'Terminating' };
  return next;
};

const immortal = new Set(['default', 'kube-system', 'kube-public', 'kube-node-lease']);

/** What DELETE leaves of an object: nothing, or the object on its way out (registry/rest/delete.go). */
const plan = (
  object: KubeObject,
  resource: Resource,
  options: DeleteOptions,
  now: Date,
): { gone: boolean; next: KubeObject } => {
  const finalizers = finalizersFor(object, options.propagationPolicy);
  const waits = finalizers.length > 0 || resource.kind === 'Namespace';
  const pending = object.metadata.deletionTimestamp !== undefined;
  if (!pending) {
    const grace = graceOf(object, resource, options.gracePeriodSeconds);
    if (grace === 0 && !waits) {
      // A Pod is marked before it goes, however little time it has (BeforeDelete of a graceful strategy).
      return { gone: true, next: resource.kind === 'Pod' ? marked(object, now, 0, []) : object };
    }
    return { gone: false, next: marked(object, now, grace, finalizers) };
  }
  const before = Number(object.metadata.deletionGracePeriodSeconds ?? 0);
  const given = options.gracePeriodSeconds;
  const asked = given !== undefined && given < 0 ? 1 : given;
  if (before === 0 && !waits) return { gone: true, next: object };
  // A second delete may only shorten the time that is left.
  if (asked === undefined || asked >= before) return { gone: false, next: object };
  const since = Date.parse(text(object.metadata.deletionTimestamp) ?? '') - before * 1000;
  return { gone: asked === 0 && !waits, next: marked(object, new Date(since), asked, finalizers) };
};

/**
 * DELETE of one object. Pods on a node wait for their kubelet, finalizers for whoever put them, a Namespace for
 * its content; everything else goes at once.
 * @throws StatusError 403 for a system namespace, 409 when a precondition does not hold
 */
export const remove = (
  cluster: Cluster,
  target: Target,
  object: KubeObject,
  options: DeleteOptions,
): Reply => {
  const { resource, version } = target;
  if (resource.kind === 'Namespace' && immortal.has(object.metadata.name)) {
    throw forbidden(resource, object.metadata.name, 'this namespace may not be deleted');
  }
  refuseOthers(object, resource, options);
  const { gone, next } = plan(object, resource, options, cluster.clock.now());
  const key = resourceKey(resource);
  if (!gone) {
    const stored = options.dryRun || next === object ? next : cluster.store.put(key, next);
    return { code: 200, body: inVersion(resource, stored, version) };
  }
  const last = options.dryRun ? next : buried(cluster, key, object, next);
  if (resource.returnsDeleted === true) return { code: 200, body: inVersion(resource, last, version) };
  return { code: 200, body: success(resource, last) };
};

/** Removes an object; what its deletion changed of it first is told before. */
const buried = ({ store }: Cluster, key: string, object: KubeObject, next: KubeObject): KubeObject =>
  store.remove(key, next === object ? next : store.put(key, next));

/** metav1.Status of a success, with the uid of what is gone. */
export const success = (resource: Resource, object: KubeObject): JsonObject => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Success',
  details: {
    name: object.metadata.name,
    ...(resource.group === '' ? {} : { group: resource.group }),
    kind: resource.plural,
    uid: object.metadata.uid,
  },
});
