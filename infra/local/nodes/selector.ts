import type { LabelSelector } from './objects.ts';

const holds = (
  labels: Readonly<Record<string, string>>,
  { key, operator, values = [] }: NonNullable<LabelSelector['matchExpressions']>[number],
): boolean => {
  const value = labels[key];
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return false;
  }
};

/** A metav1.LabelSelector: all of its requirements; an empty one selects everything, an absent one nothing. */
export const selects = (
  selector: LabelSelector | undefined,
  labels: Readonly<Record<string, string>> = {},
): boolean =>
  selector !== undefined &&
  Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value) &&
  (selector.matchExpressions ?? []).every((requirement) => holds(labels, requirement));
