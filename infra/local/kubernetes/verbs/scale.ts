import { type Cluster, existing, type Reply, type Target, type WriteOptions } from '../cluster.ts';
import { invalidValue } from '../objects/cause.ts';
import { type Json, type JsonObject, type KubeObject, record, text } from '../objects/object.ts';
import { selectorText } from '../objects/selector.ts';
import { badRequest, invalid } from '../objects/status.ts';
import { apiVersionOf } from '../resources/resource.ts';
import { applyTo } from './apply.ts';
import { decode } from './decode.ts';
import { replace } from './update.ts';

/** autoscaling/v1 Scale: how many replicas are wanted and how many there are. */
const scaleOf = (workload: KubeObject): JsonObject => {
  const { name, namespace = null, uid, resourceVersion, creationTimestamp } = workload.metadata;
  const spec = record(workload.spec);
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: spec.replicas === 0 ? {} : { replicas: spec.replicas ?? 0 },
    status: {
      replicas: record(workload.status).replicas ?? 0,
      selector: selectorText(record(spec.selector)),
    },
  };
};

export const readScale = (cluster: Cluster, target: Target): Reply => ({
  code: 200,
  body: scaleOf(existing(cluster, target)),
});

/** @throws StatusError 400 */
const replicasOf = (scale: JsonObject): number => {
  const replicas = record(scale.spec).replicas ?? 0;
  if (typeof replicas === 'number' && Number.isInteger(replicas)) return replicas;
  throw badRequest('json: cannot unmarshal into Go struct field ScaleSpec.spec.replicas of type int32');
};

/** @throws StatusError 422 (autoscaling validation, ValidateScale) */
const refuseNegative = (replicas: number, { name }: Target): void => {
  if (replicas >= 0) return;
  const cause = invalidValue('spec.replicas', replicas, 'must be greater than or equal to 0');
  throw invalid({ group: 'autoscaling', plural: 'scales', kind: 'Scale' }, name, [cause]);
};

/** Policies see the Scale, not its workload. */
const admitScale = (target: Target, object: JsonObject, old: JsonObject, options: WriteOptions): void =>
  options.admit({ operation: 'UPDATE', target, name: target.name, object, old, dryRun: options.dryRun });

/**
 * Writes the number of replicas, and nothing else.
 * @param change what the client makes of the Scale as it is
 */
export const writeScale = (
  cluster: Cluster,
  target: Target,
  change: (options: WriteOptions, scale: JsonObject) => Json,
  options: WriteOptions,
): Reply => {
  const workload = existing(cluster, target);
  const before = scaleOf(workload);
  const next = record(change(options, before));
  const replicas = replicasOf(next);
  refuseNegative(replicas, target);
  admitScale(target, next, before, options);
  const metadata = { ...workload.metadata, ...record(next.metadata) };
  const scaled = { ...workload, metadata, spec: { ...record(workload.spec), replicas } };
  const reply = replace(cluster, { ...target, subresource: undefined }, workload, scaled, {
    ...options,
    through: 'scale',
  });
  return { code: 200, body: scaleOf(reply.body as KubeObject) };
};

/** Server-side apply of a Scale: of its workload, as far as a Scale has a say in it. */
export const applyScale = (cluster: Cluster, target: Target, body: Json, options: WriteOptions): Reply => {
  const workload = existing(cluster, target);
  const scale = decode(body, { apiVersion: 'autoscaling/v1', kind: 'Scale' }, options);
  refuseNegative(replicasOf(scale), target);
  const { resource, version, name } = target;
  const config = {
    apiVersion: apiVersionOf(resource.group, version),
    kind: resource.kind,
    metadata: { name: text(record(scale.metadata).name) ?? name },
    spec: { replicas: replicasOf(scale) },
  };
  const whole = { ...target, subresource: undefined };
  const before = scaleOf(workload);
  admitScale(target, { ...before, spec: config.spec }, before, options);
  const reply = applyTo(cluster, whole, workload, config, { ...options, through: 'scale' });
  return { code: 200, body: scaleOf(reply.body as KubeObject) };
};
