import { v1 } from '@google-cloud/pubsub';
import {
  objectKey,
  orderingKey,
  type ReconcileRequest,
  readReconcileRequest,
  serialiseReconcileRequest,
} from '../../events/reconcile-request.ts';
import type { RequestPort } from '../persistent-ip/ports.ts';
import { sendOnce } from './call-options.ts';
import type { Narrow } from './calls.ts';
import type { TokenSource } from './http.ts';
import { type Pace, persist } from './persist.ts';
import { restOptions } from './rest-options.ts';

export interface RequestsOptions extends Pace {
  readonly project: string;
  /** `projects/P/topics/T`. */
  readonly topic: string;
  /** Publishing through one region keeps the order of a key. */
  readonly region: string;
  readonly tokens: TokenSource;
  readonly endpoint?: string;
}

/** Messages of one publish call; Pub/Sub takes 1,000 and 10 MB, and a request has less than 3 kB. */
const mostMessages = 1000;

/**
 * The topic of reconcile requests. Each call is answered before it resolves, because after the response of a function
 * its CPU is frozen. Two requests for one object say the same, so a call holds one of each; an object that was recreated
 * under its name is another one.
 */
export const createRequests = ({
  project,
  topic,
  region,
  tokens,
  endpoint,
  ...pace
}: RequestsOptions): RequestPort => {
  let client: Narrow<v1.PublisherClient, 'google.pubsub.v1.Publisher'> | undefined;
  return {
    publish: async (requests) => {
      // A parent's name may be any text: what the reader would refuse names nothing and is not sent.
      const readable = requests.filter((request) => readReconcileRequest(request).ok);
      const byObject = new Map(readable.map((request) => [objectKey(request), request]));
      const messages = [...byObject.values()].map(message);
      if (messages.length === 0) return;
      client ??= new v1.PublisherClient(
        restOptions(project, tokens, endpoint ?? `https://${region}-pubsub.googleapis.com`),
      );
      const publisher = client;
      for (let first = 0; first < messages.length; first += mostMessages) {
        const batch = messages.slice(first, first + mostMessages);
        await persist(pace, () =>
          sendOnce((options) => publisher.publish({ topic, messages: batch }, options)),
        );
      }
    },
  };
};

const message = (request: ReconcileRequest) => ({
  data: Buffer.from(serialiseReconcileRequest(request)),
  orderingKey: orderingKey(request),
});
