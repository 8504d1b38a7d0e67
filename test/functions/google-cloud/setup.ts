import { type ComputeOptions, createCompute } from '../../../functions/google-cloud/compute.ts';
import { Failure } from '../../../functions/persistent-ip/failure.ts';
import type { ComputePort } from '../../../functions/persistent-ip/ports.ts';
import { type Answer, serve, type Wire } from '../wire.ts';
import { fakePace } from './pace.ts';

export const base = '/compute/v1/projects/prj';
export const urlBase = 'https://www.googleapis.com/compute/v1/projects/prj';

export const tokens = { token: () => Promise.resolve('tok') };

export const compute = (
  answers: readonly Answer[] | ((call: Wire['calls'][number]) => Answer),
  options: Partial<ComputeOptions> = {},
) => {
  const pace = fakePace();
  const port: ComputePort = createCompute({ project: 'prj', region: 'reg', tokens, ...pace, ...options });
  const wire = serve('https://compute.googleapis.com', answers);
  return { port, wire, pace, deadline: new Date(pace.now().getTime() + 60_000) };
};

/** The error body of Google's older APIs: Compute's. */
export const refusal = (code: number, reason: string, message = `${reason}!`): Answer => [
  code,
  { error: { code, message, errors: [{ message, domain: 'global', reason }] } },
];

/** The failure that a call rejects with; a call that resolves is a failure of the test. */
export const failureOf = async (call: Promise<unknown>): Promise<Failure> => {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof Failure) return error;
  throw new Error(`expected a Failure, got ${String(error)}`, { cause: error });
};

/** What is not there. */
export const none = refusal(404, 'notFound');
