import { badField } from '../google-error.ts';
import type { Message } from './message.ts';
import { type Held, Queue } from './queue.ts';
import type { Settings } from './settings.ts';
import { fail, type Subscription, type Surroundings } from './subscription.ts';

/** A message in a pull's answer. */
export interface Received {
  readonly ackId: string;
  readonly message: Message;
  readonly deliveryAttempt?: number;
}

interface Lease {
  readonly held: Held;
  cancel: () => void;
}

/** Hands a subscription's messages out on request; a lease that runs out is a failed delivery. */
export class PullSubscription implements Subscription {
  readonly settings: Settings;
  readonly #around: Surroundings;
  readonly #queue: Queue;
  readonly #leases = new Map<string, Lease>();
  #next = 1;

  constructor(settings: Settings, around: Surroundings) {
    this.settings = settings;
    this.#around = around;
    const { backoff, ordered } = settings;
    this.#queue = new Queue({ clock: around.clock, backoff, ordered, onReady: () => {} });
  }

  receive(message: Message): void {
    this.#queue.add(message);
  }

  get size(): number {
    return this.#queue.size;
  }

  /** Up to `max` messages that may go out now; none is an empty list, at once. */
  pull(max: number): Received[] {
    if (max < 1) throw badField('maxMessages', 'maxMessages must be a positive number.');
    const received: Received[] = [];
    while (received.length < max) {
      const held = this.#queue.take();
      if (held === undefined) break;
      const ackId = `${this.settings.name}:${this.#next++}`;
      this.#leases.set(ackId, { held, cancel: this.#expire(ackId, this.settings.ackDeadline) });
      const { deadLetter } = this.settings;
      received.push({ ackId, message: held.message, ...(deadLetter && { deliveryAttempt: held.attempts }) });
    }
    return received;
  }

  /** Acknowledges; an id whose lease has run out or that never was is ignored, as in the real service. */
  acknowledge(ackIds: readonly string[]): void {
    for (const ackId of ackIds) {
      const lease = this.#end(ackId);
      if (lease !== undefined) this.#queue.settle(lease.held);
    }
  }

  /** Moves the end of a lease to `milliseconds` from now; 0 gives the message back at once. */
  extend(ackIds: readonly string[], milliseconds: number): void {
    if (milliseconds < 0 || milliseconds > 600_000)
      throw badField('ackDeadlineSeconds', 'Invalid ack deadline: 0 to 600 seconds.');
    for (const ackId of ackIds) {
      const lease = this.#leases.get(ackId);
      if (lease === undefined) continue;
      lease.cancel();
      if (milliseconds === 0) this.#giveUp(ackId);
      else lease.cancel = this.#expire(ackId, milliseconds);
    }
  }

  close(): void {
    for (const ackId of [...this.#leases.keys()]) this.#end(ackId);
    this.#queue.clear();
  }

  #expire(ackId: string, milliseconds: number): () => void {
    return this.#around.clock.after(milliseconds, () => this.#giveUp(ackId));
  }

  #giveUp(ackId: string): void {
    const lease = this.#end(ackId);
    if (lease !== undefined) fail(this.#queue, this.settings, this.#around, lease.held);
  }

  #end(ackId: string): Lease | undefined {
    const lease = this.#leases.get(ackId);
    this.#leases.delete(ackId);
    lease?.cancel();
    return lease;
  }
}
