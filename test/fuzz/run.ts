import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import type { Deployed } from './deployed.ts';
import { type Input, inputs } from './doors/inputs.ts';
import { faultsOf } from './judge/judge.ts';
import type { Samples } from './samples.ts';

/** Inputs of one batch; each has a seed of its own, so that a failure is repeated by its batch alone. */
export const batchSize = 250;

/** What a run has seen so far. */
export interface Progress {
  readonly inputs: number;
  readonly calls: number;
  /** How often each answer was given, by `door status`. */
  readonly answers: ReadonlyMap<string, number>;
  /** The most of the processor that one input took, ms, and the batch that it is of. */
  readonly slowest: { readonly ms: number; readonly seed: number };
}

export interface Failed {
  /** The batch's seed: `--seed N --inputs 250` repeats it. */
  readonly seed: number;
  /** The smallest input that fails. */
  readonly input: Input;
  readonly why: string;
}

/** Sends `count` inputs, batch by batch. @returns what was found, if something was */
export const fuzz = async (
  deployed: Deployed,
  samples: Samples,
  { count, seed, onBatch }: { count: number; seed: number; onBatch?: (progress: Progress) => void },
): Promise<{ readonly progress: Progress; readonly failed?: Failed }> => {
  const answers = new Map<string, number>();
  const progress = { inputs: 0, calls: 0, answers, slowest: { ms: 0, seed } };
  let batchSeed = seed;
  const property = fc.asyncProperty(inputs(samples), async ({ knock, wounds, odd }) => {
    deployed.api.reset(wounds, odd);
    const began = process.cpuUsage();
    const answer = await deployed.knock(knock);
    progress.inputs += 1;
    progress.calls += deployed.api.calls.length;
    const used = process.cpuUsage(began);
    const ms = (used.user + used.system) / 1000;
    if (ms > progress.slowest.ms) progress.slowest = { ms, seed: batchSeed };
    const key = `${knock.door} ${answer.status}`;
    answers.set(key, (answers.get(key) ?? 0) + 1);
    const faults = faultsOf(knock, answer, deployed.api, deployed.logged, deployed.secrets);
    if (faults.length > 0) throw new Error(faults.join('\n'));
  });
  for (let batch = 0; batch * batchSize < count; batch++) {
    const numRuns = Math.min(batchSize, count - batch * batchSize);
    batchSeed = seed + batch;
    const result = await fc.check(property, { seed: batchSeed, numRuns });
    if (result.failed) {
      const [input] = result.counterexample as [Input];
      const why = result.errorInstance instanceof Error ? result.errorInstance.message : 'unknown';
      return { progress, failed: { seed: batchSeed, input, why } };
    }
    onBatch?.(progress);
  }
  return { progress };
};

/** Bytes of the heap that are in use once everything unused has been collected. */
export const heapInUse = (): number => {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
};

/** An input as a person reads it: bodies as text, what is long cut short. */
export const describeInput = ({ knock, wounds, odd }: Input): string => {
  const body = knock.body.toString();
  let data = '';
  try {
    const { message } = JSON.parse(body) as { message?: { data?: string } };
    data = Buffer.from(String(message?.data ?? ''), 'base64').toString();
  } catch {
    // Not every body is an envelope.
  }
  const short = (text: string): string => (text.length > 3_000 ? `${text.slice(0, 3_000)}…` : text);
  return [
    `${knock.method} ${knock.path} of ${knock.door}`,
    `headers: ${JSON.stringify(knock.headers)}`,
    ...(knock.authorization === undefined ? [] : [`authorization: ${JSON.stringify(knock.authorization)}`]),
    `body: ${short(body)}`,
    ...(data === '' ? [] : [`data: ${short(data)}`]),
    `wounds: ${JSON.stringify(wounds)}`,
    `odd answers: ${JSON.stringify(odd)}`,
  ].join('\n');
};
