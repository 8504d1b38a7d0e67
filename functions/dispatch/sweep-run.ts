import type { Cause } from '../../events/reconcile-request.ts';
import type { SweepScope } from '../persistent-ip/sweep-times.ts';

/** One run over one cluster. */
export interface Run {
  readonly scope: SweepScope;
  readonly cause: Cause;
  /** When it decides no more: what is left it leaves to the reconciler. */
  readonly deadline: Date;
}
