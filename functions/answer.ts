import { createHash } from 'node:crypto';
import type { ReadAnswer } from './read-handler.ts';

const json = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'private, no-cache' };

/** A refusal, in the form of Google's APIs. */
export const problem = (
  code: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): ReadAnswer => ({
  status: code,
  headers: { ...json, ...headers },
  body: JSON.stringify({ error: { code, message } }),
});

/** Why a question has no answer, before anybody knows in which form it is told. */
export interface Refused {
  readonly refused: { readonly code: number; readonly message: string };
}

export const refused = (code: number, message: string): Refused => ({ refused: { code, message } });

/** A refusal as JSON; what may pass says when to ask again, seconds. */
export const problemOf = ({ refused: { code, message } }: Refused): ReadAnswer =>
  problem(code, message, code === 503 ? { 'retry-after': '5' } : {});

/** A whole answer, or 304 for a reader who has this very one. */
export const conditional = (
  body: string,
  ifNoneMatch: string | undefined,
  headers: Readonly<Record<string, string>> = json,
): ReadAnswer => {
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
  const known = (ifNoneMatch ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return known.includes(etag)
    ? { status: 304, headers: { etag }, body: '' }
    : { status: 200, headers: { ...headers, etag }, body };
};
