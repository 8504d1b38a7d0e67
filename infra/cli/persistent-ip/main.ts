import { setTimeout } from 'node:timers/promises';
import { run } from './program.ts';

const isTerminal = process.stdout.isTTY === true;

process.exitCode = await run(
  {
    env: process.env,
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    stdin: process.stdin,
    colours: isTerminal && process.env.NO_COLOR === undefined,
    terminal: process.stderr.isTTY === true,
    now: () => new Date(),
    sleep: async (ms) => {
      await setTimeout(ms);
    },
  },
  process.argv.slice(2),
);
