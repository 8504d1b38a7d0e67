import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { type Compiled, compile, framework, root } from './compile.ts';
import { bundledPlaces, licenceList, readPackage } from './licences.ts';
import { developmentPackages, type Lockfile, lockfileFor, type PackageManifest } from './lockfile.ts';

/** What is deployed. */
export interface Bundle {
  /** Bytes by file name. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** The same as a zip archive: equal sources give equal bytes. */
  readonly archive: Uint8Array;
  /** SHA-256 of the archive, in hexadecimal: what a deployment is known by. */
  readonly digest: string;
  readonly metafile: Compiled['metafile'];
}

const readJson = (name: string): unknown => JSON.parse(readFileSync(join(root, name), 'utf8'));
const jsonText = (value: object): Uint8Array => Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`);

/** What zip calls no date: the archive must not depend on when it was made. */
const noDate = new Date(1980, 0, 1);

/**
 * The manifest that the platform installs from: the framework alone, everything else is in the bundle. The platform's build
 * runs `gcp-build` when the packages are there. Source: Cloud Run functions, *Run custom build steps during deployment*.
 */
const manifestFor = ({ name, version, dependencies }: PackageManifest) => ({
  name: `${name}-functions`,
  version,
  private: true,
  type: 'commonjs',
  main: 'index.js',
  scripts: { 'gcp-build': 'node rehearse.js' },
  dependencies: { [framework]: dependencies[framework] ?? '' },
});

/** @throws Error when something does not compile, is not locked, or stands under a licence that is not allowed */
export const makeBundle = async (): Promise<Bundle> => {
  const lock = readJson('package-lock.json') as Lockfile;
  const compiled = await compile(developmentPackages(lock));
  const manifest = manifestFor(readJson('package.json') as PackageManifest);
  const packages = bundledPlaces(compiled.metafile).map((place) => readPackage(root, place));
  const files = new Map([
    ...compiled.files,
    ['package.json', jsonText(manifest)],
    ['package-lock.json', jsonText(lockfileFor(manifest, lock))],
    ['LICENSE', readFileSync(join(root, 'LICENSE'))],
    ['THIRD_PARTY_LICENSES.txt', Buffer.from(licenceList(packages))],
  ]);
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  const archive = zipSync(Object.fromEntries(sorted), { level: 9, mtime: noDate, os: 3 });
  const digest = createHash('sha256').update(archive).digest('hex');
  return { files: new Map(sorted), archive, digest, metafile: compiled.metafile };
};

/** Writes `DIR/functions/` and `DIR/functions.zip`, in place of what was there. */
export const writeBundle = ({ files, archive }: Bundle, folder: string): void => {
  const inside = join(folder, 'functions');
  rmSync(inside, { recursive: true, force: true });
  mkdirSync(inside, { recursive: true });
  for (const [name, bytes] of files) writeFileSync(join(inside, name), bytes);
  writeFileSync(join(folder, 'functions.zip'), archive);
};
