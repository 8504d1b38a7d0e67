/** Milliseconds between two looks of an open page; longer than what a look may be old (looks.ts). */
const everyMs = 3_000;
/** The same for a page that reads the audit log: Cloud Logging answers 60 such reads a minute and project. */
const everyMsOfLog = 60_000;
/** A page that does not change is looked at ever more rarely, so many times the usual pause at most. */
const calmest = 5;
/** While it cannot be had the pause doubles, up to so many milliseconds. */
const longestMs = 60_000;
/** A look that has no answer by then has failed, milliseconds. */
const patienceMs = 30_000;

/**
 * The only script: it asks for the page again and puts the new `main` in place of the old one, unless its reader is
 * in a form. While nobody sees the page (another tab, a locked screen) or it is paused it asks nothing at all, and looks at once
 * when somebody is back. Without the script the page is the same, and reloads by hand. What was open stays open, and the focus
 * goes back to the element of the same id. When it cannot be had, the page says as of when it is.
 */
export const live = `'use strict';
const button = document.getElementById('live');
const stale = document.getElementById('stale');
const usual = location.pathname.startsWith('/addresses/') ? ${everyMsOfLog} : ${everyMs};
let pause = usual;
let tag = null;
let on = true;
let busy = false;
let timer;
let seen = new Date();
const away = () => document.hidden || !on;
const typing = () => document.activeElement?.closest('form') != null;
const tell = (text) => { if (stale.textContent !== text) stale.textContent = text; };
const look = async () => {
  const headers = tag === null ? {} : { 'if-none-match': tag };
  const response = await fetch(location.href, { headers, signal: AbortSignal.timeout(${patienceMs}) });
  if (response.status !== 200 && response.status !== 304) throw new Error('HTTP ' + response.status);
  const text = await response.text();
  if (away() || typing()) return false;
  seen = new Date();
  if (response.status === 304) return false;
  const next = new DOMParser().parseFromString(text, 'text/html');
  const from = next.querySelector('main');
  const to = document.querySelector('main');
  if (from === null || to === null) throw new Error('no page');
  for (const open of to.querySelectorAll('details[open][id]')) from.querySelector('#' + CSS.escape(open.id))?.setAttribute('open', '');
  const focused = document.activeElement?.id;
  to.replaceWith(from);
  document.title = next.title;
  if (focused) document.getElementById(focused)?.focus();
  tag = response.headers.get('etag');
  return true;
};
const later = () => { clearTimeout(timer); timer = setTimeout(tick, pause); };
const tick = async () => {
  clearTimeout(timer);
  if (busy || away()) return;
  if (typing()) return later();
  busy = true;
  try {
    pause = await look() ? usual : Math.min(pause * 1.25, usual * ${calmest});
    tell('');
  } catch (error) {
    pause = Math.min(pause * 2, Math.max(usual, ${longestMs}));
    tell('As of ' + seen.toLocaleTimeString() + ': this page cannot be refreshed (' + error.message + '). It is tried again; if that lasts, reload it.');
  }
  busy = false;
  later();
};
const back = () => { pause = usual; tick(); };
const say = () => { button.textContent = on ? 'Pause live refresh' : 'Resume live refresh'; button.setAttribute('aria-pressed', String(!on)); };
button.hidden = false;
button.addEventListener('click', () => { on = !on; say(); if (on) back(); });
document.addEventListener('visibilitychange', () => { if (!document.hidden) back(); });
say();
later();
`;
