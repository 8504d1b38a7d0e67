const rfc3339 = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/i;

/**
 * A moment in nanoseconds since 1970, or `undefined` for what is no RFC 3339 time. Nanoseconds, because Cloud
 * Logging tells two entries apart by them and JavaScript's Date drops them.
 */
export const nanosOf = (text: string): bigint | undefined => {
  const [, seconds, fraction = '', zone] = rfc3339.exec(text) ?? [];
  if (seconds === undefined || zone === undefined) return undefined;
  const milliseconds = Date.parse(`${seconds}${zone}`.toUpperCase());
  if (Number.isNaN(milliseconds)) return undefined;
  return BigInt(milliseconds) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
};
