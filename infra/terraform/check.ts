import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { brokenOrder } from './order.ts';
import { type Ran, terraform, validate } from './program.ts';

/**
 * `npm run test:terraform`: format, validity, order and tests of the module, validity of its examples. Each counts, and the last
 * line adds them up.
 */
const module = import.meta.dirname;
const examples = readdirSync(join(module, 'examples')).map((name) => join(module, 'examples', name));

let passed = 0;
let failed = 0;

const say = ({ good, output }: Ran, what: string): void => {
  process.stdout.write(`${good ? 'ok    ' : 'FAILED'} ${what}\n${good ? '' : output}`);
};

const check = (what: string, ran: Ran): void => {
  if (ran.good) passed += 1;
  else failed += 1;
  say(ran, what);
};

check('terraform fmt -check', terraform(module, 'fmt', '-check', '-diff', '-recursive'));
for (const folder of [module, ...examples])
  check(`terraform validate ${relative(module, folder) || '.'}`, validate(terraform, folder));

const graph = terraform(module, 'graph');
const broken = graph.good ? brokenOrder(graph.output) : [graph.output];
check('the order of a first apply', {
  good: broken.length === 0,
  output: broken.map((line) => `${line}\n`).join(''),
});

const tests = terraform(module, 'test', '-no-color');
const [, good = '0', bad = '0'] = /(\d+) passed, (\d+) failed/.exec(tests.output) ?? [];
passed += Number(good);
// A test file that does not load has no figures, and has failed all the same.
failed += tests.good ? Number(bad) : Math.max(Number(bad), 1);
say(tests, `terraform test: ${good} runs`);

process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
