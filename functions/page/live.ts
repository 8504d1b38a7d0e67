/** Milliseconds between two looks of an open page. */
const everyMs = 3_000;
/** The same for a page that reads the audit log: Cloud Logging answers 60 such reads a minute and project. */
const everyMsOfLog = 60_000;

/**
 * The only script: it asks for the page again and puts the new `main` in place of the old one, unless its reader is
 * in a form or looks elsewhere. Without it the page is the same, and reloads by hand. What was open stays open, and the focus
 * goes back to the element of the same id.
 */
export const live = `'use strict';
const button = document.getElementById('live');
let tag = null;
let on = true;
const keep = () => document.hidden || !on || document.activeElement?.closest('form') != null;
const refresh = async () => {
  if (keep()) return;
  const response = await fetch(location.href, { headers: tag === null ? {} : { 'if-none-match': tag } });
  if (response.status !== 200) return;
  tag = response.headers.get('etag');
  const next = new DOMParser().parseFromString(await response.text(), 'text/html');
  const from = next.querySelector('main');
  const to = document.querySelector('main');
  if (from === null || to === null || keep()) return;
  for (const open of to.querySelectorAll('details[open][id]')) from.querySelector('#' + CSS.escape(open.id))?.setAttribute('open', '');
  const focused = document.activeElement?.id;
  to.replaceWith(from);
  document.title = next.title;
  if (focused) document.getElementById(focused)?.focus();
};
const say = () => { button.textContent = on ? 'Pause live refresh' : 'Resume live refresh'; button.setAttribute('aria-pressed', String(!on)); };
button.hidden = false;
button.addEventListener('click', () => { on = !on; say(); });
say();
setInterval(() => { refresh().catch(() => {}); }, location.pathname.startsWith('/addresses/') ? ${everyMsOfLog} : ${everyMs});
`;
