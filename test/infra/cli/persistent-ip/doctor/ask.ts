import { command } from '../terminal.ts';

/** A line of doctor's. */
export interface Line {
  readonly subject: string;
  readonly check: string;
  readonly status: string;
  readonly found: string;
  readonly remedy?: string;
}

/** One run of doctor, as programs read it. */
export const askDoctor = async (env: Readonly<Record<string, string>>, now = new Date()) => {
  const { code, out } = await command(['doctor', '-o', 'json'], { env, now: () => now });
  const { checks, summary } = JSON.parse(out) as { checks: readonly Line[]; summary: object };
  return { code, checks, summary };
};

/** The lines of one status. */
export const linesOf = (checks: readonly Line[], status: string): readonly Line[] =>
  checks.filter((line) => line.status === status);
