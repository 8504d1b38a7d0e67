import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

let bin: string;

/** An `npm` that says what it was asked, and fails where the suite's name is `FAILS`. */
const npm = '#!/usr/bin/env bash\necho "npm $*"\n[ "$3" != "$FAILS" ]\n';

beforeEach(() => {
  bin = mkdtempSync(join(tmpdir(), 'nightly-'));
  writeFileSync(join(bin, 'npm'), npm, { mode: 0o755 });
});
afterEach(() => rmSync(bin, { recursive: true }));

const nightly = (more: Readonly<Record<string, string>>) => {
  const { status, stdout } = spawnSync('.ci/nightly', {
    env: { PATH: `${bin}:${process.env.PATH}`, ...more },
    encoding: 'utf8',
  });
  return { status, lines: stdout.trimEnd().split('\n') };
};

it('what runs at night runs whole, and says so in its last line', () => {
  const { status, lines } = nightly({});
  expect(lines.filter((line) => line.startsWith('npm'))).toEqual([
    'npm run --silent simulate -- --seeds 20000',
    'npm run --silent fuzz -- --inputs 100000',
    'npm run --silent load -- --routes 1000',
    'npm run --silent load -- --routes 100 --instances 3 --quota 1500',
    'npm run --silent bench --',
  ]);
  expect(lines.at(-1)).toBe('nightly: 5 passed (simulation fuzz load instances bench), 0 failed (none)');
  expect(status).toBe(0);
});

it('its sizes may be given', () => {
  const sizes = {
    SEEDS: '20',
    INPUTS: '250',
    ROUTES: '4',
    SHARED: '5',
    LOAD: '--rate 400',
    BENCH: 'move --quick',
  };
  expect(nightly(sizes).lines.filter((line) => line.startsWith('npm'))).toEqual([
    'npm run --silent simulate -- --seeds 20',
    'npm run --silent fuzz -- --inputs 250',
    'npm run --silent load -- --routes 4 --rate 400',
    'npm run --silent load -- --routes 5 --instances 3 --quota 1500 --rate 400',
    'npm run --silent bench -- move --quick',
  ]);
});

it.each([
  ['simulate', 'simulation'],
  ['fuzz', 'fuzz'],
  ['load', 'load instances'],
  ['bench', 'bench'],
])('a failure of %s fails the night, and the others run even so', (name, failed) => {
  const { status, lines } = nightly({ FAILS: name });
  expect(lines.filter((line) => line.startsWith('npm'))).toHaveLength(5);
  expect(lines.at(-1)).toMatch(/^nightly: \d passed \(.*\), \d failed /);
  expect(lines.at(-1)).toContain(`failed (${failed})`);
  expect(status).toBe(1);
});
