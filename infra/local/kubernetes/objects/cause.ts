/** The causes of an Invalid answer (apimachinery `pkg/util/validation/field/errors.go`), with their texts. */

/** One entry of `details.causes` of an Invalid answer. */
export interface Cause {
  readonly reason: string;
  readonly message: string;
  readonly field: string;
}

/** As Go prints JSON of a struct: what HTML would misread is escaped. */
const goJson = (value: object): string =>
  JSON.stringify(value).replaceAll(
    /[<>&]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** JSON of a plain value; a text as `%q` of package fmt, whose escapes of control characters are others. */
const goQuoted = (value: unknown): string =>
  JSON.stringify(value)
    .replaceAll('\\u0007', '\\a')
    .replaceAll('\\u000b', '\\v')
    .replaceAll(/\\u00([01][\da-f])/g, '\\x$1');

const quoted = (value: unknown): string => {
  if (value === undefined) return 'null';
  return typeof value === 'object' && value !== null ? goJson(value) : goQuoted(value);
};

export const required = (field: string, detail = ''): Cause => ({
  reason: 'FieldValueRequired',
  message: `Required value${detail === '' ? '' : `: ${detail}`}`,
  field,
});

export const invalidValue = (field: string, value: unknown, detail: string): Cause => ({
  reason: 'FieldValueInvalid',
  message: `Invalid value: ${quoted(value)}: ${detail}`,
  field,
});

export const immutable = (field: string, value: unknown): Cause =>
  invalidValue(field, value, 'field is immutable');

export const forbiddenField = (field: string, detail: string): Cause => ({
  reason: 'FieldValueForbidden',
  message: `Forbidden: ${detail}`,
  field,
});

export const notSupported = (field: string, value: unknown, known: readonly unknown[]): Cause => ({
  reason: 'FieldValueNotSupported',
  message: `Unsupported value: ${quoted(value)}: supported values: ${known.map(quoted).join(', ')}`,
  field,
});

export const tooLong = (field: string, limit: number): Cause => ({
  reason: 'FieldValueTooLong',
  message: `Too long: may not be more than ${limit} bytes`,
  field,
});

export const duplicate = (field: string, value: unknown): Cause => ({
  reason: 'FieldValueDuplicate',
  message: `Duplicate value: ${quoted(value)}`,
  field,
});

/** Causes as one text, each said once (field.ErrorList.ToAggregate). */
export const aggregated = (causes: readonly Cause[]): string => {
  const texts = [...new Set(causes.map(({ field, message }) => `${field}: ${message}`))];
  return texts.length === 1 ? (texts[0] ?? '') : `[${texts.join(', ')}]`;
};
