import { type Html, html } from './html.ts';

/**
 * What every page has around its own part.
 * @param isLive whether it is asked for again by itself: not what was answered to a form, which a look by GET would wipe out
 */
export const layout = (title: string, main: Html, isLive = true): Html => html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title}</title>
    <link rel="stylesheet" href="/page/style.css">
    <link rel="icon" href="data:,">
    ${isLive && html`<script src="/page/live.js" defer></script>`}
  </head>
  <body>
    <a class="skip" href="#main">To the content</a>
    <header>
      <h1>Persistent IP addresses</h1>
      <nav aria-label="Pages"><a href="/">Overview</a> <a href="/plan">Plan</a></nav>
      <button type="button" id="live" hidden>Pause live refresh</button>
      <p id="stale" class="bad" role="status"></p>
    </header>
    <main id="main" tabindex="-1">${main}</main>
    <footer>
      The same as JSON: <a href="/v1/pools">/v1/pools</a>, <a href="/v1/routes">/v1/routes</a>, described in <a href="/v1/openapi.json">/v1/openapi.json</a>
    </footer>
  </body>
</html>
`;
