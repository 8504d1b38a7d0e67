import { type Cluster, existing, type Reply, type Target, type WriteOptions } from '../cluster.ts';
import { isDeleting } from '../objects/metadata.ts';
import {
  type Json,
  type JsonObject,
  type KubeObject,
  list,
  record,
  text,
  timestamp,
} from '../objects/object.ts';
import { badRequest, conflict, StatusError } from '../objects/status.ts';
import { decode } from './decode.ts';
import { deleteOptions } from './delete-options.ts';
import { refuseDisruption } from './disruption.ts';
import { remove } from './remove.ts';
import { commit } from './update.ts';

const created: JsonObject = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 };

/** Policies see what was posted, not the Pod. */
const admitPosted = (target: Target, object: JsonObject, options: WriteOptions): void =>
  options.admit({
    operation: 'CREATE',
    target,
    name: target.name,
    object,
    old: undefined,
    dryRun: options.dryRun,
  });

/**
 * POST pods/NAME/binding: the scheduler's one write. It sets the node and the condition PodScheduled.
 * @throws StatusError 400 for another name, 500 without a node, 409 when the Pod is bound already or on its way out
 */
export const bind = (
  cluster: Cluster,
  target: Target,
  body: Json | undefined,
  options: WriteOptions,
): Reply => {
  const { dryRun } = options;
  const binding = decode(body, { apiVersion: 'v1', kind: 'Binding' }, options);
  const node = text(record(binding.target).name);
  const { resource } = target;
  if (record(binding.metadata).name !== target.name)
    throw badRequest('name in URL does not match name in Binding object');
  // What is wrong comes as a bare error of Go, so that no code but 500 is left for it.
  if (node === undefined) throw new StatusError(500, '', 'target.name: Required value');
  const pod = existing(cluster, target);
  const uid = text(record(binding.metadata).uid);
  if (uid !== undefined && uid !== pod.metadata.uid) {
    throw conflict(
      { ...resource, plural: 'pods/binding' },
      target.name,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${pod.metadata.uid}`,
    );
  }
  const bound = text(record(pod.spec).nodeName);
  const refuse = (why: string): Error => conflict({ ...resource, plural: 'pods/binding' }, target.name, why);
  if (isDeleting(pod)) throw refuse(`pod ${target.name} is being deleted, cannot be assigned to a host`);
  if (bound !== undefined) throw refuse(`pod ${target.name} is already assigned to node "${bound}"`);
  admitPosted(target, binding, options);
  const scheduled = {
    type: 'PodScheduled',
    status: 'True',
    lastProbeTime: null,
    lastTransitionTime: timestamp(cluster.clock.now()),
  };
  const status = record(pod.status);
  const others = list(status.conditions).filter((condition) => record(condition).type !== 'PodScheduled');
  const next: KubeObject = {
    ...pod,
    metadata: { ...pod.metadata },
    spec: { ...record(pod.spec), nodeName: node },
    status: { ...status, conditions: [...others, scheduled] },
  };
  // The node comes by this path alone, so that it counts as no change of what the user asked for.
  commit(cluster, resource, pod, next, dryRun);
  return { code: 201, body: created };
};

/**
 * POST pods/NAME/eviction: a delete that disruption budgets may refuse.
 * @throws StatusError 400 when it names another Pod, 429 when a budget allows no disruption
 */
export const evict = (
  cluster: Cluster,
  target: Target,
  body: Json | undefined,
  options: WriteOptions,
): Reply => {
  const { dryRun } = options;
  const eviction = decode(body, { apiVersion: 'policy/v1', kind: 'Eviction' }, options);
  const name = text(record(eviction.metadata).name);
  if (name !== undefined && name !== target.name) {
    throw badRequest(`name in URL does not match name in Eviction object`);
  }
  const deletion = deleteOptions(eviction.deleteOptions, new URLSearchParams());
  const pod = existing(cluster, target);
  admitPosted(target, eviction, options);
  refuseDisruption(cluster, target, pod);
  remove(cluster, target, pod, { ...deletion, dryRun: dryRun || deletion.dryRun });
  return { code: 201, body: created };
};
