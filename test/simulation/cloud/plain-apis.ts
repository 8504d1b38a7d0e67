import { Failure } from '../../../functions/persistent-ip/failure.ts';
import type { Api } from '../engine/call.ts';

/** APIs of which the functions use one call: they take it, or ask for patience. */

const refusals = (name: string): Api['refusals'] => {
  const all = ([429, 503] as const).map((status) => ({
    name: String(status),
    error: () => new Failure('retry', 'backendError', status, `simulated ${status} of ${name}`),
  }));
  return { read: all, write: all };
};

const plainApi = (name: string): Api => ({
  name,
  latency: [5, 60],
  timeout: 10_000,
  refusals: refusals(name),
  noAnswer: () => new Failure('retry', 'noAnswer', 0, `simulated: no answer of ${name}`),
});

export const pubsubApi = plainApi('Pub/Sub');
export const loggingApi = plainApi('Logging');
