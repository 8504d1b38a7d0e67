import { type Cause, invalidValue } from '../objects/cause.ts';
import { type Json, type KubeObject, record } from '../objects/object.ts';
import type { Resource } from './resource.ts';

const isShare = (value: Json | undefined): boolean =>
  value === undefined ||
  (typeof value === 'number' && Number.isInteger(value) && value >= 0) ||
  (typeof value === 'string' && /^(100|[0-9]{1,2})%$/.test(value));

const checkBudget = ({ spec }: KubeObject): Cause[] => {
  const { minAvailable, maxUnavailable } = record(spec);
  const causes: Cause[] = [];
  if (minAvailable !== undefined && maxUnavailable !== undefined) {
    causes.push(invalidValue('spec', spec, 'minAvailable and maxUnavailable cannot be both set'));
  }
  for (const [field, value] of Object.entries({ minAvailable, maxUnavailable })) {
    if (!isShare(value)) {
      causes.push(
        invalidValue(`spec.${field}`, value, 'must be a number from 0 on, or a valid percent value'),
      );
    }
  }
  return causes;
};

/** How many Pods of an application may be taken away at once; asked at every eviction. */
export const disruptionBudgets: Resource = {
  group: 'policy',
  versions: ['v1'],
  storage: 'v1',
  plural: 'poddisruptionbudgets',
  singular: 'poddisruptionbudget',
  kind: 'PodDisruptionBudget',
  shortNames: ['pdb'],
  namespaced: true,
  subresources: ['status'],
  custom: false,
  generation: true,
  check: checkBudget,
};
