import { type Cluster, existing, type Reply, type Target, type WriteOptions } from '../cluster.ts';
import {
  type Json,
  type JsonObject,
  type KubeObject,
  list,
  record,
  strings,
  text,
} from '../objects/object.ts';
import { badRequest } from '../objects/status.ts';
import { apiVersionOf } from '../resources/resource.ts';
import { decode } from './admit.ts';
import { applyTo } from './apply.ts';
import { replace } from './update.ts';

/** A LabelSelector as the text that `status.selector` of a Scale holds. */
export const selectorText = (selector: JsonObject): string =>
  [
    ...Object.entries(strings(selector.matchLabels)).map(([key, value]) => `${key}=${value}`),
    ...list(selector.matchExpressions).map((entry) => {
      const { key, operator, values } = record(entry);
      if (operator === 'Exists') return String(key);
      if (operator === 'DoesNotExist') return `!${String(key)}`;
      return `${String(key)} ${operator === 'In' ? 'in' : 'notin'} (${list(values).join(',')})`;
    }),
  ].join(',');

/** autoscaling/v1 Scale: how many replicas are wanted and how many there are. */
const scaleOf = (workload: KubeObject): JsonObject => {
  const { name, namespace = null, uid, resourceVersion, creationTimestamp } = workload.metadata;
  const spec = record(workload.spec);
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: spec.replicas ?? 0 },
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

/**
 * Writes the number of replicas, and nothing else.
 * @param change what the client makes of the Scale as it is
 */
export const writeScale = (
  cluster: Cluster,
  target: Target,
  change: (scale: JsonObject) => Json,
  options: WriteOptions,
): Reply => {
  const workload = existing(cluster, target);
  const next = record(change(scaleOf(workload)));
  const replicas = replicasOf(next);
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
  const scale = decode(body, 'autoscaling/v1', 'Scale');
  const { resource, version, name } = target;
  const config = {
    apiVersion: apiVersionOf(resource.group, version),
    kind: resource.kind,
    metadata: { name: text(record(scale.metadata).name) ?? name },
    spec: { replicas: replicasOf(scale) },
  };
  const whole = { ...target, subresource: undefined };
  const reply = applyTo(cluster, whole, workload, config, { ...options, through: 'scale' });
  return { code: 200, body: scaleOf(reply.body as KubeObject) };
};
