import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';
import { calls } from '../../functions/google-cloud/calls.ts';
import { calls as kubernetesCalls } from '../../functions/kubernetes/calls.ts';
import { cutClasses } from './cut-classes.ts';
import { cutDescriptors } from './cut-descriptors.ts';
import { doors } from './doors.ts';

/** Modules that are loaded and never used, by the end of their path, and what stands in for them. */
const unused: Readonly<Record<string, string>> = {
  // Types of IAM and of locations, which gax only hands on.
  'google-gax/build/protos/iam_service.js': 'module.exports = {};',
  'google-gax/build/protos/locations.js': 'module.exports = {};',
  // Long-running operations of google.longrunning: Compute's are its own messages.
  'google-gax/build/protos/operations.js': 'module.exports = {};',
  // A second undici: functions/kubernetes/http.ts brings the process's own fetch.
  '@kubernetes/client-node/dist/gen/http/isomorphic-fetch.js': `export class IsomorphicFetchHttpLibrary {
    send() { throw new Error('the bundle has no transport of its own for Kubernetes (infra/bundle/narrow.ts)'); }
  }`,
};

/** The Kubernetes client's classes of calls. */
const generated =
  /client-node[\\/]dist[\\/]gen[\\/](?:types[\\/]Ob\w+API|apis[\\/](?:AuthenticationV1|CoreV1|CustomObjects)Api)\.js$/;

const kubernetesMethods: ReadonlySet<string> = new Set(Object.values(kubernetesCalls).flat());

const escaped = (path: string): string => path.replace(/[.\\/]/g, '\\$&');

/** Leaves out of the bundle what no call of ours reaches, which is nearly all of what the packages load. */
export const narrow: Plugin = {
  name: 'narrow',
  setup: (build) => {
    build.onResolve({ filter: /^[@a-z]/ }, ({ path }) =>
      Object.hasOwn(doors, path) ? { path, namespace: 'door' } : undefined,
    );
    // Generated modules define classes and do nothing else: one of which no class is used need not run. The package does not say so.
    build.onResolve({ filter: /^\.\.?\/.*\.js$/ }, ({ path, importer, resolveDir }) =>
      /client-node[\\/]dist[\\/]gen[\\/]/.test(importer)
        ? { path: join(resolveDir, path), sideEffects: false }
        : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'door' }, ({ path }) => ({
      contents: doors[path] ?? '',
      loader: 'js',
      resolveDir: import.meta.dirname,
    }));
    build.onLoad({ filter: /[\\/]build[\\/]protos[\\/]protos\.json$/ }, async ({ path }) => ({
      contents: JSON.stringify(cutDescriptors(JSON.parse(await readFile(path, 'utf8')), calls)),
      loader: 'json',
    }));
    for (const [path, contents] of Object.entries(unused))
      build.onLoad({ filter: new RegExp(`${escaped(path)}$`) }, () => ({ contents, loader: 'js' }));
    build.onLoad({ filter: generated }, async ({ path }) => ({
      contents: cutClasses(await readFile(path, 'utf8'), kubernetesMethods),
      loader: 'js',
    }));
    // A type that its serializer does not know is handed on as JSON has it: functions/kubernetes/objects.ts reads that.
    build.onLoad({ filter: /gen[\\/]models[\\/]ObjectSerializer\.js$/ }, async ({ path }) => {
      const whole = await readFile(path, 'utf8');
      const contents = whole
        .replace(/^let typeMap = \{$[\s\S]*?^\};?$/m, 'let typeMap = {};')
        .replace(/^let enumsMap = new Set\(\[$[\s\S]*?^\]\);?$/m, 'let enumsMap = new Set();')
        .replace(/^(?:im|ex)port [^;]*from '[^']*';$/gm, '');
      return { contents, loader: 'js' };
    });
  },
};
