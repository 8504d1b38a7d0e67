import { type Html, html } from './html.ts';

/** What every page has around its own part. */
export const layout = (title: string, main: Html): Html => html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title}</title>
    <link rel="stylesheet" href="/page/style.css">
    <link rel="icon" href="data:,">
    <script src="/page/live.js" defer></script>
  </head>
  <body>
    <a class="skip" href="#main">To the content</a>
    <header>
      <h1>Persistent IP addresses</h1>
      <nav aria-label="Pages"><a href="/">Overview</a></nav>
      <button type="button" id="live" hidden>Pause live refresh</button>
    </header>
    <main id="main" tabindex="-1">${main}</main>
    <footer>
      The same as JSON: <a href="/v1/pools">/v1/pools</a>, <a href="/v1/routes">/v1/routes</a>, described in <a href="/v1/openapi.json">/v1/openapi.json</a>
    </footer>
  </body>
</html>
`;
