import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const pages = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' }).trim().split('\n');
const text = (page: string): string => readFileSync(join(root, page), 'utf8');
const { scripts } = JSON.parse(text('package.json')) as { scripts: Readonly<Record<string, string>> };

/** Without blocks of code, whose brackets and hashes are no links and headings. */
const prose = (page: string): string => text(page).replaceAll(/^```[\s\S]*?^```/gm, '');

/** As GitHub makes them of headings: lower case, spaces as hyphens, without punctuation. */
const anchorsOf = (page: string): readonly string[] =>
  [...prose(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_\- ]/gu, '')
      .replaceAll(' ', '-'),
  );

/** Links of a page within the repository that lead nowhere. */
const broken = (page: string, source = prose(page)): readonly string[] =>
  [...source.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^https?:/.test(link))
    .filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? page : normalize(join(dirname(page), path));
      if (!existsSync(join(root, target))) return true;
      return anchor !== undefined && target.endsWith('.md') && !anchorsOf(target).includes(anchor);
    });

/** Files of the repository that a page names in its text and that do not exist. */
const gone = (source: string): readonly string[] =>
  [...source.matchAll(/`((?:docs|events|functions|infra|test)\/[\w./-]+\.\w+)`/g)]
    .map(([, path = '']) => path)
    .filter((path) => !existsSync(join(root, path)));

const unknownScripts = (source: string): readonly string[] =>
  [...source.matchAll(/npm run (?:--silent )?([\w:-]+)/g)]
    .map(([, name = '']) => name)
    .filter((name) => scripts[name] === undefined);

// The changelog speaks of what was.
describe.each(pages.filter((page) => page !== 'CHANGELOG.md'))('%s', (page) => {
  it('leads to pages, headings and files that there are', () => {
    expect([...broken(page), ...gone(prose(page))]).toEqual([]);
  });

  it('names npm scripts that there are', () => {
    expect(unknownScripts(text(page))).toEqual([]);
  });
});

it.each([
  ['a page that is gone', () => broken('README.md', '[x](docs/gone.md)')],
  ['a heading that is gone', () => broken('README.md', '[x](infra/README.md#gone)')],
  ['a file that is gone', () => gone('see `test/gone.ts`')],
  ['a script that is gone', () => unknownScripts('npm run gone -- --write')],
])('%s would be found', (_, planted) => {
  expect(planted()).toHaveLength(1);
});
