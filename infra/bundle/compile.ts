import { join } from 'node:path';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { narrow } from './narrow.ts';

/** The root of the checkout. */
export const root = join(import.meta.dirname, '../..');

/** What the platform loads by itself: inlined, its command line would not find the functions. */
export const framework = '@google-cloud/functions-framework';

export interface Compiled {
  /**
   * Text by file name: `functions.js` with its map, what loads it (`index.js`), and what the image's build runs to compile it
   * ahead (`rehearse.js`).
   */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** esbuild's account of which file came into `functions.js`. */
  readonly metafile: Metafile;
}

const outdir = join(root, 'dist/functions');

const common = {
  absWorkingDir: root,
  outdir,
  write: false,
  metafile: true,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  logLevel: 'silent',
} as const satisfies BuildOptions;

/** Readers take it byte by byte, which is three times as fast as UTF-8. @throws Error that names the file */
const checkAscii = (name: string, contents: Uint8Array): void => {
  const found = contents.findIndex((byte) => byte > 0x7f);
  if (found !== -1) throw new Error(`${name} is not ASCII at byte ${found}`);
};

/**
 * The functions and every package that they use as one script. What is behind a dynamic import stays a function in it that is
 * not called, and not even parsed, until somebody imports it. Nothing is written.
 * @param absent packages that are not deployed: `debug` for one takes `supports-color` if it finds it, and must not
 * @throws Error with esbuild's words when something does not resolve
 */
export const compile = async (absent: readonly string[]): Promise<Compiled> => {
  const [functions, others] = await Promise.all([
    build({
      ...common,
      entryPoints: { functions: 'functions/index.ts' },
      external: [framework, ...absent],
      plugins: [narrow],
      // One function expression, as `loader/load.ts` calls it: Node's own wrapper would be another text to compile.
      banner: { js: '(function (exports, require, module, __filename, __dirname) {' },
      footer: { js: '})' },
      minifyWhitespace: true,
      minifySyntax: true,
      // Stack traces name our files; the sources themselves are in the repository.
      sourcemap: 'external',
      sourcesContent: false,
    }),
    build({
      ...common,
      entryPoints: { index: 'infra/bundle/loader/index.ts', rehearse: 'infra/bundle/rehearsal/main.ts' },
      external: [framework],
    }),
  ]);
  const files = new Map(
    [...functions.outputFiles, ...others.outputFiles].map(({ path, contents }) => [
      path.slice(outdir.length + 1),
      contents,
    ]),
  );
  for (const [name, contents] of files) if (name.endsWith('.js')) checkAscii(name, contents);
  return { files, metafile: functions.metafile };
};
