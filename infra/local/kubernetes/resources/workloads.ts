import { type Cause, forbiddenField, immutable, invalidValue, required } from '../objects/cause.ts';
import { type JsonObject, type KubeObject, list, record, same, strings, without } from '../objects/object.ts';
import { completePodSpec, podSpecCauses } from './pods.ts';

export const completeTemplate = (spec: JsonObject): void => {
  const template = record(spec.template);
  spec.template = template;
  const podSpec = record(template.spec);
  template.spec = podSpec;
  completePodSpec(podSpec);
};

const rolling = { maxSurge: '25%', maxUnavailable: '25%' };

/** pkg/apis/apps/v1/defaults.go, SetDefaults_Deployment. */
export const completeDeployment = (deployment: JsonObject): void => {
  const spec = record(deployment.spec);
  deployment.spec = spec;
  spec.replicas ??= 1;
  spec.revisionHistoryLimit ??= 10;
  spec.progressDeadlineSeconds ??= 600;
  const strategy = record(spec.strategy);
  strategy.type ??= 'RollingUpdate';
  if (strategy.type === 'RollingUpdate') {
    strategy.rollingUpdate = { ...rolling, ...record(strategy.rollingUpdate) };
  }
  spec.strategy = strategy;
  completeTemplate(spec);
};

export const completeReplicaSet = (set: JsonObject): void => {
  const spec = record(set.spec);
  set.spec = spec;
  spec.replicas ??= 1;
  completeTemplate(spec);
};

/** SetDefaults_StatefulSet. */
export const completeStatefulSet = (set: JsonObject): void => {
  const spec = record(set.spec);
  set.spec = spec;
  spec.replicas ??= 1;
  spec.revisionHistoryLimit ??= 10;
  spec.podManagementPolicy ??= 'OrderedReady';
  const strategy = record(spec.updateStrategy);
  strategy.type ??= 'RollingUpdate';
  if (strategy.type === 'RollingUpdate') {
    strategy.rollingUpdate = { partition: 0, ...record(strategy.rollingUpdate) };
  }
  spec.updateStrategy = strategy;
  spec.persistentVolumeClaimRetentionPolicy ??= { whenDeleted: 'Retain', whenScaled: 'Retain' };
  completeTemplate(spec);
};

/** The selector exists, never changes, and selects the template's own Pods. */
export const checkWorkload = (workload: KubeObject, old: KubeObject | undefined): Cause[] => {
  const spec = record(workload.spec);
  const selector = record(spec.selector);
  const template = record(spec.template);
  const causes: Cause[] = [];
  if (spec.selector === undefined) causes.push(required('spec.selector'));
  else if (Object.keys(strings(selector.matchLabels)).length + list(selector.matchExpressions).length === 0) {
    causes.push(invalidValue('spec.selector', selector, 'empty selector is invalid for deployment'));
  }
  const labels = strings(record(template.metadata).labels);
  if (Object.entries(strings(selector.matchLabels)).some(([key, value]) => labels[key] !== value)) {
    causes.push(
      invalidValue('spec.template.metadata.labels', labels, '`selector` does not match template `labels`'),
    );
  }
  if (typeof spec.replicas === 'number' && spec.replicas < 0) {
    causes.push(invalidValue('spec.replicas', spec.replicas, 'must be greater than or equal to 0'));
  }
  causes.push(...podSpecCauses(record(template.spec), 'spec.template.spec'));
  if (old !== undefined && !same(selector, record(record(old.spec).selector))) {
    causes.push(immutable('spec.selector', selector));
  }
  return causes;
};

/** Surge and unavailability cannot both be nothing, or no rollout could ever move (ValidateDeploymentStrategy). */
export const checkDeployment = (deployment: KubeObject, old: KubeObject | undefined): Cause[] => {
  const causes = checkWorkload(deployment, old);
  const strategy = record(record(deployment.spec).strategy);
  const { maxSurge, maxUnavailable } = record(strategy.rollingUpdate);
  const none = (value: unknown): boolean => value === 0 || value === '0%' || value === '0';
  if (strategy.type === 'RollingUpdate' && none(maxSurge) && none(maxUnavailable)) {
    causes.push(
      invalidValue(
        'spec.strategy.rollingUpdate.maxUnavailable',
        maxUnavailable,
        'may not be 0 when `maxSurge` is 0',
      ),
    );
  }
  if (strategy.type === 'Recreate' && strategy.rollingUpdate !== undefined) {
    causes.push(
      forbiddenField(
        'spec.strategy.rollingUpdate',
        "may not be specified when strategy `type` is 'Recreate'",
      ),
    );
  }
  return causes;
};

const mutableOfStatefulSet = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
];

/** Most of a StatefulSet's spec is fixed (ValidateStatefulSetUpdate). */
export const checkStatefulSet = (set: KubeObject, old: KubeObject | undefined): Cause[] => {
  const causes = checkWorkload(set, undefined);
  const { podManagementPolicy } = record(set.spec);
  if (podManagementPolicy !== 'OrderedReady' && podManagementPolicy !== 'Parallel') {
    causes.push(
      invalidValue('spec.podManagementPolicy', podManagementPolicy, "must be 'OrderedReady' or 'Parallel'"),
    );
  }
  const fixed = (object: KubeObject): JsonObject => without(record(object.spec), ...mutableOfStatefulSet);
  if (old !== undefined && !same(fixed(set), fixed(old))) {
    causes.push(
      forbiddenField(
        'spec',
        "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
      ),
    );
  }
  return causes;
};
