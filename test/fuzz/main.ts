import { parseArgs } from 'node:util';
import { startDeployed } from './deployed.ts';
import { batchSize, describeInput, fuzz, heapInUse, type Progress } from './run.ts';
import { readSamples } from './samples.ts';

const help = `npm run fuzz [-- OPTIONS]

Sends hostile input to every deployed function, before a cluster and a project that answer as hostile: bytes, JSON, and
mutations of real pushes, audit entries, requests, Kubernetes objects and answers of Compute.
Exit 0 if every input got an answer of the closed set and no call was made that must not be, 1 otherwise.

  --inputs N  how many (default: 100000)
  --seed N    of the first batch (default: chance); a failure prints the one that repeats it
  --help      print this`;

/** What the heap may gain over a run, bytes: caches are bounded and full by then. */
const mostGrowth = 16 * 2 ** 20;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const wholeNumber = (name: string, text: string): number => {
  const value = Number(text);
  if (text !== '' && Number.isInteger(value) && value >= 0 && value < 2 ** 31) return value;
  process.stderr.write(`--${name} ${text} is no whole number\n\n${help}\n`);
  process.exit(2);
};

const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MB`;

const line = ({ inputs, calls, slowest }: Progress, began: number): string => {
  const seconds = (performance.now() - began) / 1000;
  return `${inputs} inputs, ${calls} calls, ${seconds.toFixed(0)} s, the slowest input ${slowest.ms.toFixed(0)} ms (of seed ${slowest.seed})`;
};

const main = async (): Promise<number> => {
  const { values } = parseArgs({
    options: { inputs: { type: 'string' }, seed: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help === true) {
    say(help);
    return 0;
  }
  const count = wholeNumber('inputs', values.inputs ?? '100000');
  const seed = wholeNumber('seed', values.seed ?? String(Math.floor(Math.random() * 1_000_000_000)));
  say(`seed ${seed}, ${count} inputs`);
  const samples = readSamples();
  const deployed = await startDeployed(samples);
  const began = performance.now();
  let said = began;
  let warm: number | undefined;
  const onBatch = (progress: Progress): void => {
    // The first thousands fill what is bounded: clients, caches, compiled code.
    if (warm === undefined && progress.inputs >= Math.min(10_000, count / 2)) warm = heapInUse();
    if (performance.now() - said < 10_000) return;
    said = performance.now();
    say(`  ${line(progress, began)}, heap in use ${megabytes(heapInUse())}`);
  };
  const { progress, failed } = await fuzz(deployed, samples, { count, seed, onBatch });
  await deployed.close();
  say(line(progress, began));
  for (const [answer, times] of [...progress.answers].sort()) say(`  ${answer.padEnd(22)} ${times}`);
  if (failed !== undefined) {
    say(`\nFAILED: ${failed.why}\n\n${describeInput(failed.input)}\n`);
    say(`Again: npm run fuzz -- --seed ${failed.seed} --inputs ${batchSize}`);
    return 1;
  }
  const growth = heapInUse() - (warm ?? 0);
  say(`heap after the first inputs ${megabytes(warm ?? 0)}, grown by ${megabytes(growth)} since`);
  if (warm !== undefined && growth > mostGrowth) {
    say(`FAILED: the heap has grown by more than ${megabytes(mostGrowth)}`);
    return 1;
  }
  return 0;
};

process.exit(await main());
