import { type Cause, invalidValue } from '../objects/cause.ts';
import { type Json, type KubeObject, record } from '../objects/object.ts';

const count = (value: Json | undefined): number => (typeof value === 'number' ? value : 0);

const negative = (field: string, value: number): Cause[] =>
  value < 0 ? [invalidValue(`status.${field}`, value, 'must be greater than or equal to 0')] : [];

/**
 * Counts of Pods that cannot be (apps validation, ValidateDeploymentStatus and its like).
 * @param parts what can be no more than all replicas
 */
export const statusCauses = ({ status }: KubeObject, parts: readonly string[]): Cause[] => {
  const of = (field: string): number => count(record(status)[field]);
  const more = (field: string, than: string, why: string): Cause[] =>
    of(field) > of(than) ? [invalidValue(`status.${field}`, of(field), `cannot be greater than ${why}`)] : [];
  return [
    ...['observedGeneration', 'replicas', ...parts].flatMap((field) => negative(field, of(field))),
    ...parts.flatMap((field) => more(field, 'replicas', 'status.replicas')),
    ...more('availableReplicas', 'readyReplicas', 'readyReplicas'),
  ];
};
