import type { CallOptions } from 'google-gax';
import { Failure } from '../persistent-ip/failure.ts';
import { sendOnce } from './call-options.ts';
import { type Pace, persist } from './persist.ts';

type Paged<R, T> = (
  request: R,
  options: CallOptions,
) => Promise<readonly [readonly T[], ({ readonly pageToken?: string | null } | null)?, unknown?]>;

/** Pages of one list: at 500 items each, more than any project's quota of a resource. */
const mostPages = 1_000;

/**
 * The pages of a list. Page by page, because the client's own collector follows an answer that names a next page for
 * ever, and keeps what it has collected.
 * @throws Failure `retry` for a list that does not end
 */
async function* pagesOf<R extends object, T>(
  pace: Pace,
  list: Paged<R, T>,
  request: R,
): AsyncGenerator<readonly T[]> {
  let pageToken: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const asked = { ...request, ...(pageToken === undefined ? {} : { pageToken }) };
    const [found, next] = await persist(pace, () =>
      sendOnce((options) => list(asked, { ...options, autoPaginate: false })),
    );
    yield found;
    const token = next?.pageToken ?? undefined;
    if (token === undefined || token === '') return;
    if (token === pageToken) break;
    pageToken = token;
  }
  throw new Failure('retry', 'EndlessList', 0, 'a list of Compute Engine does not end');
}

/** All pages of a list, as they came. */
export const allPages = <R extends object, T>(
  pace: Pace,
  list: Paged<R, T>,
  request: R,
): Promise<readonly T[]> => gather(pace, list, request, (item) => [item]);

/** What is kept of each item, page by page: an item is many times larger than what we read of it. */
export const gather = async <R extends object, T, U>(
  pace: Pace,
  list: Paged<R, T>,
  request: R,
  keep: (item: T) => readonly U[],
): Promise<readonly U[]> => {
  const kept: U[] = [];
  for await (const page of pagesOf(pace, list, request)) for (const item of page) kept.push(...keep(item));
  return kept;
};
