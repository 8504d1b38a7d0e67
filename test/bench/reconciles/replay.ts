import { setTimeout } from 'node:timers/promises';
import { stemOf } from '../../../functions/persistent-ip/names.ts';
import { latencies, type Service } from '../move/latencies.ts';
import { serviceOf } from '../move/wire.ts';
import type { World } from '../world.ts';

interface Answer {
  readonly service: Service;
  readonly text: string;
  readonly contentType: string;
}

/** What the clouds answered about one route, and may be asked again about any number of routes that are like it. */
export interface Recording {
  /** A route by its number: the one that was recorded is 0. */
  route(index: number): { readonly name: string; readonly uid: string };
  readonly answers: ReadonlyMap<string, Answer>;
  /** What differs between the recorded route and another one, in what is asked and in what is answered. */
  toFirst(text: string, index: number): string;
  fromFirst(text: string, index: number): string;
}

/** A request by what its answer depends on. */
const keyOf = (method: string, url: string): string => `${method} ${url}`;

/** Runs `work`, which asks about the route number 0 only, and keeps every answer. */
export const record = async (world: World, uid: string, work: () => Promise<void>): Promise<Recording> => {
  const real = globalThis.fetch;
  const answers = new Map<string, Answer>();
  globalThis.fetch = async (input, init = {}) => {
    const response = await real(input, init);
    const service = serviceOf(world, String(input));
    if (service !== undefined && new Headers(init.headers).get('authorization') === `Bearer ${world.token}`) {
      const text = await response.clone().text();
      const contentType = response.headers.get('content-type') ?? 'application/json';
      answers.set(keyOf(init.method ?? 'GET', String(input)), { service, text, contentType });
    }
    return response;
  };
  try {
    await work();
  } finally {
    globalThis.fetch = real;
  }
  const { cluster } = world.cloud;
  const route = (index: number) => ({
    name: `nat-${index}`,
    uid: index === 0 ? uid : `${uid.slice(0, -6)}${String(index).padStart(6, '0')}`,
  });
  const stem = (index: number) => stemOf({ cluster, namespace: 'edge', ...route(index) });
  const swap = (text: string, from: number, to: number): string =>
    text
      .replaceAll(stem(from), stem(to))
      .replaceAll(route(from).uid, route(to).uid)
      .replaceAll(`${route(from).name}`, route(to).name);
  return {
    route,
    answers,
    toFirst: (text, index) => (index === 0 ? text : swap(text, index, 0)),
    fromFirst: (text, index) => (index === 0 ? text : swap(text, 0, index)),
  };
};

const indexIn = (url: string): number => Number(/nat-(\d+)/.exec(url)?.[1] ?? 0);

/** Answers from the recording instead of from a cloud, at once or when the latencies have passed. */
export const replay = ({ answers, toFirst, fromFirst }: Recording, isSlow: boolean): { restore(): void } => {
  const real = globalThis.fetch;
  globalThis.fetch = async (input, init = {}) => {
    const url = String(input);
    const index = indexIn(url);
    const answer = answers.get(keyOf(init.method ?? 'GET', toFirst(url, index)));
    if (answer === undefined) throw new Error(`nobody has asked this before: ${init.method ?? 'GET'} ${url}`);
    if (isSlow) await setTimeout(latencies[answer.service]);
    return new Response(fromFirst(answer.text, index), { headers: { 'content-type': answer.contentType } });
  };
  return {
    restore: () => {
      globalThis.fetch = real;
    },
  };
};
