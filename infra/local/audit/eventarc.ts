import type { Clock } from '../clock.ts';
import { type ComputeAuditEvent, cloudEventHeaders, computeEntry } from './compute-entry.ts';

export interface EventarcOptions {
  readonly clock: Clock;
  /** The exact methods that triggers exist for. */
  readonly methods: readonly string[];
  readonly target: string;
  readonly sign: (claims: { readonly audience: string; readonly email: string }) => Promise<string>;
  /** The triggers' service account. */
  readonly email: string;
}

/** Tries of one event, and the pause before the first repetition, which doubles. */
const tries = 6;
const firstPause = 250;

/**
 * Eventarc triggers for Compute audit events: those of the listed methods go to the target as CloudEvents in binary
 * mode, with a token for it; a refused one is sent again.
 */
export const startEventarc = (options: EventarcOptions) => {
  const underWay = new Set<Promise<void>>();
  let closed = false;
  const deliver = async (event: ComputeAuditEvent): Promise<void> => {
    const entry = computeEntry(event);
    for (let attempt = 0; attempt < tries && !closed; attempt++) {
      const token = await options.sign({ audience: options.target, email: options.email });
      const headers = { ...cloudEventHeaders(entry, event), authorization: `Bearer ${token}` };
      const response = await fetch(options.target, {
        method: 'POST',
        headers,
        body: JSON.stringify(entry),
      }).catch(() => undefined);
      await response?.arrayBuffer();
      if (response?.ok === true) return;
      await new Promise<void>((resolve) => options.clock.after(firstPause * 2 ** attempt, resolve));
    }
  };
  return {
    handle: (event: ComputeAuditEvent): void => {
      if (!options.methods.includes(event.methodName)) return;
      const delivery = deliver(event).finally(() => underWay.delete(delivery));
      underWay.add(delivery);
    },
    /** Resolves when nothing is on its way. */
    idle: async (): Promise<void> => {
      while (underWay.size > 0) await Promise.all(underWay);
    },
    close: (): void => {
      closed = true;
    },
  };
};
