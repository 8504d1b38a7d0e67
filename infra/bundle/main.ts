import { join, relative } from 'node:path';
import { makeBundle, writeBundle } from './bundle.ts';
import { root } from './compile.ts';

const folder = join(root, 'dist');
const bundle = await makeBundle();
writeBundle(bundle, folder);

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
const code = [...bundle.files].filter(([name]) => name.endsWith('.js'));
const size = code.reduce((sum, [, bytes]) => sum + bytes.length, 0);
process.stdout.write(
  `${relative(process.cwd(), join(folder, 'functions.zip'))}  ${megabytes(bundle.archive.length)}, ` +
    `${code.length} files of ${megabytes(size)}\nsha256 ${bundle.digest}\n`,
);
