import { setTimeout } from 'node:timers/promises';
import type { Runtime } from './reconciler/dependencies.ts';

/** The machine's clock and chance, and Cloud Logging's structured lines on standard output. */
export const systemRuntime: Runtime = {
  now: () => new Date(),
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
