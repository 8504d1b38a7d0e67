#!/usr/bin/env node
// The command `persistent-ip`, and `kubectl persistent-ip` under its other name. Plain JavaScript, because the first thing
// that it does is to find a Node that runs TypeScript as it is.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const here = import.meta.dirname ?? new URL('.', import.meta.url).pathname;
const program = join(here, 'persistent-ip/main.ts');
const installed = join(here, '../../node_modules/.bin/node');

if (process.features.typescript) await import(program);
else if (existsSync(installed)) {
  const { status } = spawnSync(installed, [program, ...process.argv.slice(2)], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
} else {
  process.stderr.write(
    `error: this is Node ${process.version}: use Node 24, or run npm ci in ${join(here, '../..')}\n`,
  );
  process.exitCode = 1;
}
