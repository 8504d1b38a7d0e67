import { HtmlElement, Parser, StaticConfigLoader } from 'html-validate';

/** Every element and attribute that the pages are made of; anything else has come out of a text. */
const elements =
  'html head meta title link script body a header h1 nav button main footer dl div dt dd p b form label input textarea select datalist option h2 h3 section table caption thead tbody tr th td span details summary svg rect defs pattern path text code ol ul li em strong time pre small';
const attributes =
  'lang charset name content rel href src defer class id hidden type tabindex role method action list value autocomplete scope width height viewbox preserveaspectratio fill x y stroke d text-anchor patternunits stroke-width for datetime open rows cols spellcheck required placeholder selected';
const known = new Set([
  ...elements.split(' '),
  ...attributes.split(' ').map((name) => `@${name}`),
  'svg:title',
  '@aria-label',
  '@aria-labelledby',
  '@aria-hidden',
  '@aria-invalid',
  '@aria-describedby',
]);

const config = new StaticConfigLoader({ root: true, elements: ['html5'] }).getConfigFor('page.html');
const parser = new Parser(await config);

const within = function* (node: HtmlElement): Generator<HtmlElement> {
  for (const child of node.childNodes) {
    if (!(child instanceof HtmlElement)) continue;
    yield child;
    yield* within(child);
  }
};

/** A link leads to this very site, and nowhere by another scheme. */
const leadsAway = (url: string): boolean =>
  !['data:,', '#main'].includes(url) &&
  (!url.startsWith('/') || new URL(url, 'http://here.test').origin !== 'http://here.test');

const attributeFault = (element: HtmlElement): string | undefined => {
  for (const { key, value } of element.attributes) {
    if (!known.has(`@${key.toLowerCase()}`)) return `an attribute ${key}`;
    const leads = ['href', 'src', 'action'].includes(key.toLowerCase());
    if (leads && leadsAway(String(value ?? ''))) return `a link to ${value}`;
  }
  return undefined;
};

const elementFault = (element: HtmlElement): string | undefined => {
  const name = element.tagName.toLowerCase();
  if (!known.has(name)) return `an element ${name}`;
  const isScript = name === 'script';
  if (isScript && (element.getAttributeValue('src') !== '/page/live.js' || element.textContent.trim() !== ''))
    return 'a script of its own';
  return attributeFault(element);
};

/** Beside these every `&` of a text has been escaped. Source: hono's `html`. */
const reference = /&(?!(?:amp|lt|gt|quot|#39);)/;

/** What a page has that it is not made of: an element, an attribute, a link elsewhere, or a reference out of a text. */
export const pageFault = (page: string): string | undefined => {
  const loose = reference.exec(page);
  if (loose !== null) return `a text that is not escaped: ${page.slice(loose.index, loose.index + 40)}`;
  let root: HtmlElement;
  try {
    root = parser.parseHtml(page);
  } catch (error) {
    return `is no HTML: ${error instanceof Error ? error.message : String(error)}`;
  }
  if (!page.endsWith('</html>\n')) return 'is cut off';
  for (const node of within(root)) {
    const fault = elementFault(node);
    if (fault !== undefined) return fault;
  }
  return undefined;
};
