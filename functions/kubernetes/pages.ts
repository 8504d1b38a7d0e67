import { Failure } from '../persistent-ip/failure.ts';
import { call } from './failure-of.ts';
import { type Json, list, object, text } from './read.ts';

/** Objects of one page; the API server may send fewer. */
const pageSize = 500;
const tries = 3;
/** Pages of one list: half a million objects. */
const mostPages = 1_000;

/**
 * All pages of a list, which must end. A continue token that has expired (410) starts over: pages of two times must not be mixed.
 * No `resourceVersion`: the answer is no older than the request.
 */
export const allPages = async (
  page: (options: { limit: number; _continue?: string }) => Promise<unknown>,
): Promise<readonly Json[]> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await readPages(page);
    } catch (error) {
      if (!(error instanceof Failure) || error.status !== 410 || attempt >= tries) throw error;
    }
  }
};

const readPages = async (page: Parameters<typeof allPages>[0]): Promise<readonly Json[]> => {
  const items: Json[] = [];
  let token = '';
  for (let pages = 0; pages < mostPages; pages++) {
    const options = { limit: pageSize, ...(token === '' ? {} : { _continue: token }) };
    const answer = object(await call(() => page(options)));
    items.push(...list(answer.items).map(object));
    const { continue: raw, _continue: mapped } = object(answer.metadata);
    const next = text(raw, text(mapped));
    if (next === '') return items;
    if (next === token) break;
    token = next;
  }
  throw new Failure('retry', 'EndlessList', 0, 'a list of the API server does not end');
};
