import { type Cause, invalidValue } from '../objects/cause.ts';
import { type JsonObject, type KubeObject, record } from '../objects/object.ts';
import type { Resource } from './resource.ts';
import { shareCauses } from './share-checks.ts';

/** A spec as the API server prints it: an internal type, which has no names in JSON. */
const printed = (spec: JsonObject): JsonObject => ({
  MinAvailable: spec.minAvailable ?? null,
  Selector: spec.selector ?? null,
  MaxUnavailable: spec.maxUnavailable ?? null,
  UnhealthyPodEvictionPolicy: spec.unhealthyPodEvictionPolicy ?? null,
});

const checkBudget = ({ spec }: KubeObject): Cause[] => {
  const { minAvailable, maxUnavailable } = record(spec);
  const causes: Cause[] = [];
  if (minAvailable !== undefined && maxUnavailable !== undefined) {
    causes.push(
      invalidValue('spec', printed(record(spec)), 'minAvailable and maxUnavailable cannot be both set'),
    );
  }
  for (const [field, value] of Object.entries({ minAvailable, maxUnavailable })) {
    causes.push(...shareCauses(`spec.${field}`, value, true));
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
