import { Failure } from '../../../../functions/persistent-ip/failure.ts';
import { CommandFailure } from '../failure.ts';
import { CannotLook, type Check, type Finding, type Result, unknown } from './finding.ts';

export interface RunOptions {
  /** Milliseconds that one check may take. */
  readonly limitMs: number;
  /** After each check. */
  readonly onDone?: (done: number, of: number) => void;
}

/**
 * All checks at once, each with its time; the results in the order of the checks. A check that throws, or is not done in
 * time, could not look: nothing of that is ever `ok`.
 */
export const runChecks = (
  checks: readonly Check[],
  { limitMs, onDone }: RunOptions,
): Promise<readonly Result[]> => {
  let done = 0;
  return Promise.all(
    checks.map(async (check) => {
      const finding = await inTime(check, limitMs);
      done += 1;
      onDone?.(done, checks.length);
      return { subject: check.subject, check: check.name, ...finding };
    }),
  );
};

const inTime = async (check: Check, limitMs: number): Promise<Finding> => {
  const over = new AbortController();
  const late = unknown(`no answer within ${limitMs / 1_000} s`, 'try again, or give --timeout more seconds');
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<Finding>((resolve) => {
    timer = setTimeout(() => {
      resolve(late);
      over.abort();
    }, limitMs);
  });
  try {
    return await Promise.race([end, check.look(over.signal).catch(findingOf)]);
  } finally {
    clearTimeout(timer);
  }
};

/** What a failure to look says. */
const findingOf = (error: unknown): Finding => {
  if (error instanceof CannotLook) return error.finding;
  if (error instanceof CommandFailure) return unknown(error.message, error.remedy);
  if (error instanceof Failure && (error.status === 401 || error.status === 403))
    return unknown(error.message, 'ask for the right to read it in the cluster (roles/container.viewer)');
  return unknown(error instanceof Error ? error.message : String(error));
};
