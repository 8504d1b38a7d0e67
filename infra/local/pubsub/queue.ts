import type { Clock } from '../clock.ts';
import type { Message } from './message.ts';

/** How long a message rests after a failed delivery, in milliseconds. */
export interface Backoff {
  readonly min: number;
  readonly max: number;
}

/** A message that one subscription has not acknowledged. */
export interface Held {
  readonly message: Message;
  /** Deliveries begun, the present one included. */
  attempts: number;
}

/**
 * The unacknowledged messages of one subscription: which may go out now.
 * With `ordered`, of the messages of one key only the oldest may, and it holds the key from its first delivery
 * until it is settled, its rests between attempts included.
 * Source: Pub/Sub, "Order messages" (push: one outstanding message a key), "Handle message failures".
 */
export class Queue {
  readonly #clock: Clock;
  readonly #backoff: Backoff;
  readonly #ordered: boolean;
  /** Called whenever something may have become ready. */
  readonly #onReady: () => void;
  readonly #ready: Held[] = [];
  /** The messages behind the one that holds the key. */
  readonly #behind = new Map<string, Held[]>();
  readonly #resting = new Map<Held, () => void>();
  readonly #outstanding = new Set<Held>();

  constructor(options: { clock: Clock; backoff: Backoff; ordered: boolean; onReady: () => void }) {
    this.#clock = options.clock;
    this.#backoff = options.backoff;
    this.#ordered = options.ordered;
    this.#onReady = options.onReady;
  }

  add(message: Message): void {
    const held = { message, attempts: 0 };
    const behind = this.#ordered && message.orderingKey ? this.#behind.get(message.orderingKey) : undefined;
    if (behind !== undefined) {
      behind.push(held);
      return;
    }
    if (this.#ordered && message.orderingKey) this.#behind.set(message.orderingKey, []);
    this.#ready.push(held);
    this.#onReady();
  }

  /** The next message that may go out, now outstanding; it must be settled or put back. */
  take(): Held | undefined {
    const held = this.#ready.shift();
    if (held === undefined) return undefined;
    held.attempts += 1;
    this.#outstanding.add(held);
    return held;
  }

  /** Acknowledged or given up: the message goes, and its key goes on. */
  settle(held: Held): void {
    if (!this.#outstanding.delete(held)) return;
    const key = held.message.orderingKey;
    if (!this.#ordered || !key) return;
    const next = this.#behind.get(key)?.shift();
    if (next === undefined) this.#behind.delete(key);
    else this.#ready.push(next);
    this.#onReady();
  }

  /** Not acknowledged: the message rests, then goes out again; its key waits with it. */
  putBack(held: Held): void {
    if (!this.#outstanding.delete(held)) return;
    const rest = restAfter(held.attempts, this.#backoff);
    const wake = this.#clock.after(rest, () => {
      this.#resting.delete(held);
      this.#ready.push(held);
      this.#onReady();
    });
    this.#resting.set(held, wake);
  }

  /** Messages not acknowledged: ready, outstanding, resting, and those behind them. */
  get size(): number {
    let size = this.#ready.length + this.#outstanding.size + this.#resting.size;
    for (const behind of this.#behind.values()) size += behind.length;
    return size;
  }

  /** Forgets everything and wakes nobody any more. */
  clear(): void {
    for (const cancel of this.#resting.values()) cancel();
    this.#resting.clear();
    this.#outstanding.clear();
    this.#behind.clear();
    this.#ready.length = 0;
  }
}

/** The base that a minimum of zero grows from after the first, immediate retry: push's own first backoff. */
const smallest = 100;

/** Doubles from the minimum with every failed attempt, and never exceeds the maximum. */
export const restAfter = (attempts: number, { min, max }: Backoff): number => {
  if (min === 0 && attempts === 1) return 0;
  const exponent = min === 0 ? attempts - 2 : attempts - 1;
  return Math.min(max, (min || smallest) * 2 ** Math.min(exponent, 30));
};
