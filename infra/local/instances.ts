import { once } from 'node:events';
import { request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import { Worker } from 'node:worker_threads';
import type { Runtime } from '../../functions/reconciler/dependencies.ts';
import { type Deploy, type Deployment, deploy } from './deployment.ts';
import type { InstanceOrder } from './instance.ts';
import { listen } from './listen.ts';

/** How the n-th instance, counted from 1, calls itself in the `User-Agent` of its requests. */
export const instanceName = (n: number): string => `reconcile-${n}`;

/** A request and its answer, as they are; 503 where nobody answers, as Cloud Run says it. */
const passOn = (url: string, incoming: IncomingMessage, response: ServerResponse): void => {
  const { method, headers } = incoming;
  const onward = ask(url, { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 503, answer.headers);
    answer.pipe(response);
  });
  onward.once('error', () => {
    if (response.headersSent) response.destroy();
    else response.writeHead(503).end();
  });
  response.once('close', () => onward.destroy());
  incoming.pipe(onward);
};

/** @throws Error with which an instance ends before it listens */
const start = async (order: InstanceOrder, log: Runtime['log']) => {
  const thread = new Worker(new URL('./instance.ts', import.meta.url), { workerData: order });
  const [url] = (await once(thread, 'message')) as [string];
  thread.on('message', (line: Parameters<Runtime['log']>) => log(...line));
  return { thread, url };
};

/**
 * Deploys `reconcile` in so many instances, each a thread with modules, limiter, caches and connections of its own, which are
 * asked in turn; the other functions run in this process. The instances' clock is the machine's.
 */
export const inInstances =
  (count: number): Deploy =>
  async (options) => {
    const { config, token, reader, runtime } = options;
    const instances: Awaited<ReturnType<typeof start>>[] = [];
    let turn = 0;
    const front = await listen((incoming, response) => {
      const { url = '' } = instances[turn++ % instances.length] ?? {};
      passOn(url, incoming, response);
    });
    const urlsOf = (urls: Deployment['urls']) => ({ ...urls, reconcile: front.url });
    const here = await deploy({ ...options, config: (urls) => config(urlsOf(urls)) });
    const urls = urlsOf(here.urls);
    const order = { token, reader, config: config(urls) };
    const close = async (): Promise<void> => {
      await front.close();
      await Promise.all([here.close(), ...instances.map(({ thread }) => thread.terminate())]);
    };
    try {
      const names = Array.from({ length: count }, (_, i) => instanceName(i + 1));
      instances.push(...(await Promise.all(names.map((name) => start({ ...order, name }, runtime.log)))));
    } catch (error) {
      await close();
      throw error;
    }
    return { urls, close };
  };
