import { execFileSync } from 'node:child_process';
import { cpus, loadavg, release, totalmem } from 'node:os';

/** Under what a run was made: without it a figure of milliseconds says nothing. */
export interface Conditions {
  readonly date: string;
  readonly commit: string;
  readonly node: string;
  readonly system: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  /** Of the minute before the run; an idle machine has less than its number of cores, by far. */
  readonly load: number;
}

const git = (...words: readonly string[]): string =>
  execFileSync('git', words, { cwd: import.meta.dirname, encoding: 'utf8' }).trim();

export const conditionsAt = (now: Date): Conditions => ({
  date: now.toISOString().slice(0, 16),
  commit: `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain', '-uno') === '' ? '' : ' and changes'}`,
  node: process.version,
  system: `${process.platform} ${release()} ${process.arch}`,
  processor: cpus()[0]?.model.trim() ?? 'unknown',
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  load: Math.round((loadavg()[0] ?? 0) * 100) / 100,
});

export const conditionsText = (at: Conditions): string =>
  `${at.date}Z, commit ${at.commit}, Node ${at.node}, ${at.system}, ${at.cores} cores of ${at.processor}, ` +
  `${at.memoryGiB} GiB, load average ${at.load} before the run`;
