import type { TestProject } from 'vitest/node';
import { startEmulator, whyNot } from './emulator.ts';
import { lacks } from './lacks.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the emulator of this run is. */
    readonly pubsubEmulator: string;
  }
}

/**
 * Starts one emulator for all files, and says what it lacks.
 * @throws Error with the reason where it cannot be started: nothing is skipped
 */
export const setup = async (project: TestProject): Promise<() => Promise<void>> => {
  const reason = whyNot();
  if (reason !== undefined) throw new Error(`the Pub/Sub emulator cannot be started: ${reason}`);
  const { url, stop } = await startEmulator();
  const list = Object.values(lacks).map((what) => `  - ${what}`);
  process.stderr.write(`The Pub/Sub emulator serves at ${url}. It lacks:\n${list.join('\n')}\n`);
  project.provide('pubsubEmulator', url);
  return stop;
};
