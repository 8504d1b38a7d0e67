const rfc3339 =
  /^\d{4}-(?:0\d|1[0-2])-[0-3]\dT[0-2]\d:[0-5]\d:[0-6]\d(?:\.\d{1,9})?(?:Z|[+-][0-2]\d:[0-5]\d)$/;

/** Protobuf's JSON form of a Timestamp: RFC 3339, at most nine digits after the second. */
export const isTimestamp = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= 35 && rfc3339.test(value);
