import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Refusal } from '../events/refusal.ts';
import { Failure, wordsOf } from './persistent-ip/failure.ts';
import type { Runtime } from './reconciler/dependencies.ts';

/** How one push ended, as data: it decides redelivery. */
export type PushOutcome =
  /** Done, or nothing to do. */
  | { readonly kind: 'settled' }
  /** A retry cannot mend it: acknowledged, counted by its log line. */
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** Nothing could be read or published: Pub/Sub delivers it again. */
  | { readonly kind: 'retry'; readonly why: string };

/** 2xx acknowledges, anything else is a nack. Source: design/events.md, *Pub/Sub and the Functions Framework*. */
export const statusOf = { settled: 204, refused: 200, retry: 503 } satisfies Record<
  PushOutcome['kind'],
  number
>;

/** A log entry is data that others can forge: it selects among what is configured and adds nothing to it. */
export const unknownCluster = (field: string): PushOutcome => ({
  kind: 'refused',
  refusal: { kind: 'untrusted', field, problem: 'unknown cluster' },
});

/** A provider's failure is delivered again; anything else is a fault of our own and goes on as it is. */
export const retryOf = (error: unknown): PushOutcome => {
  if (error instanceof Failure) return { kind: 'retry', why: wordsOf(error) };
  throw error;
};

/** Who pushes: a verified identity, or why not. */
export type IdentityCheck = (
  authorization: string | undefined,
) => Promise<
  { readonly ok: true } | { readonly ok: false; readonly status: 401 | 403; readonly why: string }
>;

/** The Functions Framework keeps the bytes beside what it has made of them. */
type Request = IncomingMessage & { readonly body?: unknown; readonly rawBody?: Buffer };

/**
 * Bytes. The largest message of Pub/Sub, 10 MB, in base64, with its attributes around it; the framework itself takes
 * a hundred times as much. Source: Pub/Sub, *Quotas and limits*, "Resource limits".
 */
const largestBody = 14_500_000;

const tooLarge: PushOutcome = {
  kind: 'refused',
  refusal: { kind: 'malformed', field: 'body', problem: 'is larger than any message of Pub/Sub' },
};

/**
 * The frame of every function that a push calls: nobody unknown gets in, no exception gets out, and the answer says
 * what Pub/Sub must do. A fault of our own is a 500: the message comes again and ends as a dead letter.
 */
export const pushHandler =
  (
    functionName: string,
    runtime: Runtime,
    check: IdentityCheck,
    handle: (request: Request) => Promise<PushOutcome>,
  ) =>
  async (request: Request, response: ServerResponse): Promise<void> => {
    const end = (status: number): void => {
      response.statusCode = status;
      response.end();
    };
    try {
      const identity = await check(request.headers.authorization);
      if (!identity.ok) {
        runtime.log('WARNING', 'unauthorised push', { function: functionName, why: identity.why });
        end(identity.status);
        return;
      }
      const outcome = (request.rawBody?.length ?? 0) > largestBody ? tooLarge : await handle(request);
      if (outcome.kind === 'refused')
        runtime.log('WARNING', 'refused event', { function: functionName, ...outcome.refusal });
      if (outcome.kind === 'retry')
        runtime.log('WARNING', 'delivery to be repeated', { function: functionName, why: outcome.why });
      end(statusOf[outcome.kind]);
    } catch (error) {
      const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
      runtime.log('ERROR', 'fault in a function', { function: functionName, name, message, stack });
      end(500);
    }
  };
