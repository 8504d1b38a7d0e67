import type { CallOptions } from 'google-gax';
import { Failure } from '../persistent-ip/failure.ts';
import { sendOnce } from './call-options.ts';
import type { ComputeClients } from './compute-clients.ts';
import type { Accepted } from './compute-steps.ts';
import { failureOf } from './failure-of.ts';
import { blocking, type Pace, persist } from './persist.ts';

/** A pause between two questions about one operation, for a server whose `wait` does not block, milliseconds. */
const pause = 200;

/** What an apply still has of its delivery's time. */
export interface Remaining {
  /** @throws Failure `unfinished` when the deadline has passed */
  ms(what: string): number;
}

/** The time until a deadline, asked afresh before each request. */
export const until = (deadline: Date, now: () => Date): Remaining => ({
  ms: (what) => {
    const left = deadline.getTime() - now().getTime();
    if (left > 0) return left;
    throw new Failure('unfinished', 'deadline', 0, `the delivery's time is over: ${what}`);
  },
});

/**
 * Waits until an operation is done. `wait` blocks for up to two minutes and may come back before; a failed operation
 * is HTTP 200 with `error.errors`.
 * @throws Failure `unfinished` when the deadline comes first, else what the operation's own error means
 */
export const finish = async (
  clients: ComputeClients,
  { name, project, scope }: Accepted,
  pace: Pace,
  remaining: Remaining,
): Promise<void> => {
  for (let question = 0; ; question++) {
    if (question > 0) await pace.sleep(pause);
    const [operation] = await persist(blocking(pace), () =>
      sendOnce(
        (options) => ask(clients, project, name, scope, options),
        remaining.ms(`operation ${name} still runs`),
      ),
    );
    const { status, error, httpErrorStatusCode, httpErrorMessage } = operation;
    if (status !== 'DONE' && Number(status) !== done) continue;
    const first = error?.errors?.[0];
    if (first === undefined) return;
    const message = first.message ?? httpErrorMessage ?? 'the operation failed';
    throw failureOf({ status: httpErrorStatusCode ?? 0, reason: first.code ?? '', message }, operation);
  }
};

/** `Operation.Status.DONE`, where the client gives the number. */
const done = 2104194;

const ask = (
  clients: ComputeClients,
  project: string,
  operation: string,
  scope: Accepted['scope'],
  options: CallOptions,
) => {
  if (scope === 'global') return clients.globalOperations().wait({ project, operation }, options);
  return 'zone' in scope
    ? clients.zoneOperations().wait({ project, operation, zone: scope.zone }, options)
    : clients.regionOperations().wait({ project, operation, region: scope.region }, options);
};
