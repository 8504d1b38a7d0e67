import type { Cause } from '../../events/reconcile-request.ts';
import type { Failure } from '../persistent-ip/failure.ts';
import type { SweepScope } from '../persistent-ip/sweep-times.ts';

/** One run over one cluster. */
export interface Run {
  readonly scope: SweepScope;
  readonly cause: Cause;
  /** When it decides no more: what is left it leaves to the reconciler. */
  readonly deadline: Date;
}

/** A failure as a log line has it. */
export const wordsOf = ({ code, message }: Failure): string => `${code}: ${message}`;
