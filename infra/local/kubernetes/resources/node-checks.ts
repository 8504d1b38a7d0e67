import { type Cause, forbiddenField, invalidValue, notSupported } from '../objects/cause.ts';
import { type JsonObject, type KubeObject, list, record, text } from '../objects/object.ts';

const notReady = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' };

/** A new Node takes no Pods until the node lifecycle controller has seen it ready (admission TaintNodesByCondition). */
export const taintNewNode = (node: JsonObject): void => {
  const spec = record(node.spec);
  const taints = list(spec.taints);
  const has = taints
    .map(record)
    .some(({ key, effect }) => key === notReady.key && effect === notReady.effect);
  if (!has) node.spec = { ...spec, taints: [...taints, { ...notReady }] };
};

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** What a Node is, it stays; its taints have effects that there are (ValidateNode, ValidateNodeUpdate). */
export const checkNode = (node: KubeObject, old: KubeObject | undefined): Cause[] => {
  const spec = record(node.spec);
  const before = record(old?.spec);
  const taints = list(spec.taints)
    .map(record)
    .flatMap(({ effect }, at) =>
      effects.includes(text(effect) ?? '')
        ? []
        : [notSupported(`metadata.taints[${at}].effect`, effect, effects)],
    );
  // An update is checked as what it makes, and as an update, both times the taints (nodeStrategy.ValidateUpdate).
  const causes = old === undefined ? taints : [...taints, ...taints];
  const changed = (field: string): boolean =>
    text(before[field]) !== undefined && before[field] !== spec[field];
  if (changed('podCIDR'))
    causes.push(
      forbiddenField('spec.podCIDRs', 'node updates may not change podCIDR except from "" to valid'),
    );
  if (changed('providerID'))
    causes.push(
      forbiddenField('spec.providerID', 'node updates may not change providerID except from "" to valid'),
    );
  return causes;
};

/** A lease that has run out before it began is none (ValidateLeaseSpec). */
export const checkLease = ({ spec }: KubeObject): Cause[] => {
  const seconds = record(spec).leaseDurationSeconds;
  return typeof seconds === 'number' && seconds <= 0
    ? [invalidValue('spec.leaseDurationSeconds', seconds, 'must be greater than 0')]
    : [];
};
