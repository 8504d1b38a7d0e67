const rfc3339 =
  /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;
const withSeconds = /^.{16}:/;

const hasDay = (year: number, month: number, day: number): boolean => {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 ? (isLeap ? 29 : 28) : 30 + ((month + (month >> 3)) & 1);
  return day <= days;
};

/** Whether a text is a time of the calendar. Without Date, because every event passes here. */
const isTime = (text: string): boolean => {
  if (text.length > 35) return false;
  const [, year, month, day] = rfc3339.exec(text) ?? [];
  return year !== undefined && year !== '0000' && hasDay(Number(year), Number(month), Number(day));
};

/**
 * RFC 3339 with its offset, as milliseconds since 1970; `undefined` for what is none: a time without an offset would be the
 * server's own, and `Date.parse` makes the third of March of the 31st of February. The seconds may be left out, as people do.
 * From year 1 on, as Protobuf's Timestamp; no leap second, which JavaScript has no time for.
 */
export const timeOf = (text: string): number | undefined => (isTime(text) ? Date.parse(text) : undefined);

/** Protobuf's JSON form of a Timestamp: RFC 3339 to the second, at most nine digits after it. */
export const isTimestamp = (value: unknown): value is string =>
  typeof value === 'string' && withSeconds.test(value) && isTime(value);
