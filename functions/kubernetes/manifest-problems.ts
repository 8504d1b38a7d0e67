import * as v from 'valibot';

/** What is wrong with a field of a manifest. */
export interface FieldProblem {
  /** `spec.addresses[0].value` */
  readonly field: string;
  readonly problem: string;
}

/** More than a person reads at once. */
const mostProblems = 20;

/** Every fault that these schemas find, in words. */
export const problemsOf = (schema: v.GenericSchema, manifest: unknown): readonly FieldProblem[] => {
  const parsed = v.safeParse(schema, manifest, { abortPipeEarly: true });
  if (parsed.success) return [];
  return parsed.issues.slice(0, mostProblems).map((issue) => ({
    field: fieldOf(issue.path ?? []),
    problem: wordsOf(issue),
  }));
};

const fieldOf = (path: readonly { readonly key?: unknown }[]): string =>
  path.reduce<string>(
    (field, { key }) =>
      typeof key === 'number' ? `${field}[${key}]` : `${field}${field === '' ? '' : '.'}${String(key)}`,
    '',
  );

const typeNames: Readonly<Record<string, string>> = {
  string: 'a text: put it in quotes',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  strict_object: 'an object',
  loose_object: 'an object',
  record: 'an object of texts',
};

const wordsOf = ({ kind: of, type, expected, received, message, ...issue }: v.BaseIssue<unknown>): string => {
  if (expected === 'never')
    return 'is no field of it: correct its name or remove it (kubectl refuses it, unless --validate=false)';
  if (received === 'undefined') return 'is missing';
  const { requirement } = issue as { requirement?: unknown };
  const limit = String(requirement);
  switch (type) {
    case 'min_length':
      return limit === '1' ? 'must not be empty' : `has at least ${limit}`;
    case 'max_length':
      return `is longer than ${limit}`;
    case 'min_value':
      return `is less than ${limit}`;
    case 'max_value':
      return `is more than ${limit}`;
    case 'integer':
      return 'must be a whole number';
    case 'picklist':
      return `must be one of ${expected ?? ''}, and is ${received}`;
    default:
      return of === 'schema' ? `must be ${typeNames[type] ?? expected ?? type}, and is ${received}` : message;
  }
};
