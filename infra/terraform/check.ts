import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

/**
 * `npm run test:terraform`: format, validity and tests of the module, validity of its examples. Each counts, and the last
 * line adds them up. The program is `TERRAFORM` of the environment, which then brings the google provider along;
 * without it `terraform`, and the provider is installed by `terraform init`.
 */
const program = process.env.TERRAFORM ?? 'terraform';
const bringsProvider = process.env.TERRAFORM !== undefined;
const module = import.meta.dirname;
const examples = readdirSync(join(module, 'examples')).map((name) => join(module, 'examples', name));

let passed = 0;
let failed = 0;

const terraform = (folder: string, ...args: readonly string[]): { good: boolean; output: string } => {
  const { status, stdout, stderr, error } = spawnSync(program, [`-chdir=${folder}`, ...args], {
    encoding: 'utf8',
  });
  if (error !== undefined) throw new Error(`${program} does not start: ${error.message}`, { cause: error });
  return { good: status === 0, output: `${stdout}${stderr}` };
};

const say = (good: boolean, what: string, output: string): void => {
  process.stdout.write(`${good ? 'ok    ' : 'FAILED'} ${what}\n${good ? '' : output}`);
};

const check = (what: string, { good, output }: ReturnType<typeof terraform>): void => {
  if (good) passed += 1;
  else failed += 1;
  say(good, what, output);
};

const prepare = (folder: string): void => {
  const { good, output } = bringsProvider
    ? terraform(folder, 'get')
    : terraform(folder, 'init', '-backend=false', '-input=false');
  if (!good) throw new Error(`${folder} cannot be prepared:\n${output}`);
};

check('terraform fmt -check', terraform(module, 'fmt', '-check', '-diff', '-recursive'));
for (const folder of [module, ...examples]) {
  prepare(folder);
  check(`terraform validate ${relative(module, folder)}`, terraform(folder, 'validate', '-no-color'));
}

const tests = terraform(module, 'test', '-no-color');
const [, good = '0', bad = '0'] = /(\d+) passed, (\d+) failed/.exec(tests.output) ?? [];
passed += Number(good);
// A test file that does not load has no figures, and has failed all the same.
failed += tests.good ? Number(bad) : Math.max(Number(bad), 1);
say(tests.good, `terraform test: ${good} runs`, tests.output);

process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
