import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { benches } from './benches.ts';
import { conditionsAt, conditionsText } from './frame/conditions.ts';
import { draw } from './frame/drawing.ts';
import { type Bench, brokenBars } from './frame/figure.ts';
import { chartFile, withResult } from './frame/page.ts';
import { resultText } from './frame/table.ts';

/**
 * `npm run bench [-- NAME… --write --quick]`: runs benches, all of them without a name, and prints their figures. JSON and
 * pictures go to `dist/bench`, or with `--write` to `docs/performance`, and docs/performance.md is brought up to date;
 * `--quick` is for a look.
 * Ends with 1 when a bar does not hold.
 */
const root = join(import.meta.dirname, '../..');
const known: Readonly<Record<string, () => Promise<Bench>>> = benches;
const help = `npm run bench -- [NAME…] [--write] [--quick]

Runs the benches ${Object.keys(known).join(', ')}: those that are named, or all. Prints their figures, and ends with 1 when a bar
does not hold. JSON and pictures go to dist/bench.

  --write   into docs/performance instead, and brings docs/performance.md up to date
  --quick   fewer runs, for a look
  --help    print this`;

const readOptions = () => {
  try {
    return parseArgs({
      options: {
        write: { type: 'boolean', default: false },
        quick: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
      allowPositionals: true,
    });
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${help}\n`);
    process.exit(2);
  }
};

const { values, positionals } = readOptions();
if (values.help) {
  process.stdout.write(`${help}\n`);
  process.exit(0);
}
const strange = positionals.filter((name) => !Object.hasOwn(known, name));
if (strange.length > 0) {
  process.stderr.write(
    `no bench is called ${strange.join(', ')}; there are ${Object.keys(known).join(', ')}\n`,
  );
  process.exit(2);
}

const folder = join(root, values.write ? 'docs' : 'dist/bench');
const page = join(root, 'docs/performance.md');
mkdirSync(join(folder, 'performance'), { recursive: true });
const write = (file: string, text: string): void => {
  writeFileSync(join(folder, file), text);
};

const say = (line: string): void => {
  process.stderr.write(`  ${line}\n`);
};

const began = performance.now();
for (const name of positionals.length > 0 ? positionals : Object.keys(known)) {
  const conditions = conditionsAt(new Date());
  const bench = await known[name]?.();
  if (bench === undefined) continue;
  process.stdout.write(`\n## ${bench.title}\n\n`);
  const from = performance.now();
  const result = await bench.run({ say, quick: values.quick });
  const seconds = Math.round((performance.now() - from) / 1000);
  process.stdout.write(`${resultText(result)}\n\n${conditionsText(conditions)}; it took ${seconds} s\n`);
  if (result.figures.some((figure) => brokenBars(figure).length > 0)) process.exitCode = 1;
  write(`performance/${name}.json`, `${JSON.stringify({ name, conditions, ...result }, undefined, 2)}\n`);
  for (const chart of result.charts) write(chartFile(name, chart.name), draw(chart));
  if (values.write) writeFileSync(page, withResult(readFileSync(page, 'utf8'), name, result, conditions));
}
// As `npm run format` would: tables are aligned, and so is the JSON.
if (values.write)
  execFileSync(join(root, 'node_modules/.bin/biome'), ['format', '--write', 'docs'], { cwd: root });
process.stdout.write(
  `\n${relative(process.cwd(), join(folder, 'performance'))}: JSON and pictures; ${Math.round((performance.now() - began) / 1000)} s in all\n`,
);
