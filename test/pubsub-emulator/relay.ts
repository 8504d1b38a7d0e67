import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { type Listening, listen } from '../../infra/local/listen.ts';
import type { Messaging, StartMessaging } from '../../infra/local/messaging.ts';
import type { JsonObject } from '../../infra/local/proto-json.ts';
import type { Delivery, Message, PubSubOptions } from '../../infra/local/pubsub/index.ts';
import { acknowledging } from '../../infra/local/pubsub/push.ts';
import { readSettings, type Settings } from '../../infra/local/pubsub/settings.ts';
import { Owed } from './owed.ts';

interface Answer {
  readonly status: number;
  readonly body: string | Buffer;
}

type Pushing = Settings & Required<Pick<Settings, 'push'>>;

/** A resource or a push to it: `/v1/projects/P/topics/T:publish`, `/push/projects/P/subscriptions/S`. */
const aPath = /^\/(v1|push)\/(projects\/[^/]+\/(topics|subscriptions)\/[^/:?]+)(:\w+)?(?:\?.*)?$/;

/**
 * The official emulator as the Pub/Sub of a local cloud. What the cloud and its functions send goes through this relay
 * to the emulator as it is, and what the emulator pushes goes through it to the functions as it is. It adds the one
 * thing without which they rightly refuse a push: the identity token that the declared subscription asks for.
 */
class Relay {
  readonly deliveries: Delivery[] = [];
  readonly owed = new Owed();
  readonly #emulator: string;
  readonly #options: PubSubOptions;
  readonly #attempts = new Map<string, number>();
  readonly #subscriptions = new Map<string, Pushing>();

  constructor(emulator: string, options: PubSubOptions) {
    this.#emulator = emulator;
    this.#options = options;
  }

  async answer({ method = 'GET', url = '/' }: IncomingMessage, body: Buffer, own: string): Promise<Answer> {
    const [, action, name = '', collection, verb] = aPath.exec(url) ?? [];
    if (action === 'push') {
      const status = await this.push(name, body);
      return { status: typeof status === 'number' ? status : 502, body: '' };
    }
    if (verb === ':publish') return this.publish(name, url, body);
    // A cloud that could not be closed has left its own there.
    if (method === 'PUT') await this.#forward('DELETE', url);
    if (method === 'PUT' && collection === 'subscriptions') return this.#subscribe(name, body, own);
    return this.#forward(method, url, body);
  }

  /** Publishes; the deliveries that it causes are owed before anybody reads the answer. */
  publish(topic: string, path: string, body: string | Buffer): Promise<Answer> {
    const subscriptions = [...this.#subscriptions.values()].filter((one) => one.topic === topic);
    return this.owed.during(async (owe) => {
      const answer = await this.#forward('POST', path, body);
      if (answer.status === 200) {
        const { messageIds } = JSON.parse(answer.body.toString()) as { messageIds: readonly string[] };
        for (const id of messageIds) for (const { name } of subscriptions) owe(`${name}/${id}`);
      }
      return answer;
    });
  }

  /** Sends a push on to where its subscription was declared to push, with the token that it asks for. */
  async push(name: string, body: string | Buffer): Promise<Delivery['status']> {
    const { clock, sign } = this.#options;
    const settings = this.#subscriptions.get(name);
    if (settings === undefined) return 404;
    const { endpoint, oidc } = settings.push;
    const { message } = JSON.parse(body.toString()) as { message: Message };
    const key = `${name}/${message.messageId}`;
    const attempt = (this.#attempts.get(key) ?? 0) + 1;
    this.#attempts.set(key, attempt);
    const startedAt = clock.now();
    const authorization = oidc && sign && { authorization: `Bearer ${await sign(oidc)}` };
    const status = await fetch(endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...authorization },
      body,
    }).then(
      (response) => response.status,
      () => 'unreachable' as const,
    );
    this.deliveries.push({ subscription: name, message, attempt, status, startedAt, endedAt: clock.now() });
    if (acknowledging.has(status)) this.owed.settle(key);
    else if (attempt === settings.deadLetter?.maxAttempts)
      this.owed.fail(new Error(`${key} failed ${attempt} times, last with ${status}: it comes no more`));
    return status;
  }

  /** The emulator forgets the subscriptions, so that it pushes no more to an address that is gone. */
  async close(): Promise<void> {
    for (const name of this.#subscriptions.keys()) await this.#forward('DELETE', `/v1/${name}`);
  }

  #subscribe(name: string, body: Buffer, own: string): Promise<Answer> {
    const resource = JSON.parse(body.toString()) as JsonObject;
    const { push, ...settings } = readSettings(name, resource);
    if (push === undefined) return this.#forward('PUT', `/v1/${name}`, body);
    this.#subscriptions.set(name, { ...settings, push });
    const pushConfig = { ...(resource.pushConfig as JsonObject), pushEndpoint: `${own}/push/${name}` };
    return this.#forward('PUT', `/v1/${name}`, JSON.stringify({ ...resource, pushConfig }));
  }

  async #forward(method: string, path: string, body?: string | Buffer): Promise<Answer> {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${this.#emulator}${path}`, {
      method,
      headers,
      ...(body?.length && { body }),
    });
    return { status: response.status, body: await response.text() };
  }
}

/** Starts a relay of its own for each cloud. */
export const relayTo =
  (emulator: string): StartMessaging =>
  async (options): Promise<Messaging> => {
    const relay = new Relay(emulator, options);
    const { owed, deliveries } = relay;
    const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
    const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      const { status, body } = await relay.answer(request, await buffer(request), server.url);
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    };
    const server: Listening = await listen((request, response) => {
      serve(request, response).catch((error: unknown) => {
        owed.fail(asError(error));
        response.writeHead(500).end();
      });
    }, options.port);
    return {
      url: server.url,
      deliveries,
      publish: (topic, messages) => {
        relay.publish(topic, `/v1/${topic}:publish`, JSON.stringify({ messages })).then(
          ({ status, body }) => {
            if (status !== 200) owed.fail(new Error(`publish to ${topic}: ${status} ${body}`));
          },
          (error: unknown) => owed.fail(asError(error)),
        );
      },
      replay: async (again) => {
        for (const { subscription, message } of again) {
          const status = await relay.push(subscription, JSON.stringify({ message, subscription }));
          if (!acknowledging.has(status)) throw new Error(`${subscription}/${message.messageId}: ${status}`);
        }
        await owed.idle();
      },
      idle: () => owed.idle(),
      close: async () => {
        await relay.close();
        await server.close();
      },
    };
  };
