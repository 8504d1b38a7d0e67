import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { constants, Script } from 'node:vm';

/** All functions as one script: a function expression with CommonJS' five parameters, in ASCII. */
export const functionsFile = 'functions.js';

/** The functions whose first events are rehearsed, by their entry points. */
const rehearsed = ['onClusterEvent', 'reconcile'] as const;

export type Rehearsed = (typeof rehearsed)[number];

const isRehearsed = (target: string | undefined): target is Rehearsed =>
  rehearsed.some((name) => name === target);

/**
 * What V8 compiled of it for one function when the image was built (`infra/bundle/rehearsal`). One each, for all of a cache is
 * read at the start: a function that drops most of its events must not read what a move needs. The others need about what
 * `reconcile` needs.
 * @param target the function's entry point
 */
export const cacheFileOf = (target: string | undefined): string =>
  `functions.${isRehearsed(target) ? target : ('reconcile' satisfies Rehearsed)}.cache`;

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
 * @param target the entry point of the function that is going to be served
 */
export const load = (folder: string, target?: string): Loaded => {
  const filename = join(folder, functionsFile);
  const cachedData = readOptional(join(folder, cacheFileOf(target)));
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
