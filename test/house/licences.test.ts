import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** Licences that let the functions be deployed and passed on beside Apache-2.0; the notices of the packages stay in them. */
const permissive = new Set([
  ...[
    '0BSD',
    'Apache-2.0',
    'BSD-2-Clause',
    'BSD-3-Clause',
    'BlueOak-1.0.0',
    'ISC',
    'MIT',
    'PSF-2.0',
    'Unlicense',
  ],
  // Of data: SPDX's own lists of licences.
  ...['CC-BY-3.0', 'CC0-1.0'],
]);

interface Locked {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
}

/** Any of the alternatives of an SPDX expression without nesting: what npm's packages write. */
const isPermissive = (licence: string): boolean =>
  licence
    .replace(/^\((.*)\)$/, '$1')
    .split(' OR ')
    .some((terms) => terms.split(' AND ').every((term) => permissive.has(term)));

/** The packages that are deployed, or needed at run time, under a licence that is not permissive, or under none. */
const strange = (packages: Readonly<Record<string, Locked>>): readonly string[] =>
  Object.entries(packages).flatMap(([path, { version, license, dev }]) =>
    path === '' || dev === true || (license !== undefined && isPermissive(license))
      ? []
      : [`${path.replace('node_modules/', '')} ${version}: ${license ?? 'no licence'}`],
  );

const locked = async (): Promise<Readonly<Record<string, Locked>>> => {
  const text = await readFile(join(import.meta.dirname, '../../package-lock.json'), 'utf8');
  return (JSON.parse(text) as { packages: Record<string, Locked> }).packages;
};

test('everything that is deployed may be passed on', async () => {
  const packages = await locked();
  expect(Object.values(packages).filter(({ dev }) => dev !== true).length).toBeGreaterThan(100);
  expect(strange(packages)).toEqual([]);
});

test.each([
  ['GPL-3.0-only', ['it 1: GPL-3.0-only']],
  ['(GPL-3.0-only OR MIT)', []],
  ['(MIT AND AGPL-3.0-only)', ['it 1: (MIT AND AGPL-3.0-only)']],
  [undefined, ['it 1: no licence']],
])('a package under %s', (license, found) => {
  expect(strange({ 'node_modules/it': { version: '1', ...(license && { license }) } })).toEqual(found);
  expect(strange({ 'node_modules/it': { version: '1', dev: true, ...(license && { license }) } })).toEqual(
    [],
  );
});
