import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { constants, Script } from 'node:vm';

/** All functions as one script: a function expression with CommonJS' five parameters, in ASCII. */
export const functionsFile = 'functions.js';

/** What V8 compiled of it when the image was built (`infra/bundle/rehearsal`). */
export const cacheFile = 'functions.cache';

/** `none`: the image was built without a rehearsal. `rejected`: V8 is another one than that of the build. */
export type CacheUse = 'used' | 'rejected' | 'none';

export interface Loaded {
  readonly script: Script;
  readonly cache: CacheUse;
  /** What the script exports. */
  readonly exports: unknown;
}

const readOptional = (file: string): Buffer | undefined => {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
};

/**
 * Runs the functions' script. V8 takes what it compiled at the build, or compiles anew where its version or its flags are
 * others than the build's: it looks at those, and at the source's length. That the source itself is the same is known
 * because both files come out of one build, and no cache is ever in the archive.
 *
 * Not Node's own compile cache: it keeps its files in a folder named after the user and the processor's features, which may
 * differ between the build and an instance, and it holds what was compiled when a file was loaded, not what its first event
 * ran. Source: Node 24, src/compile_cache.cc, `GetCacheVersionTag`, `MaybeSave`.
 */
export const load = (folder: string): Loaded => {
  const filename = join(folder, functionsFile);
  const cachedData = readOptional(join(folder, cacheFile));
  const script = new Script(readFileSync(filename, 'latin1'), {
    filename,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    ...(cachedData === undefined ? {} : { cachedData }),
  });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(filename), module, filename, dirname(filename));
  const cache = cachedData === undefined ? 'none' : script.cachedDataRejected ? 'rejected' : 'used';
  return { script, cache, exports: module.exports };
};
