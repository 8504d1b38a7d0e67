import { createHash } from 'node:crypto';
import type { Json } from '../types.ts';

/**
 * *A hash of the contents stored in this object* (proto comment of `fingerprint`): equal contents have equal
 * fingerprints, so a write that changes nothing keeps it, and a change taken back brings it back.
 */
export const fingerprintOf = (contents: Json): string =>
  createHash('sha256')
    .update(JSON.stringify(contents, sortedKeys))
    .digest()
    .subarray(0, 8)
    .toString('base64');

const sortedKeys = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;
