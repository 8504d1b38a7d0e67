import type { Clock } from './clock.ts';

/**
 * Calls `task` now and then every `ms` milliseconds, as Cloud Scheduler would; 0: now alone.
 * @returns what ends it
 */
export const everySoOften = (clock: Clock, ms: number, task: () => void): (() => void) => {
  let cancel = (): void => {};
  const again = (): void => {
    cancel = clock.after(ms, () => {
      task();
      again();
    });
  };
  task();
  if (ms > 0) again();
  return () => cancel();
};
