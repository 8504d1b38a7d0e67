import { parseArgs } from 'node:util';
import { shrink } from './shrink.ts';
import { type Outcome, simulate } from './simulate.ts';
import { Totals } from './totals.ts';

const help = `npm run simulate -- --seed N             tells the story of one seed, and of a failing one the shortest
                                          that fails alike
npm run simulate -- --seeds N [--from M]  tells N stories, M (1) and following: what failed, faults by kind,
                                          how often each invariant was checked

  --whole    of a failing seed the whole story, not the shortest
  --help     this text

Ends with 1 when an invariant was broken, with 2 when it was called wrongly.
`;

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

const numberOf = (name: string, text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new Error(`--${name} is "${text}": write a whole number from 1 on`);
};

const tell = ({ seed, violation, story }: Outcome): void => {
  say(story.join('\n'));
  if (violation === undefined) say(`seed ${seed}: every invariant holds`);
  else say(`seed ${seed}: invariant ${violation.invariant}: ${violation.text}`);
};

const one = async (seed: number, whole: boolean): Promise<number> => {
  const outcome = await simulate(seed);
  if (outcome.violation === undefined || whole) {
    tell(outcome);
    return outcome.violation === undefined ? 0 : 1;
  }
  const shortest = await shrink(outcome);
  tell(shortest.outcome);
  say(
    `${outcome.ingredients.length} actions and faults, of which ${shortest.outcome.ingredients.length} are enough`,
  );
  return 1;
};

/** Milliseconds between two lines of progress. */
const progressMs = 5_000;

const many = async (from: number, count: number): Promise<number> => {
  const totals = new Totals();
  const began = performance.now();
  let told = began;
  for (let seed = from; seed < from + count; seed++) {
    const outcome = await simulate(seed);
    totals.add(outcome);
    if (outcome.violation !== undefined)
      say(`seed ${seed}: invariant ${outcome.violation.invariant}: ${outcome.violation.text}`);
    if (performance.now() - told < progressMs) continue;
    told = performance.now();
    const done = seed - from + 1;
    const rate = (done / (told - began)) * 1000;
    process.stderr.write(
      `${done} of ${count} seeds, ${rate.toFixed(1)} a second, ${totals.failed.length} failed\n`,
    );
  }
  say(totals.text((performance.now() - began) / 1000));
  return totals.failed.length === 0 ? 0 : 1;
};

/** What is asked for. @throws Error when it was called wrongly */
const read = (): (() => Promise<number>) => {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string' },
      seeds: { type: 'string' },
      from: { type: 'string' },
      whole: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help)
    return () => {
      say(help);
      return Promise.resolve(0);
    };
  const seed = numberOf('seed', values.seed);
  const seeds = numberOf('seeds', values.seeds);
  if ((seed === undefined) === (seeds === undefined)) throw new Error('give either --seed or --seeds');
  const from = numberOf('from', values.from) ?? 1;
  return seed === undefined ? () => many(from, seeds ?? 0) : () => one(seed, values.whole);
};

/** Only what was asked is a matter of the help: a fault of the simulation's own ends with its stack. */
const asked = (): (() => Promise<number>) => {
  try {
    return read();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${help}`);
    return () => Promise.resolve(2);
  }
};

process.exitCode = await asked()();
// An instance that crashed leaves the limits of its calls behind, real time of up to 50 s: nobody waits for them.
process.stdout.write('', () => process.exit());
