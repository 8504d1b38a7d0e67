import nock from 'nock';
import { afterEach, beforeEach } from 'vitest';

/** One request as it went over the wire. */
export interface Seen {
  readonly method: string;
  /** Path and query, decoded. */
  readonly path: string;
  readonly contentType: string | null;
  readonly authorization: string | null;
  /** Parsed JSON, or the text when it is none; absent when the request had no body. */
  readonly body?: unknown;
}

/** Status, body and headers of an answer, or `broken` for a connection that breaks before there is one. */
export type Answer = readonly [status: number, body: unknown, headers?: Record<string, string>] | 'broken';

export interface Wire {
  readonly calls: readonly Seen[];
  /** `METHOD path` of every call, in order. */
  lines(): readonly string[];
}

const seen = async (request: Request): Promise<Seen> => {
  const { pathname, search } = new URL(request.url);
  const text = await request.clone().text();
  let body: unknown = text;
  try {
    body = JSON.parse(text);
  } catch {
    // Not every body is JSON.
  }
  return {
    method: request.method,
    path: `${pathname}${decodeURIComponent(search.replaceAll('+', ' '))}`,
    contentType: request.headers.get('content-type'),
    authorization: request.headers.get('authorization'),
    ...(text === '' ? {} : { body }),
  };
};

/** Answers every request to `origin`: the n-th with the n-th answer, or each with what `answers` says of it. */
export const serve = (origin: string, answers: readonly Answer[] | ((call: Seen) => Answer)): Wire => {
  const calls: Seen[] = [];
  const reply = async (request: unknown): Promise<[number, nock.Body, Record<string, string>]> => {
    const call = await seen(request as Request);
    const answer = typeof answers === 'function' ? answers(call) : answers[calls.length];
    calls.push(call);
    if (answer === undefined) throw new Error(`no answer was planned for ${call.method} ${call.path}`);
    if (answer === 'broken') throw new Error('socket hang up');
    return [answer[0], answer[1] as nock.Body, answer[2] ?? {}];
  };
  for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])
    nock(origin).persist().intercept(/.*/, method).reply(reply);
  return { calls, lines: () => calls.map(({ method, path }) => `${method} ${path}`) };
};

/** No test of the file reaches a network or another test's answers. */
export const onlyPlannedAnswers = (): void => {
  beforeEach(() => {
    nock.disableNetConnect();
  });
  afterEach(() => {
    nock.cleanAll();
    nock.enableNetConnect();
  });
};
