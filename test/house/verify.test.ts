import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** What decides how a tree is checked: copied as it stands. */
const house = [
  'package.json',
  'tsconfig.json',
  'biome.json',
  '.dependency-cruiser.mjs',
  '.gitignore',
  'vitest.config.ts',
  // Its setup, with what that reads.
  'test/setup/network.ts',
  'test/setup/planned-answers.ts',
  'test/setup/remember-protos.ts',
  'test/scenarios/reached.ts',
  'test/sayings.ts',
  'functions/persistent-ip/vocabulary.ts',
];

/** A tree with a file on every side of the borders that imports may not cross. */
const sound: Readonly<Record<string, string>> = {
  'events/hint.ts': 'export interface Hint {\n  readonly name: string;\n}\n',
  'functions/persistent-ip/rule.ts':
    "import type { Hint } from '../../events/hint.ts';\n\nexport const nameOf = (hint: Hint): string => hint.name;\n",
  'functions/google-cloud/compute.ts':
    "import { nameOf } from '../persistent-ip/rule.ts';\n\nexport const pool = nameOf({ name: 'pool' });\n",
  'functions/kubernetes/cluster.ts': 'export const cluster = 1;\n',
  'functions/sweep.ts':
    "import { pool } from './google-cloud/compute.ts';\nimport { cluster } from './kubernetes/cluster.ts';\n\nexport const swept = [pool, cluster];\n",
  'infra/local/cloud.ts':
    "import { swept } from '../../functions/sweep.ts';\n\nexport const cloud = swept;\n",
  'test/cloud.test.ts':
    "import { expect, test } from 'vitest';\nimport { cloud } from '../infra/local/cloud.ts';\n\ntest('a tree that is sound passes', () => {\n  expect(cloud).toHaveLength(2);\n});\n",
};

interface Run {
  readonly code: number;
  readonly output: string;
}

const trees: string[] = [];

afterEach(async () => {
  for (const tree of trees.splice(0)) await rm(tree, { recursive: true, force: true });
});

/** The house around the sound tree and the planted files, in a folder of its own: the checkout stays as it is. */
const build = async (planted: Readonly<Record<string, string>> = {}): Promise<string> => {
  const tree = await mkdtemp(join(tmpdir(), 'house-'));
  trees.push(tree);
  for (const file of house) await cp(join(root, file), join(tree, file));
  await symlink(join(root, 'node_modules'), join(tree, 'node_modules'));
  for (const [path, text] of Object.entries({ ...sound, ...planted })) {
    await mkdir(dirname(join(tree, path)), { recursive: true });
    await writeFile(join(tree, path), text);
  }
  return tree;
};

/** One of the project's own scripts, as a person starts it; without what a test runner leaves in the environment. */
const npmRun = (tree: string, script: string): Promise<Run> => {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(VITEST|VITE_|NODE_OPTIONS$|NODE_ENV$|TEST$)/.test(name),
    ),
  );
  return new Promise((resolve) => {
    execFile(
      'npm',
      ['run', script],
      { cwd: tree, env: { ...env, NO_COLOR: '1' } },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
        resolve({ code, output: stdout + stderr });
      },
    );
  });
};

const importing = (target: string): string =>
  `import { it } from '${target}';\n\nexport const planted = it;\n`;
const it = 'export const it = 1;\n';

const floatingPromise = `const settle = async (): Promise<void> => {
  await Promise.resolve();
};

export const start = (): void => {
  settle();
};
`;

describe('verify', () => {
  test('passes a sound tree, of which it reads every module', async () => {
    const run = await npmRun(await build(), 'verify');
    expect(run).toMatchObject({ code: 0 });
    const modules = Number(/\((\d+) modules/.exec(run.output)?.[1]);
    expect(modules).toBeGreaterThanOrEqual(Object.keys(sound).length);
    expect(run.output).toMatch(/Tests\s+1 passed/);
  });

  test('fails on a forbidden import and names it', async () => {
    const tree = await build({
      'functions/persistent-ip/planted.ts': importing('../google-cloud/it.ts'),
      'functions/google-cloud/it.ts': it,
    });
    const run = await npmRun(tree, 'verify');
    expect(run.code).not.toBe(0);
    expect(run.output).toContain(
      'rules-stay-pure: functions/persistent-ip/planted.ts → functions/google-cloud/it.ts',
    );
  });

  test('fails on a floating promise and names it', async () => {
    const run = await npmRun(await build({ 'functions/planted.ts': floatingPromise }), 'verify');
    expect(run.code).not.toBe(0);
    expect(run.output).toMatch(/functions\/planted\.ts:6:\d+ lint\/nursery\/noFloatingPromises/);
  });
});

describe('check:imports', () => {
  test.each([
    ['rules-stay-pure', 'functions/persistent-ip', 'infra/local'],
    ['events-know-nothing', 'events', 'functions/persistent-ip'],
    ['functions-know-no-local-cloud', 'functions/google-cloud', 'infra/local'],
    ['adapters-do-not-know-each-other', 'functions/google-cloud', 'functions/kubernetes'],
  ])('%s: %s may not import %s', async (rule, from, to) => {
    const up = from.replace(/[^/]+/g, '..');
    const tree = await build({ [`${from}/planted.ts`]: importing(`${up}/${to}/it.ts`), [`${to}/it.ts`]: it });
    const run = await npmRun(tree, 'check:imports');
    expect(run.code).not.toBe(0);
    expect(run.output).toContain(`${rule}: ${from}/planted.ts → ${to}/it.ts`);
  });

  test.each([
    ['events-touch-no-io', 'events', 'node:fs'],
    ['rules-touch-no-io', 'functions/persistent-ip', 'node:fs'],
    ['rules-touch-no-io', 'functions/persistent-ip', '@google-cloud/compute'],
    ['deployed-code-uses-deployed-packages', 'functions/kubernetes', 'ajv'],
  ])('%s: %s may not import %s', async (rule, from, target) => {
    const tree = await build({ [`${from}/planted.ts`]: `import '${target}';\n` });
    const run = await npmRun(tree, 'check:imports');
    expect(run.code).not.toBe(0);
    expect(run.output).toContain(`${rule}: ${from}/planted.ts → `);
  });
});

test('every package is pinned to one version', async () => {
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const versions = Object.entries({
    ...manifest.dependencies,
    ...manifest.devDependencies,
    ...manifest.optionalDependencies,
  });
  expect(versions.length).toBeGreaterThan(0);
  expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(String(version)))).toEqual([]);
});
