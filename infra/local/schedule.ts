import type { Clock } from './clock.ts';

/** A job of Cloud Scheduler that calls something in this process. */
export interface Schedule {
  /** As `projects.locations.jobs.get` says it. Source: Cloud Scheduler API v1, Job. */
  job(): {
    readonly state: 'ENABLED' | 'PAUSED';
    readonly lastAttemptTime?: string;
    readonly scheduleTime?: string;
    readonly status: object;
  };
  pause(): void;
  resume(): void;
  close(): void;
}

/**
 * Calls `task` now and then every `ms` milliseconds, as Cloud Scheduler would; 0: now alone, and then it is paused.
 */
export const startSchedule = (clock: Clock, ms: number, task: () => void): Schedule => {
  let cancel: (() => void) | undefined;
  let next: Date | undefined;
  let last: Date | undefined;
  const run = (): void => {
    last = clock.now();
    task();
  };
  const again = (): void => {
    next = new Date(clock.now().getTime() + ms);
    cancel = clock.after(ms, () => {
      run();
      again();
    });
  };
  const pause = (): void => {
    cancel?.();
    cancel = undefined;
    next = undefined;
  };
  run();
  if (ms > 0) again();
  return {
    job: () => ({
      state: cancel === undefined ? 'PAUSED' : 'ENABLED',
      ...(last === undefined ? {} : { lastAttemptTime: last.toISOString() }),
      ...(next === undefined ? {} : { scheduleTime: next.toISOString() }),
      status: {},
    }),
    pause,
    resume: () => {
      if (cancel === undefined && ms > 0) again();
    },
    close: pause,
  };
};
