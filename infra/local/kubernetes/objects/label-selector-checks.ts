import { type Cause, forbiddenField, invalidValue, required } from './cause.ts';
import { labelValueFaults, qualifiedNameFaults } from './names.ts';
import { type Json, type JsonObject, list, record, strings } from './object.ts';

const faults = (field: string, value: string, why: readonly string[]): Cause[] =>
  why.map((each) => invalidValue(field, value, each));

const operatorCauses = (operator: Json | undefined, values: readonly Json[], path: string): Cause[] => {
  switch (operator) {
    case 'In':
    case 'NotIn':
      return values.length > 0
        ? []
        : [required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'")];
    case 'Exists':
    case 'DoesNotExist':
      return values.length === 0
        ? []
        : [
            forbiddenField(
              `${path}.values`,
              "may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
            ),
          ];
    default:
      return [invalidValue(`${path}.operator`, operator ?? '', 'not a valid selector operator')];
  }
};

const requirementCauses = (requirement: JsonObject, path: string): Cause[] => {
  const { key, operator } = requirement;
  const values = list(requirement.values);
  return [
    ...operatorCauses(operator, values, path),
    ...faults(`${path}.key`, String(key ?? ''), qualifiedNameFaults(String(key ?? ''))),
    ...values.flatMap((value, at) =>
      faults(`${path}.values[${at}]`, String(value), labelValueFaults(String(value))),
    ),
  ];
};

/** What is wrong with a LabelSelector (metav1 validation, ValidateLabelSelector). */
export const labelSelectorCauses = (selector: JsonObject, path: string): Cause[] => [
  ...Object.entries(strings(selector.matchLabels)).flatMap(([key, value]) => [
    ...faults(`${path}.matchLabels`, key, qualifiedNameFaults(key)),
    ...faults(`${path}.matchLabels`, value, labelValueFaults(value)),
  ]),
  ...list(selector.matchExpressions).flatMap((entry, at) =>
    requirementCauses(record(entry), `${path}.matchExpressions[${at}]`),
  ),
];
