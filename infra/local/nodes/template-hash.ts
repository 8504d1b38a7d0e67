import { createHash } from 'node:crypto';

const sorted = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(sorted)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([key, field]) => [key, sorted(field)]),
        )
      : value;

// No vowels and no look-alikes, so that no word comes out (apimachinery `util/rand.SafeEncodeString`).
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

/** Ten letters that stand for a Pod template; equal templates have equal ones, whatever the order of their fields. */
export const templateHash = (template: unknown): string =>
  [
    ...createHash('sha256')
      .update(JSON.stringify(sorted(template)))
      .digest()
      .subarray(0, 10),
  ]
    .map((byte) => alphabet[byte % alphabet.length])
    .join('');
