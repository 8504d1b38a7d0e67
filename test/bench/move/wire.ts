import { setTimeout } from 'node:timers/promises';
import type { World } from '../world.ts';
import { latencies, type Service } from './latencies.ts';
import type { VirtualTime } from './virtual-time.ts';

/** One call of the functions. */
export interface WireCall {
  readonly service: Service;
  readonly method: string;
  readonly path: string;
  /** Virtual milliseconds. */
  readonly sentAt: number;
  /** Of both bodies. */
  readonly bytes: number;
}

export interface Wire {
  readonly calls: readonly WireCall[];
  /** Data of the messages that were published, not yet taken. */
  take(): readonly string[];
  restore(): void;
}

export const serviceOf = ({ cloud }: World, url: string): Service | undefined => {
  if (url.startsWith(cloud.compute.url)) return url.includes('/wait') ? 'operation' : 'compute';
  if (url.startsWith(cloud.kubernetes.url)) return 'kubernetes';
  if (url.startsWith(cloud.pubsub.url)) return 'pubsub';
  return url.startsWith(cloud.logging.url) ? 'logging' : undefined;
};

/** Until the node agents have answered a status that named a new holder: their answer is real, and due within this time. */
const agentMs = 40;

/**
 * Stands between the functions and `fetch`: every call of theirs is made, recorded, and answered when its latency has
 * passed. Messages that they publish are kept, and nobody else gets them.
 */
export const tapWire = (world: World, time: VirtualTime): Wire => {
  const real = globalThis.fetch;
  const calls: WireCall[] = [];
  let published: string[] = [];
  const answer = async (service: Service, url: string, init: RequestInit): Promise<Response> => {
    if (service === 'pubsub') {
      const { messages } = JSON.parse(String(init.body)) as { messages: { data: string }[] };
      published.push(...messages.map(({ data }) => data));
      return Response.json({ messageIds: messages.map((_, index) => String(index)) });
    }
    const { signal: _, ...rest } = init;
    const response = await real(url, rest);
    if (service === 'operation') await setTimeout(agentMs);
    return response;
  };
  globalThis.fetch = async (input, init = {}) => {
    const url = String(input);
    const service = serviceOf(world, url);
    const isOurs = new Headers(init.headers).get('authorization') === `Bearer ${world.token}`;
    if (service === undefined || !isOurs) return real(input, init);
    const sentAt = time.now();
    const { response, text } = await time.during(async () => {
      const response = await answer(service, url, init);
      return { response, text: await response.text() };
    });
    const { pathname } = new URL(url);
    const bytes = text.length + (typeof init.body === 'string' ? init.body.length : 0);
    calls.push({ service, method: init.method ?? 'GET', path: pathname, sentAt, bytes });
    await time.sleep(latencies[service]);
    const { status, headers } = response;
    return new Response(status === 204 ? null : text, { status, headers });
  };
  return {
    calls,
    take: () => {
      const taken = published;
      published = [];
      return taken;
    },
    restore: () => {
      globalThis.fetch = real;
    },
  };
};
