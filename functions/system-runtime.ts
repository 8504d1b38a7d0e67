import { setTimeout } from 'node:timers/promises';
import type { Elapsed, Runtime } from './reconciler/dependencies.ts';

/** The machine's clocks and chance, and Cloud Logging's structured lines on standard output. */
export const systemRuntime: Runtime & Elapsed = {
  now: () => new Date(),
  elapsed: () => performance.now(),
  sleep: async (ms) => {
    await setTimeout(ms);
  },
  random: Math.random,
  log: (severity, message, fields = {}) => {
    process.stdout.write(
      `${JSON.stringify({ ...fields, severity, message, time: new Date().toISOString() })}\n`,
    );
  },
};
