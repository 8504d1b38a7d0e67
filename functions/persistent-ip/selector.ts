import type { LabelSelector } from './objects.ts';

type Labels = Readonly<Record<string, string>>;

const operators = ['In', 'NotIn', 'Exists', 'DoesNotExist'];
const name = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const prefix = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

const validKey = (key: string): boolean => {
  const slash = key.indexOf('/');
  return slash < 0 ? name.test(key) : prefix.test(key.slice(0, slash)) && name.test(key.slice(slash + 1));
};
const validValue = (value: string): boolean => value === '' || name.test(value);

/**
 * Why a selector cannot be used, or `undefined`. The rules are those of `metav1.LabelSelectorAsSelector`:
 * `In` and `NotIn` need values, the other operators take none, keys and values are label keys and values.
 */
export const selectorProblem = (selector: LabelSelector): string | undefined => {
  for (const [key, value] of Object.entries(selector.matchLabels ?? {})) {
    if (!validKey(key)) return `"${key}" is not a label key`;
    if (!validValue(value)) return `"${value}" is not a label value`;
  }
  for (const { key, operator, values = [] } of selector.matchExpressions ?? []) {
    if (!validKey(key)) return `"${key}" is not a label key`;
    if (!operators.includes(operator)) return `"${operator}" is none of ${operators.join(', ')}`;
    const wantsValues = operator === 'In' || operator === 'NotIn';
    if (wantsValues && values.length === 0) return `${operator} of "${key}" needs values`;
    if (!wantsValues && values.length > 0) return `${operator} of "${key}" takes no values`;
    const bad = values.find((value) => !validValue(value));
    if (bad !== undefined) return `"${bad}" is not a label value`;
  }
  return undefined;
};

/** It selects everything: refused on a route, because it would give the addresses to any Pod at all. */
export const isEmptySelector = (selector: LabelSelector): boolean =>
  Object.keys(selector.matchLabels ?? {}).length === 0 && (selector.matchExpressions ?? []).length === 0;

/** Whether a route's selector may be asked for at all: an empty one, or one that does not parse, selects nobody. */
export const isUsable = (selector: LabelSelector): boolean =>
  !isEmptySelector(selector) && selectorProblem(selector) === undefined;

/** Whether the selector selects an object with these labels; `NotIn` also selects where the key is missing. */
export const selects = (selector: LabelSelector, labels: Labels): boolean =>
  Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labelValue(labels, key) === value) &&
  (selector.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
    const value = labelValue(labels, key);
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
  });

const labelValue = (labels: Labels, key: string): string | undefined =>
  Object.hasOwn(labels, key) ? labels[key] : undefined;
