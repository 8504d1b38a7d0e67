import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cacheFileOf, functionsFile, load } from '../../../infra/bundle/loader/load.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loader-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (body: string): void =>
  writeFileSync(
    join(folder, functionsFile),
    `(function (exports, require, module, __filename, __dirname) {\n${body}\n})\n`,
  );

describe('the loader', () => {
  it('runs the script with what CommonJS gives it', () => {
    write(
      "exports.seen = [require('node:path').basename(__filename), __dirname, module.exports === exports];",
    );
    expect(load(folder)).toMatchObject({ cache: 'none', exports: { seen: [functionsFile, folder, true] } });
  });

  it('takes what was compiled ahead, functions that were called among it', () => {
    write('exports.add = (a, b) => a + b;');
    const first = load(folder);
    writeFileSync(join(folder, cacheFileOf('reconcile')), first.script.createCachedData());
    const second = load(folder);
    expect(second.cache).toBe('used');
    expect((second.exports as { add(a: number, b: number): number }).add(1, 2)).toBe(3);
  });

  it('reads what was compiled for its function, and for the others what reconcile needs', () => {
    write('exports.one = 1;');
    writeFileSync(join(folder, cacheFileOf('reconcile')), load(folder).script.createCachedData());
    expect(
      [undefined, 'reconcile', 'sweep', 'onClusterEvent'].map((name) => load(folder, name).cache),
    ).toEqual(['used', 'used', 'used', 'none']);
  });

  it('compiles anew where the cache is of another V8, of another source, or no cache', () => {
    const bytes = (value: number): Buffer => {
      write(`exports.value = ${value};`);
      return load(folder).script.createCachedData();
    };
    // A text that this process has compiled before is not compiled again, whatever the cache: each case has its own.
    const cases: readonly (readonly [Buffer, number])[] = [
      [Buffer.from('nothing'), 1],
      [Buffer.alloc(0), 2],
      [bytes(3).fill(0, 4, 8), 4],
      [bytes(5), 6_000],
    ];
    for (const [cache, value] of cases) {
      writeFileSync(join(folder, cacheFileOf('reconcile')), cache);
      write(`exports.value = ${value};`);
      expect(load(folder)).toMatchObject({ cache: 'rejected', exports: { value } });
    }
  });
});

it('a map that cannot be read hides no fault', () => {
  write("throw new TypeError('the fault itself');");
  const stacks = join(import.meta.dirname, '../../../infra/bundle/loader/stacks.ts');
  const loader = join(import.meta.dirname, '../../../infra/bundle/loader/load.ts');
  const program = `
    import { tellSources } from ${JSON.stringify(stacks)};
    import { load } from ${JSON.stringify(loader)};
    tellSources(${JSON.stringify(join(folder, functionsFile))});
    load(${JSON.stringify(folder)});`;
  const { stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
  });
  expect(stderr).toMatch(/TypeError: the fault itself\n {4}at .*functions\.js:2:7/);
});
