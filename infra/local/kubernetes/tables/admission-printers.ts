import { list, record, text } from '../objects/object.ts';
import { ageColumn, ageOf, column, nameColumn, type Printer } from './columns.ts';

const unset = '<unset>';

const policies: Printer = {
  columns: [nameColumn, column('Validations', 'integer'), column('ParamKind'), ageColumn],
  cells: (policy, now) => {
    const { validations, paramKind } = record(policy.spec);
    const { apiVersion, kind } = record(paramKind);
    return [
      policy.metadata.name,
      list(validations).length,
      paramKind === undefined ? unset : `${String(apiVersion)}/${String(kind)}`,
      ageOf(policy, now),
    ];
  },
};

const bindings: Printer = {
  columns: [nameColumn, column('PolicyName'), column('ParamRef'), ageColumn],
  cells: (binding, now) => {
    const { policyName, paramRef } = record(binding.spec);
    const { name, namespace } = record(paramRef);
    const named = text(namespace) === undefined ? String(name) : `${String(namespace)}/${String(name)}`;
    return [
      binding.metadata.name,
      text(policyName) ?? '',
      paramRef === undefined ? unset : text(name) === undefined ? '*' : named,
      ageOf(binding, now),
    ];
  },
};

export const admissionPrinters: Readonly<Record<string, Printer>> = {
  'admissionregistration.k8s.io/validatingadmissionpolicies': policies,
  'admissionregistration.k8s.io/validatingadmissionpolicybindings': bindings,
};
