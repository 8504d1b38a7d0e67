#!/usr/bin/env node
// The command `persistent-ip`, and `kubectl persistent-ip` under its other name. Plain JavaScript, because the first thing
// that it does is to find a Node that runs TypeScript as it is.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, sep } from 'node:path';

const here = import.meta.dirname ?? new URL('.', import.meta.url).pathname;
const program = join(here, 'persistent-ip/main.ts');
const installed = join(here, '../../node_modules/.bin/node');

const fail = (message) => {
  process.stderr.write(`error: ${message}\n`);
  process.exitCode = 1;
};

// Node runs no TypeScript in node_modules, whatever its version, and a package that is installed lacks the tools of a clone.
if (here.split(sep).includes('node_modules'))
  fail(
    'persistent-ip runs in a clone of the repository, not as an installed package: in the clone, npm ci, then npx persistent-ip or npm link',
  );
else if (process.features.typescript) await import(program);
else if (existsSync(installed)) {
  const { status } = spawnSync(installed, [program, ...process.argv.slice(2)], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
} else fail(`this is Node ${process.version}: use Node 24, or run npm ci in ${join(here, '../..')}`);
