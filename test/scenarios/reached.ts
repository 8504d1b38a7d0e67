import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { keyOf, sayings } from '../sayings.ts';

/**
 * The global setup of every suite that runs the scenarios: at its end each reason of docs/conditions.md must have been
 * reached by one of them, through the real HTTP edges. A run of some files only is not judged.
 */

/** The folder in which stages note what they saw. */
const variable = 'REASONS_REACHED';

/** What one stage of one test file saw. */
export const noteReached = (testFile: string, keys: Iterable<string>): void => {
  const folder = process.env[variable];
  if (folder === undefined) return;
  const note = { file: basename(testFile), keys: [...keys] };
  writeFileSync(join(folder, `${process.pid}-${process.hrtime.bigint()}.json`), JSON.stringify(note));
};

/** `Ready` repeats the others' reasons when it is False: it is judged by what it repeats. */
const wanted: readonly string[] = sayings
  .filter(({ type, status }) => type !== 'Ready' || status === 'True')
  .map((saying) => keyOf(saying.kind, saying));

const scenarioFiles = (): readonly string[] =>
  readdirSync(new URL('.', import.meta.url)).filter((file) => file.endsWith('.test.ts'));

export default (): (() => void) => {
  const folder = mkdtempSync(join(tmpdir(), 'reasons-reached-'));
  process.env[variable] = folder;
  return () => {
    const notes = readdirSync(folder).map(
      (name) =>
        JSON.parse(readFileSync(join(folder, name), 'utf8')) as { file: string; keys: readonly string[] },
    );
    rmSync(folder, { recursive: true });
    const ran = new Set(notes.map(({ file }) => file));
    if (ran.size === 0 || scenarioFiles().some((file) => !ran.has(file))) return;
    const reached = new Set(notes.flatMap(({ keys }) => keys));
    const missing = wanted.filter((key) => !reached.has(key));
    process.stdout.write(`scenarios reached ${wanted.length - missing.length} of ${wanted.length} reasons\n`);
    if (missing.length > 0) throw new Error(`no scenario reaches:\n${missing.join('\n')}`);
  };
};
