import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';

/** A package whose code is in the bundle. */
export interface BundledPackage {
  /** Its place, as `package-lock.json` names it. */
  readonly place: string;
  readonly name: string;
  readonly version: string;
  /** SPDX expression. */
  readonly licence: string;
  /** The text that must travel with the code; empty where the package ships none. */
  readonly text: string;
}

/** Licences that let the code go along in a deployment, given its text. Anything else is a person's decision. */
const allowed: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'Unlicense',
]);

const placeOfPackage = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/;

/** The places of all packages of which something is in an output, sorted. */
export const bundledPlaces = ({ outputs }: Metafile): readonly string[] => {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  const places = inputs.flatMap(([path, { bytesInOutput }]) => {
    const place = bytesInOutput > 0 ? placeOfPackage.exec(path)?.[0] : undefined;
    return place === undefined ? [] : [place];
  });
  return [...new Set(places)].sort();
};

/** @param root the folder that holds `node_modules` */
export const readPackage = (root: string, place: string): BundledPackage => {
  const folder = join(root, place);
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly name: string;
    readonly version: string;
    readonly license?: string;
  };
  const file = readdirSync(folder).find((entry) => /^licen[cs]e(?:[.-](?:md|txt|mit))?$/i.test(entry));
  const text = file === undefined ? '' : readFileSync(join(folder, file), 'utf8').trim();
  return { place, name, version, licence: license ?? '', text };
};

const withoutText = (licence: string): string =>
  licence === 'Apache-2.0'
    ? 'The package ships no text; that of its licence is in LICENSE.'
    : `The package ships no text; its licence is https://spdx.org/licenses/${licence}.html.`;

/**
 * What goes along with the bundle: each package, its licence, and the licence's text (once, where several share it).
 * @throws Error that names every package under a licence nobody has allowed
 */
export const licenceList = (packages: readonly BundledPackage[]): string => {
  const refused = packages.filter(({ licence }) => !allowed.has(licence));
  if (refused.length > 0) {
    const named = refused.map(({ name, version, licence }) => `${name} ${version}: ${licence || 'none'}`);
    throw new Error(`licences that nobody has allowed (infra/bundle/licences.ts): ${named.join('; ')}`);
  }
  const byText = Map.groupBy(packages, ({ licence, text }) => text || withoutText(licence));
  const parts = [...byText].map(([text, sharing]) => {
    const names = new Set(sharing.map(({ name, version, licence }) => `${name} ${version} (${licence})`));
    return `${[...names].join('\n')}\n\n${text}\n`;
  });
  return `Packages whose code is in this bundle.\n\n${parts.join(`\n${'-'.repeat(80)}\n\n`)}`;
};
