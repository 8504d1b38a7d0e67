import { Readable } from 'node:stream';
import { run } from '../../../../infra/cli/persistent-ip/program.ts';
import type { Surroundings } from '../../../../infra/cli/persistent-ip/surroundings.ts';

/** One run of the command: its exit code and what it wrote. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in this process, in surroundings of its own. */
export const command = async (
  argv: readonly string[],
  more: Partial<Pick<Surroundings, 'env' | 'colours' | 'stdin' | 'now' | 'sleep'>> = {},
): Promise<Ran> => {
  const written = { out: '', err: '' };
  const code = await run(
    {
      env: {},
      out: (text) => {
        written.out += text;
      },
      err: (text) => {
        written.err += text;
      },
      stdin: Readable.from([]),
      colours: false,
      terminal: false,
      now: () => new Date('2026-11-25T14:05:00Z'),
      sleep: () => Promise.resolve(),
      ...more,
    },
    argv,
  );
  return { code, ...written };
};
