import { type AuditEntry, holderEntry } from '../../../functions/persistent-ip/audit.ts';
import { within } from '../../../functions/persistent-ip/history-range.ts';
import type { Holder } from '../../../functions/persistent-ip/holder-record.ts';
import { cause, clusterKey, metadata, start } from '../fixtures.ts';

export const ip = '34.1.2.3';

export const at = (minute: number): string => new Date(start.getTime() + minute * 60_000).toISOString();

export const time = (minute: number): number => Date.parse(at(minute));

export const intervalAt = (intervals: Parameters<typeof within>[0], moment: number) =>
  within(intervals, { from: moment, to: moment })[0];

export const podOf = (name: string): Holder => ({
  pod: name,
  uid: `uid-${name}`,
  node: `node-of-${name}`,
  zone: 'us-central1-a',
  podIP: '10.0.0.7',
});

export const change = (
  minute: number,
  before: string | undefined,
  after: string | undefined,
  { route = 'nat', addresses = [ip] }: { route?: string; addresses?: readonly string[] } = {},
): AuditEntry =>
  holderEntry(clusterKey, metadata(route), {
    holder: after === undefined ? undefined : podOf(after),
    before: before === undefined ? undefined : podOf(before),
    at: at(minute),
    cause: { ...cause, at: new Date(time(minute) - 300).toISOString() },
    replaced: `fp-${minute}`,
    written: at(minute),
    addresses,
    moves: [],
  });

/** An entry of a status: what the spec claims, and whether Google Cloud has it. */
export const status = (
  minute: number,
  addresses: readonly string[],
  gcpReady: 'True' | 'False',
): AuditEntry => ({
  ...change(minute, undefined, undefined),
  insertId: `rv-${minute}`,
  action: 'condition',
  addresses,
  conditions: [{ type: 'GCPReady', status: gcpReady, reason: 'r', message: '' }],
});
