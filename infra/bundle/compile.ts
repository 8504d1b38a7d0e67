import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { narrow } from './narrow.ts';

/** The root of the checkout. */
export const root = join(import.meta.dirname, '../..');

/** What the platform loads by itself: inlined, its command line would not find the functions. */
export const framework = '@google-cloud/functions-framework';

/** Node's own globals of CommonJS, which the bundled packages expect and an ES module does not have. */
const commonJs = `import { createRequire as requireOf } from 'node:module';
import { dirname as folderOf } from 'node:path';
import { fileURLToPath as pathOf } from 'node:url';
const require = requireOf(import.meta.url), __filename = pathOf(import.meta.url), __dirname = folderOf(__filename);`;

export interface Compiled {
  /** Text by file name: the entry is `index.js`, beside it the parts that are loaded later, and the source maps. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** esbuild's account of which file came into which. */
  readonly metafile: Metafile;
}

/**
 * The functions and every package that they use, in as few files as their dynamic imports allow. Nothing is written.
 * @param absent packages that are not deployed: `debug` for one takes `supports-color` if it finds it, and must not
 * @throws Error with esbuild's words when something does not resolve
 */
export const compile = async (absent: readonly string[]): Promise<Compiled> => {
  const outdir = join(root, 'dist/functions');
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: { index: 'functions/index.ts' },
    outdir,
    write: false,
    metafile: true,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    splitting: true,
    external: [framework, ...absent],
    banner: { js: commonJs },
    // Stack traces name our files; the sources themselves are in the repository.
    plugins: [narrow],
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'silent',
  });
  return {
    files: new Map(outputFiles.map(({ path, contents }) => [path.slice(outdir.length + 1), contents])),
    metafile,
  };
};
