import { conditional, type Refused } from '../answer.ts';
import type { ReadAnswer } from '../read-handler.ts';
import { type Html, html } from './html.ts';
import { layout } from './layout.ts';

/**
 * Nothing from elsewhere runs or loads in the page, no form goes elsewhere, and nobody frames it: what a cluster says
 * stays text even where the escaping failed.
 */
const policy = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "connect-src 'self'",
  'img-src data:',
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

export const headersFor = (type: string) => ({
  'content-type': `${type}; charset=utf-8`,
  'cache-control': 'private, no-cache',
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
});

/** A page; 304 for a reader who has this very one. */
export const markup = async (page: Html, ifNoneMatch: string | undefined): Promise<ReadAnswer> =>
  conditional(String(await page), ifNoneMatch, headersFor('text/html'));

/** A page that says why there is none. */
export const sorry = async ({ refused: { code, message } }: Refused): Promise<ReadAnswer> => {
  const page = await layout('Persistent IP addresses', html`<p class="notice" role="alert">${message}</p>`);
  return { status: code, headers: headersFor('text/html'), body: String(page) };
};
