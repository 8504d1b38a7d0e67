import {
  type Cause,
  forbiddenField,
  immutable,
  invalidValue,
  notSupported,
  required,
} from '../objects/cause.ts';
import { labelSelectorCauses } from '../objects/label-selector-checks.ts';
import {
  isObject,
  type JsonObject,
  type KubeObject,
  list,
  record,
  same,
  strings,
  without,
} from '../objects/object.ts';
import { labelSelector, selectorText } from '../objects/selector.ts';
import { completePodSpec, podSpecCauses } from './pods.ts';
import { isNothing, shareCauses } from './share-checks.ts';
import { statusCauses } from './workload-status.ts';

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

const notOfTemplate = '`selector` does not match template `labels`';

/** The Pods of the template are those that are selected; one that is not there selects nothing. */
const templateCauses = (spec: JsonObject): Cause[] => {
  const { metadata, spec: podSpec } = record(spec.template);
  const { labels } = record(metadata);
  const selects = !isObject(spec.selector) ? () => false : labelSelector(selectorText(record(spec.selector)));
  return [
    ...(selects({ metadata: { labels: strings(labels) } } as unknown as KubeObject)
      ? []
      : [invalidValue('spec.template.metadata.labels', labels, notOfTemplate)]),
    ...podSpecCauses(record(podSpec), 'spec.template.spec'),
  ];
};

const selectorCauses = (spec: JsonObject): Cause[] => {
  if (!isObject(spec.selector)) return [required('spec.selector'), ...templateCauses(spec)];
  const selector = record(spec.selector);
  const causes = labelSelectorCauses(selector, 'spec.selector');
  if (Object.keys(strings(selector.matchLabels)).length + list(selector.matchExpressions).length === 0)
    causes.push(invalidValue('spec.selector', selector, 'empty selector is invalid for deployment'));
  const isOne = !causes.some(({ field }) => field.startsWith('spec.selector.'));
  return isOne
    ? [...causes, ...templateCauses(spec)]
    : [...causes, invalidValue('spec.selector', selector, 'invalid label selector')];
};

/** The selector exists, never changes, and selects the template's own Pods. */
export const checkWorkload = (workload: KubeObject, old: KubeObject | undefined): Cause[] => {
  const spec = record(workload.spec);
  const selector = record(spec.selector);
  const causes = selectorCauses(spec);
  if (typeof spec.replicas === 'number' && spec.replicas < 0) {
    causes.push(invalidValue('spec.replicas', spec.replicas, 'must be greater than or equal to 0'));
  }
  if (old !== undefined && !same(selector, record(record(old.spec).selector))) {
    causes.push(immutable('spec.selector', selector));
  }
  return causes;
};

const rollingCauses = ({ maxSurge, maxUnavailable }: JsonObject): Cause[] => {
  const field = 'spec.strategy.rollingUpdate.maxUnavailable';
  const stuck = isNothing(maxSurge) && isNothing(maxUnavailable);
  return [
    ...shareCauses(field, maxUnavailable, true),
    ...shareCauses('spec.strategy.rollingUpdate.maxSurge', maxSurge, false),
    ...(stuck ? [invalidValue(field, maxUnavailable, 'may not be 0 when `maxSurge` is 0')] : []),
  ];
};

/** Surge and unavailability cannot both be nothing, or no rollout could ever move (ValidateDeploymentStrategy). */
export const checkDeployment = (deployment: KubeObject, old: KubeObject | undefined): Cause[] => {
  const causes = [
    ...checkWorkload(deployment, old),
    ...statusCauses(deployment, ['updatedReplicas', 'readyReplicas', 'availableReplicas']),
  ];
  const strategy = record(record(deployment.spec).strategy);
  const type = String(strategy.type);
  if (strategy.type === 'RollingUpdate') causes.push(...rollingCauses(record(strategy.rollingUpdate)));
  else if (type !== 'Recreate') {
    // The internal type, which is printed, has no names in JSON.
    const printed = { Type: type, RollingUpdate: strategy.rollingUpdate ?? null };
    causes.push(notSupported('spec.strategy', printed, ['Recreate', 'RollingUpdate']));
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

export const checkReplicaSet = (set: KubeObject, old: KubeObject | undefined): Cause[] => [
  ...checkWorkload(set, old),
  ...statusCauses(set, ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas']),
];

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
