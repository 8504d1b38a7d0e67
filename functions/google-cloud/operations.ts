import { Failure } from '../persistent-ip/failure.ts';
import type { ComputeClients } from './compute-clients.ts';
import type { Accepted, Place } from './compute-steps.ts';
import { failureOf } from './failure-of.ts';
import { type Pace, persist } from './persist.ts';

/**
 * Waits until an operation is done. `wait` blocks for up to two minutes and may come back before; a failed operation
 * is HTTP 200 with `error.errors`.
 * @throws Failure `unfinished` when the deadline comes first, else what the operation's own error means
 */
export const finish = async (
  clients: ComputeClients,
  { project }: Place,
  { name, scope }: Accepted,
  pace: Pace,
  now: () => Date,
  deadline: Date,
): Promise<void> => {
  for (;;) {
    const left = deadline.getTime() - now().getTime();
    if (left <= 0) throw new Failure('unfinished', 'operationRunning', 0, `operation ${name} still runs`);
    const [operation] = await persist(pace, () => ask(clients, project, name, scope, left));
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
  timeout: number,
) => {
  const options = { timeout };
  if (scope === 'global') return clients.globalOperations().wait({ project, operation }, options);
  return 'zone' in scope
    ? clients.zoneOperations().wait({ project, operation, zone: scope.zone }, options)
    : clients.regionOperations().wait({ project, operation, region: scope.region }, options);
};
