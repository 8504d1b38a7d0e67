/**
 * How the page looks: the reader's own light or dark, no fonts and no pictures from elsewhere. Colours have a contrast of
 * 4.5 to 1 or more on their ground (WCAG 2.2, 1.4.3), and none says something that the words do not.
 */
export const style = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#ffffff, #15181c);
  --raised: light-dark(#f4f6f8, #1e2329);
  --line: light-dark(#d5dae0, #39414b);
  --text: light-dark(#1b2026, #e6e9ed);
  --soft: light-dark(#545d68, #a5afba);
  --link: light-dark(#0b57d0, #8ab4f8);
  --good: light-dark(#146c2e, #7ddc96);
  --bad: light-dark(#b3261e, #f6a49d);
  --used: light-dark(#0b57d0, #8ab4f8);
  --kept: light-dark(#9a6700, #e3b341);
  --free: light-dark(#d5dae0, #39414b);
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
header, main, footer { max-width: 78rem; margin: 0 auto; padding: 0 1.25rem; }
header p { margin: 0; }
header nav { display: flex; gap: 1rem; }
header { display: flex; gap: 1.5rem; align-items: baseline; flex-wrap: wrap; padding-top: 1rem; }
h1 { font-size: 1.25rem; margin: 0; }
h2 { font-size: 1.05rem; margin: 2rem 0 0.5rem; }
h3 { font-size: 1rem; margin: 1.75rem 0 0.25rem; overflow-wrap: anywhere; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -99rem; }
.skip:focus { position: static; }
.facts { display: flex; flex-wrap: wrap; gap: 0.75rem; margin: 1rem 0 0; padding: 0; }
.facts div { background: var(--raised); border: 1px solid var(--line); border-radius: 8px; padding: 0.5rem 1rem; min-width: 8rem; }
.facts dt { color: var(--soft); font-size: 0.85rem; }
.facts dd { margin: 0; font-size: 1.5rem; font-variant-numeric: tabular-nums; }
form { display: flex; flex-wrap: wrap; gap: 0.75rem; align-items: end; margin-top: 1rem; }
label { display: grid; font-size: 0.85rem; color: var(--soft); }
form.plan { display: grid; justify-items: start; }
form.plan label:first-child { width: 100%; }
textarea { width: 100%; font: 13px/1.5 ui-monospace, monospace; }
input, select, button { font: inherit; }
input, select, textarea, button { color: inherit; background: var(--ground); border: 1px solid var(--soft); border-radius: 6px; padding: 0.3rem 0.6rem; }
button { background: var(--raised); cursor: pointer; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; color: var(--soft); padding: 0.25rem 0; }
th, td { text-align: left; vertical-align: top; padding: 0.4rem 0.75rem 0.4rem 0; border-bottom: 1px solid var(--line); }
th { font-weight: 600; }
td p { margin: 0; }
td p + p { margin-top: 0.25rem; }
.state { font-weight: 600; white-space: nowrap; }
.good { color: var(--good); }
.bad { color: var(--bad); }
.soft { color: var(--soft); }
.name { overflow-wrap: anywhere; min-width: 8rem; }
svg { max-width: 100%; height: auto; }
svg text { fill: var(--soft); font: 12px system-ui, sans-serif; }
.notice { border: 1px solid var(--bad); border-radius: 8px; padding: 0.5rem 1rem; overflow-wrap: anywhere; }
.notice p { margin: 0; }
.fine { border-color: var(--good); }
footer { color: var(--soft); font-size: 0.85rem; padding-block: 2rem; }
`;
