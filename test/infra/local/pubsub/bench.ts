import type { IncomingHttpHeaders } from 'node:http';
import { onTestFinished } from 'vitest';
import { Identities } from '../../../../infra/local/identities.ts';
import { listen } from '../../../../infra/local/listen.ts';
import type { JsonObject } from '../../../../infra/local/proto-json.ts';
import { type Delivery, type PubSubOptions, startPubSub } from '../../../../infra/local/pubsub/index.ts';
import { FakeClock } from './fake-clock.ts';

export interface Pushed {
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: JsonObject & { message: JsonObject };
}

/** An endpoint that keeps what is pushed to it and answers as told; a promise holds its answer back. */
export const startEndpoint = async (answer: (pushed: Pushed, index: number) => number | Promise<number>) => {
  const received: Pushed[] = [];
  const { url, close } = await listen(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const pushed = { headers: request.headers, text, body: JSON.parse(text) };
    received.push(pushed);
    response.writeHead(await answer(pushed, received.length - 1)).end();
  });
  onTestFinished(close);
  return { url, received };
};

export const topic = 'projects/p/topics/events';
export const subscription = 'projects/p/subscriptions/push';

export const text = (data: string, more: JsonObject = {}) => ({
  data: Buffer.from(data).toString('base64'),
  ...more,
});

/** What an endpoint was pushed, decoded. */
export const dataOf = (pushed: Pushed): string =>
  Buffer.from(`${pushed.body.message.data}`, 'base64').toString();

/** A Pub/Sub of one test, with a topic, on a clock that stands still. */
export const startBench = async (options: Partial<PubSubOptions> = {}) => {
  const clock = new FakeClock();
  const identities = new Identities();
  const pubsub = await startPubSub({ clock, identities, ...options });
  onTestFinished(() => pubsub.close());
  pubsub.createTopic(topic);
  const authorization = `Bearer ${identities.tokenOf('tester@p.iam.gserviceaccount.com')}`;
  const call = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${pubsub.url}/v1/${path}`, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as JsonObject & { error: JsonObject } };
  };
  /** Resolves with the first delivery from now on that `wanted` accepts. */
  const delivery = (wanted: (delivery: Delivery) => boolean = () => true): Promise<Delivery> =>
    new Promise((resolve) => {
      const stop = pubsub.onDelivery((one) => {
        if (!wanted(one)) return;
        stop();
        // One turn later the message is settled or resting, so that the clock may be moved.
        setImmediate(() => resolve(one));
      });
    });
  return { clock, identities, pubsub, call, delivery };
};
