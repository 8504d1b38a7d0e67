import { type Cause, invalidValue } from '../objects/cause.ts';
import type { Json } from '../objects/object.ts';

const percentRule =
  "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";

/** A number from 0 on, or a share of all (apps validation, ValidatePositiveIntOrPercent). */
const positiveCauses = (field: string, value: Json): Cause[] => {
  if (typeof value === 'string')
    return /^[0-9]+%$/.test(value) ? [] : [invalidValue(field, value, percentRule)];
  return Number(value) < 0 ? [invalidValue(field, value, 'must be greater than or equal to 0')] : [];
};

const isMoreThanAll = (value: Json): boolean =>
  typeof value === 'string' && /^[0-9]+%$/.test(value) && Number(value.slice(0, -1)) > 100;

/** @param bounded whether it may not be more than all (IsNotMoreThan100Percent) */
export const shareCauses = (field: string, value: Json | undefined, bounded: boolean): Cause[] => {
  if (value === undefined) return [];
  const tooMuch = bounded && isMoreThanAll(value);
  return [
    ...positiveCauses(field, value),
    ...(tooMuch ? [invalidValue(field, value, 'must not be greater than 100%')] : []),
  ];
};

/** Whether a share is nothing, in either form. */
export const isNothing = (value: Json | undefined): boolean =>
  value === 0 || (typeof value === 'string' && /^0+%$/.test(value));
