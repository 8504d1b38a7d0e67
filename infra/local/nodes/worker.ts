import type { Clock } from '../clock.ts';

/** Waits `ms`, or until `signal` ends everything. */
export const pause = (clock: Clock, ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = (): void => {
      cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const cancel = clock.after(ms, end);
    signal.addEventListener('abort', end);
  });

/** Keys to be worked on: each at most once at a time, again when it was added meanwhile. */
export interface Worker {
  add(key: string): void;
  /** Adds `key` after `ms`; the soonest of several wins. */
  addAfter(key: string, ms: number): void;
  /** Resolves when, after its signal, the last work under way has ended. */
  readonly ended: Promise<void>;
}

export interface WorkerOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /**
   * Brings what `key` names one step nearer to what it should be, from the state at hand. A number asks to be
   * called again after so many milliseconds; a rejection, after a pause that doubles each time.
   */
  // biome-ignore lint/suspicious/noConfusingVoidType: most work asks for nothing, and says so by returning nothing
  readonly work: (key: string) => Promise<number | undefined | void>;
  readonly onError?: ((error: unknown, key: string) => void) | undefined;
  /** The longest pause after failures, in milliseconds. */
  readonly longestPause?: number;
}

const firstPause = 5;

/** A work queue as controllers have it (client-go `util/workqueue`): events collapse, failures back off. */
export const startWorker = (options: WorkerOptions): Worker => {
  const { clock, signal, work, onError, longestPause = 30_000 } = options;
  const running = new Set<string>();
  const again = new Set<string>();
  const failures = new Map<string, number>();
  const timers = new Map<string, { readonly at: number; readonly cancel: () => void }>();
  const ended = Promise.withResolvers<void>();

  const addAfter = (key: string, ms: number): void => {
    if (signal.aborted) return;
    const at = clock.now().getTime() + ms;
    const set = timers.get(key);
    if (set !== undefined && set.at <= at) return;
    set?.cancel();
    const cancel = clock.after(ms, () => {
      timers.delete(key);
      add(key);
    });
    timers.set(key, { at, cancel });
  };
  const run = async (key: string): Promise<void> => {
    try {
      const wait = await work(key);
      failures.delete(key);
      if (typeof wait === 'number') addAfter(key, wait);
    } catch (error) {
      if (signal.aborted) return;
      const failed = failures.get(key) ?? 0;
      failures.set(key, failed + 1);
      onError?.(error, key);
      addAfter(key, Math.min(firstPause * 2 ** failed, longestPause));
    } finally {
      running.delete(key);
      if (again.delete(key)) add(key);
      if (signal.aborted && running.size === 0) ended.resolve();
    }
  };
  const add = (key: string): void => {
    if (signal.aborted) return;
    if (running.has(key)) {
      again.add(key);
      return;
    }
    running.add(key);
    // Later in this turn: a burst of events about one key is then one piece of work.
    queueMicrotask(() => void run(key));
  };
  const stop = (): void => {
    for (const { cancel } of timers.values()) cancel();
    timers.clear();
    again.clear();
    if (running.size === 0) ended.resolve();
  };
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  return { add, addAfter, ended: ended.promise };
};
