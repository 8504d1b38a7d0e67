import { createHash } from 'node:crypto';
import { type AuditEntry, agentSilent } from './audit.ts';
import type { Holder } from './holder-record.ts';

/** What a Kubernetes Event on a route says, made of the audit entry of the same change and of nothing else. */
export interface RouteEvent {
  /** The same for the same thing happening again, which then is counted and no second Event. */
  readonly name: string;
  readonly route: AuditEntry['route'];
  readonly action: 'Allocate' | 'Move' | 'Release' | 'Refuse' | 'Report';
  /** `Allocated`, `Moved`, `Released`, or the condition's own reason. */
  readonly reason: string;
  readonly type: 'Normal' | 'Warning';
  /** At most 1,024 bytes. */
  readonly note: string;
  /** When it happened, RFC 3339 with milliseconds: the entry's time, so that an entry that comes again says the same. */
  readonly at: string;
  /** The Pod that it is about, where there is one. */
  readonly pod?: { readonly name: string; readonly uid: string };
}

/**
 * The Events of an audit entry: one for a change of holder, one for each condition that turned into a refusal or failure.
 * What only goes on, and what has healed, is in the status and gets none. The rules' own words, cut to what an Event holds.
 */
export const routeEvents = (entry: AuditEntry): readonly RouteEvent[] => {
  switch (entry.action) {
    case 'allocate':
    case 'move':
    case 'release':
      return [event(entry, holderWords(entry))];
    case 'refuse':
    case 'condition':
      return failures(entry).map(({ type, reason, message }) =>
        event(entry, {
          action: type === 'Accepted' ? 'Refuse' : 'Report',
          reason,
          type: 'Warning',
          note: message,
        }),
      );
  }
};

type Words = Pick<RouteEvent, 'action' | 'reason' | 'type' | 'note'> & { readonly pod?: Holder | undefined };

const holderWords = ({ action, addresses, from, to, cause }: AuditEntry): Words => {
  const ips = addresses.join(', ');
  const because = cause === undefined ? '' : ` (cause: ${cause.method})`;
  if (to === undefined)
    return {
      action: 'Release',
      reason: 'Released',
      type: 'Normal',
      note: `Nobody holds ${ips}: until now it was ${place(from)}${because}`,
      pod: from,
    };
  if (action === 'allocate' || from === undefined)
    return {
      action: 'Allocate',
      reason: 'Allocated',
      type: 'Normal',
      note: `${ips} went to ${place(to)}${because}`,
      pod: to,
    };
  const same = from.pod === to.pod && from.node === to.node;
  const how = from.uid === to.uid ? `has the new IP ${to.podIP || '(none yet)'}` : 'was made anew';
  return {
    action: 'Move',
    reason: 'Moved',
    type: 'Normal',
    note: same
      ? `${ips} stayed with ${place(to)}, which ${how}${because}`
      : `${ips} went from ${place(from)} to ${place(to)}${because}`,
    pod: to,
  };
};

const place = (holder: Holder | undefined): string =>
  holder === undefined ? 'a Pod that nobody knows' : `Pod ${holder.pod} on node ${holder.node}`;

type Changed = NonNullable<AuditEntry['conditions']>[number];

/** Reasons of `GCPReady` that are a step on the way and no failure. */
const onTheWay: readonly string[] = ['GCPNotReady', 'CleanupComplete'];

/**
 * Conditions of an entry that somebody must look at. `Ready` only repeats another one, which is among them, except where
 * the node agent has written that one itself, or has written nothing in time: then `Ready` alone has changed by us.
 */
const failures = ({ conditions = [], outcome }: AuditEntry): readonly Changed[] =>
  conditions.filter(({ type, status, reason }) => {
    switch (type) {
      case 'Accepted':
        // `Mutated`: the route is being deleted.
        return status === 'False' && reason !== 'Mutated';
      case 'GCPReady':
        return status === 'False' && !onTheWay.includes(reason);
      case 'Ready':
        return (
          outcome === agentSilent ||
          (reason === 'DPV2NotReady' && !conditions.some((other) => other.type === 'DPV2Ready'))
        );
      case 'SecondController':
        return status === 'True';
      default:
        return false;
    }
  });

/** Source: Kubernetes, `pkg/apis/core/validation/events.go`, NoteLengthLimit. */
const mostNoteBytes = 1024;

const event = ({ route, timestamp }: AuditEntry, { pod, note, ...words }: Words): RouteEvent => {
  const said = { ...words, note: cut(note, mostNoteBytes) };
  return {
    name: nameOf(route, said, pod?.uid ?? ''),
    route,
    ...said,
    at: timestamp,
    ...(pod === undefined ? {} : { pod: { name: pod.pod, uid: pod.uid } }),
  };
};

/** By the API server's rule for Events a note never changes, so it is part of what makes two of them the same. */
const nameOf = (
  { name, uid }: AuditEntry['route'],
  { action, reason, note }: Omit<Words, 'pod'>,
  pod: string,
): string => {
  const hash = createHash('sha256')
    .update(JSON.stringify([uid, action, reason, pod, note]))
    .digest('hex');
  // The longest name of an object has 253 characters, and no part of it ends in a dash or a dot.
  return `${name.slice(0, 253 - 17).replace(/[-.]+$/, '')}.${hash.slice(0, 16)}`;
};

/** At most so many bytes of UTF-8, and no half character. */
const cut = (text: string, most: number): string => {
  if (Buffer.byteLength(text) <= most) return text.toWellFormed();
  const ellipsis = '…';
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const room = most - Buffer.byteLength(ellipsis);
  const kept = decoder.decode(Buffer.from(text).subarray(0, room), { stream: true });
  return `${kept}${ellipsis}`;
};
