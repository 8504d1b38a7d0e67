import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { unzipSync } from 'fflate';
import { makeBundle } from '../../../infra/bundle/bundle.ts';
import { framework, root } from '../../../infra/bundle/compile.ts';

/** What the platform's build does with a source: `npm ci` without development dependencies, then its `gcp-build`. */
const buildImage = (folder: string): void => {
  const npm = (...words: readonly string[]) =>
    execFileSync('npm', words, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  npm('ci', '--omit=dev', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund');
  npm('run', '--if-present', 'gcp-build');
};

/** The folder of an image; every start gets a fresh copy of it, at the place where it was built, as a new instance does. */
export interface Image {
  readonly folder: string;
  refresh(): void;
}

const imageOf = (folder: string): Image => {
  const kept = `${folder}-built`;
  cpSync(folder, kept, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
  return {
    folder,
    refresh: () => {
      rmSync(folder, { recursive: true, force: true });
      cpSync(kept, folder, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
    },
  };
};

/** What `npm run bundle` makes, built as the platform builds it. */
export const deployedImage = async (folder: string): Promise<Image> => {
  const { archive } = await makeBundle();
  for (const [name, bytes] of Object.entries(unzipSync(archive))) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
  buildImage(folder);
  return imageOf(folder);
};

/** The four packages as their documentation imports them. */
const plain = [
  "export * as compute from '@google-cloud/compute';",
  "export * as pubsub from '@google-cloud/pubsub';",
  "export * as logging from '@google-cloud/logging';",
  "export * as kubernetes from '@kubernetes/client-node';",
].join('\n');

/** The same functions with plain top-level imports of the four packages, installed beside them and not bundled. */
export const plainImage = async (folder: string): Promise<Image> => {
  mkdirSync(folder, { recursive: true });
  await build({
    absWorkingDir: root,
    stdin: { contents: `${plain}\nimport './functions/index.ts';`, resolveDir: root, loader: 'ts' },
    outfile: join(folder, 'index.js'),
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node24',
    format: 'esm',
    logLevel: 'silent',
  });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', main: 'index.js' }));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return { folder, refresh: () => {} };
};

/** The least that can be deployed, with the same framework: every function answers 204. */
export const trivialImage = (deployed: Image, folder: string): Image => {
  cpSync(join(deployed.folder, 'node_modules'), join(folder, 'node_modules'), {
    recursive: true,
    verbatimSymlinks: true,
  });
  writeFileSync(
    join(folder, 'index.js'),
    `import { http } from '${framework}';\nhttp('onClusterEvent', (request, response) => { response.status(204).end(); });\n`,
  );
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', main: 'index.js' }));
  return imageOf(folder);
};
