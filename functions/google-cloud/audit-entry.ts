import * as v from 'valibot';
import type { AuditEntry } from '../persistent-ip/audit.ts';
import { type AnyStruct, plainOf } from './struct.ts';

const text = v.string();
const holder = v.object({ pod: text, uid: text, node: text, zone: text, podIP: text });
const causeOf = v.object({ insertId: text, method: text, principal: text, at: text });
const condition = v.object({ type: text, status: text, reason: text, message: text });

/** What only tells more of an entry: one that has it in another form is an entry without it. */
const orAbsent = <T extends v.GenericSchema>(schema: T) => v.fallback(v.optional(schema), undefined);

/** All that an entry has beside its id and time: one that is left out here is lost to every reader. */
const Payload = v.object({
  action: v.picklist(['allocate', 'move', 'release', 'refuse', 'condition']),
  cluster: v.object({ project: text, location: text, name: text }),
  route: v.object({ namespace: text, name: text, uid: text }),
  addresses: v.array(text),
  from: v.optional(holder),
  to: v.optional(holder),
  cause: orAbsent(causeOf),
  latencyMs: orAbsent(v.number()),
  changes: orAbsent(v.number()),
  conditions: orAbsent(v.array(condition)),
  outcome: text,
} satisfies Record<Exclude<keyof AuditEntry, 'insertId' | 'timestamp'>, v.GenericSchema>);

/** An entry as the client of Cloud Logging gives it. */
export interface Logged {
  readonly insertId?: string | null;
  readonly timestamp?: unknown;
  readonly jsonPayload?: AnyStruct | null;
}

/** Whatever is in the log that no function of ours wrote is left out: who may write logs of the project may write there. */
export const entryOf = ({ insertId, timestamp, jsonPayload }: Logged): readonly AuditEntry[] => {
  const time = timeOf(timestamp);
  const payload = v.safeParse(Payload, plainOf(jsonPayload ?? {}));
  if (typeof insertId !== 'string' || insertId === '' || time === undefined || !payload.success) return [];
  const { from, to, cause, latencyMs, changes, conditions, ...rest } = payload.output;
  return [
    {
      ...rest,
      insertId,
      timestamp: time,
      ...(from && { from }),
      ...(to && { to }),
      ...(cause && { cause }),
      ...(latencyMs !== undefined && { latencyMs }),
      ...(changes !== undefined && { changes }),
      ...(conditions && { conditions }),
    },
  ];
};

const timeOf = (timestamp: unknown): string | undefined => {
  if (typeof timestamp !== 'object' || timestamp === null) return undefined;
  const { seconds, nanos } = timestamp as { seconds?: unknown; nanos?: unknown };
  const time = new Date(Number(seconds) * 1000 + Math.floor(Number(nanos ?? 0) / 1_000_000));
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
};
