import protobuf from 'protobufjs';
import { loadDescriptors } from '../proto-json.ts';

/** `google.logging.v2` as @google-cloud/logging ships it. */
export const descriptors = loadDescriptors('@google-cloud/logging', '@google-cloud/logging-api');

const entryType = descriptors.lookupType('google.logging.v2.LogEntry');

/** What the LogEntry type says of a path. */
export interface Field {
  /** How its values compare; `any` in payloads and labels, where the type says nothing. */
  readonly kind: 'any' | 'time' | 'severity';
  /** What a comparison sees when the field is absent; without it the comparison fails. */
  readonly fallback?: string | number | boolean;
}

const severities = descriptors.lookupEnum('google.logging.type.LogSeverity').values;

/** The rank of a severity by its name, in any case, or by its number. */
export const severityRank = (severity: unknown): number | undefined =>
  typeof severity === 'number' ? severity : severities[String(severity).toUpperCase()];

/**
 * Looks a path up in the LogEntry type.
 * @returns undefined for a path that no LogEntry can have: the query is refused
 * Source: Cloud Logging, *Logging query language*, missing, defaulted and undefined fields.
 */
export const fieldAt = (path: readonly string[]): Field | undefined => {
  let type = entryType;
  for (const [index, name] of path.entries()) {
    const field = type.fields[name];
    if (field === undefined) return undefined;
    const last = index === path.length - 1;
    const inner = field.resolvedType;
    if (
      field.map ||
      inner?.fullName === '.google.protobuf.Any' ||
      inner?.fullName === '.google.protobuf.Struct'
    )
      return { kind: 'any' };
    if (inner instanceof protobuf.Enum) return last ? { kind: 'severity', fallback: 0 } : undefined;
    if (inner?.fullName === '.google.protobuf.Timestamp') return last ? { kind: 'time' } : undefined;
    if (!(inner instanceof protobuf.Type))
      return last ? { kind: 'any', fallback: zeroOf(field.type) } : undefined;
    type = inner;
  }
  return { kind: 'any' };
};

const zeroOf = (scalar: string): string | number | boolean => {
  if (scalar === 'bool') return false;
  return scalar === 'string' ? '' : 0;
};
