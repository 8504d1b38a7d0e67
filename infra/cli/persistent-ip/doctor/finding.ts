/**
 * What a check came to:
 *
 * - `ok`: it was looked at, and is as it should be
 * - `warning`: it works, and will not for long, or not for everybody
 * - `failed`: it is not as it should be
 * - `unknown`: it could not be looked at: no right, no answer, no time; never the same as ok
 * - `skipped`: there is nothing to look at: no route yet, or this cloud has no such thing
 */
export type Status = 'ok' | 'warning' | 'failed' | 'unknown' | 'skipped';

export interface Finding {
  readonly status: Status;
  /** What was found, in a sentence. */
  readonly found: string;
  /** What mends it: a command where there is one. */
  readonly remedy?: string;
}

/** One question about an installation. */
export interface Check {
  /** What is asked about, as `cluster prod`. */
  readonly subject: string;
  readonly name: string;
  /**
   * @param signal ends what is still asked when the time is over
   * @throws CannotLook, or whatever a client rejects with; both are `unknown`
   */
  look(signal: AbortSignal): Promise<Finding>;
}

/** The answer to a check. */
export interface Result extends Finding {
  readonly subject: string;
  readonly check: string;
}

export const ok = (found: string): Finding => ({ status: 'ok', found });
export const skipped = (found: string): Finding => ({ status: 'skipped', found });
export const warning = (found: string, remedy: string): Finding => ({ status: 'warning', found, remedy });
export const failed = (found: string, remedy: string): Finding => ({ status: 'failed', found, remedy });
export const unknown = (found: string, remedy?: string): Finding => ({
  status: 'unknown',
  found,
  ...(remedy === undefined ? {} : { remedy }),
});

/** Why a check could not look, for whoever asked: never a statement about the installation. */
export class CannotLook extends Error {
  readonly finding: Finding;

  constructor(finding: Finding, options?: ErrorOptions) {
    super(finding.found, options);
    this.name = 'CannotLook';
    this.finding = finding;
  }
}

const few = 3;

/** `a, b, c and 4 more`. */
export const some = (names: readonly string[]): string =>
  names.length <= few ? names.join(', ') : `${names.slice(0, few).join(', ')} and ${names.length - few} more`;

/** `1 route`, `2 routes`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
