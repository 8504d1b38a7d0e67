import { build } from './build.ts';

/** Builds the control plane if this machine has not built it yet, and says so. */
export const setup = async (): Promise<void> => {
  await build((line) => process.stderr.write(`${line}\n`));
};
