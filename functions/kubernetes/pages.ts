import { Failure } from '../persistent-ip/failure.ts';
import { call } from './failure-of.ts';
import { type Json, list, object, text } from './read.ts';

/** Objects of one page; the API server may send fewer. */
export const pageSize = 500;
const tries = 3;
/** Pages of one list: half a million objects. */
const mostPages = 1_000;

type Page = (options: { limit: number; _continue?: string }) => Promise<unknown>;

/**
 * What is wanted of all pages of a list, which must end. What `take` leaves out of a page is gone before the next one
 * comes: a list need not fit into memory. A continue token that has expired (410) starts over: pages of two times must not be mixed.
 * No `resourceVersion`: the answer is no older than the request.
 */
export const allPages = async <T>(page: Page, take: (raw: Json) => readonly T[]): Promise<readonly T[]> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await readPages(page, take);
    } catch (error) {
      if (!(error instanceof Failure) || error.status !== 410 || attempt >= tries) throw error;
    }
  }
};

/** How many objects a list has in all; `undefined` where the API server does not say. */
export const countOf = async (page: Page): Promise<number | undefined> => {
  const answer = object(await call(() => page({ limit: 1 })));
  const { remainingItemCount, continue: raw, _continue: mapped } = object(answer.metadata);
  if (text(raw, text(mapped)) === '') return list(answer.items).length;
  return typeof remainingItemCount === 'number' ? list(answer.items).length + remainingItemCount : undefined;
};

const readPages = async <T>(page: Page, take: (raw: Json) => readonly T[]): Promise<readonly T[]> => {
  const items: T[] = [];
  let token = '';
  for (let pages = 0; pages < mostPages; pages++) {
    const options = { limit: pageSize, ...(token === '' ? {} : { _continue: token }) };
    const answer = object(await call(() => page(options)));
    for (const raw of list(answer.items)) items.push(...take(object(raw)));
    const { continue: raw, _continue: mapped } = object(answer.metadata);
    const next = text(raw, text(mapped));
    if (next === '') return items;
    if (next === token) break;
    token = next;
  }
  throw new Failure('retry', 'EndlessList', 0, 'a list of the API server does not end');
};
