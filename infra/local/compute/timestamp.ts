/** A time as the Compute API writes it: RFC 3339 with the offset of the Pacific coast. */
export const timestamp = (at: Date): string =>
  new Date(at.getTime() - 7 * 3_600_000).toISOString().replace('Z', '-07:00');
