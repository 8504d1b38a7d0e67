import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, test } from 'vitest';
import { type Bundle, makeBundle } from '../../../infra/bundle/bundle.ts';
import { framework, root } from '../../../infra/bundle/compile.ts';
import { bundledPlaces, licenceList } from '../../../infra/bundle/licences.ts';
import { type Lockfile, lockfileFor } from '../../../infra/bundle/lockfile.ts';

const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lockfile;

describe('the bundle', () => {
  let bundle: Bundle;
  beforeAll(async () => {
    bundle = await makeBundle();
  }, 60_000);
  const json = (name: string) => JSON.parse(Buffer.from(bundle.files.get(name)!).toString('utf8'));

  it('is the same bytes each time it is made', async () => {
    expect((await makeBundle()).digest).toBe(bundle.digest);
  });

  it('holds packages that we ask for or that those need, and no development dependency', () => {
    const places = bundledPlaces(bundle.metafile);
    expect(places.length).toBeGreaterThan(20);
    expect(places.filter((place) => lock.packages[place] === undefined)).toEqual([]);
    expect(places.filter((place) => lock.packages[place]?.dev)).toEqual([]);
  });

  it('holds nothing of the tests or of the local cloud', () => {
    const inputs = Object.keys(bundle.metafile.inputs).filter((path) => !path.includes('node_modules/'));
    expect(inputs.filter((path) => !/^(functions\/|events\/|door:)/.test(path))).toEqual([]);
  });

  it('leaves the framework to the platform, at the version that is tested', () => {
    expect(bundledPlaces(bundle.metafile)).not.toContain(`node_modules/${framework}`);
    const { version } = lock.packages[`node_modules/${framework}`]!;
    expect(json('package.json').dependencies).toEqual({ [framework]: version });
    expect(json('package-lock.json').packages[`node_modules/${framework}`].version).toBe(version);
    expect(
      Object.values(json('package-lock.json').packages).filter((entry) => (entry as { dev?: true }).dev),
    ).toEqual([]);
  });

  it('is one script with its source map, what loads it, and what the build compiles it by: no cache, every licence', () => {
    expect([...bundle.files.keys()]).toEqual([
      'LICENSE',
      'THIRD_PARTY_LICENSES.txt',
      'functions.js',
      'functions.js.map',
      'index.js',
      'package-lock.json',
      'package.json',
      'rehearse.js',
    ]);
    expect(json('package.json')).toMatchObject({
      main: 'index.js',
      scripts: { 'gcp-build': 'node rehearse.js' },
    });
    const list = Buffer.from(bundle.files.get('THIRD_PARTY_LICENSES.txt')!).toString('utf8');
    for (const name of ['@google-cloud/compute', '@kubernetes/client-node', 'jose', 'valibot'])
      expect(list).toContain(`${name} ${lock.packages[`node_modules/${name}`]?.version} (`);
  });
});

describe('its lock file', () => {
  const locked: Lockfile = {
    lockfileVersion: 3,
    packages: {
      'node_modules/a': { version: '1.0.0', dependencies: { b: '^1', c: '^2' } },
      'node_modules/a/node_modules/b': { version: '1.5.0', dependencies: { c: '^2' } },
      'node_modules/b': { version: '2.0.0' },
      'node_modules/c': { version: '2.0.0', optionalDependencies: { d: '*', e: '*' } },
      'node_modules/d': { version: '1.0.0' },
      'node_modules/unused': { version: '1.0.0' },
    },
  };
  const manifest = (dependencies: Record<string, string>) => ({ name: 'm', version: '1.0.0', dependencies });

  it('has what a package finds from its place, optional where it is locked, and nothing else', () => {
    expect(lockfileFor(manifest({ a: '1.0.0' }), locked)).toMatchObject({ lockfileVersion: 3 });
    const { packages } = lockfileFor(manifest({ a: '1.0.0' }), locked) as Lockfile;
    expect(Object.keys(packages)).toEqual([
      '',
      'node_modules/a',
      'node_modules/a/node_modules/b',
      'node_modules/c',
      'node_modules/d',
    ]);
  });

  it('refuses a version that is not the locked one, and what is not locked', () => {
    expect(() => lockfileFor(manifest({ a: '1.0.1' }), locked)).toThrow('a 1.0.0, not 1.0.1');
    expect(() => lockfileFor(manifest({ z: '1.0.0' }), locked)).toThrow('z not at all');
    const broken = {
      ...locked,
      packages: { ...locked.packages, 'node_modules/b': { version: '2.0.0', dependencies: { z: '*' } } },
    };
    expect(() => lockfileFor(manifest({ b: '2.0.0' }), broken)).toThrow('no z, which node_modules/b needs');
  });
});

test('a licence that nobody has allowed stops the bundle, and is named', () => {
  const one = { place: 'node_modules/x', name: 'x', version: '1.0.0', text: '' };
  expect(licenceList([{ ...one, licence: 'MIT' }])).toContain('x 1.0.0 (MIT)');
  expect(() => licenceList([{ ...one, licence: 'AGPL-3.0' }])).toThrow('x 1.0.0: AGPL-3.0');
  expect(() => licenceList([{ ...one, licence: '' }])).toThrow('x 1.0.0: none');
});
