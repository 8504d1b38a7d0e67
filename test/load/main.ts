import { parseArgs } from 'node:util';
import { type Counts, runLoad } from './run.ts';

const help = `npm run load [-- OPTIONS]

Installs routes with an address and a Pod each on the local cloud, replaces all of the Pods at once by Pods on other nodes
while calls of the functions are refused, and watches that no address is owned twice.
Exit 0 if every route is Ready on its new Pod, nothing was owned twice and no message is dead, 1 otherwise, 2 when it was
called wrongly. Progress goes to stderr.

  --routes N      how many (default: 1000)
  --namespaces N  that they are spread over (default: 20)
  --failing N     percent of calls that are refused during the rollout: 503, 429, 403 (default: 5)
  --instances N   of reconcile, each a thread with a limiter and caches of its own, pushed to in turn (default: 1)
  --rate N        computeCallsPerSecond of an instance (default: 50)
  --quota N       lists of Compute a minute, beyond which all are refused until the next minute (default: 0, no quota)
  --patience N    seconds that each convergence may take (default: 3600)
  --seed N        of what is refused (default: 1)
  --help          print this
`;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const wholeNumber = (name: string, text: string, least: number): number => {
  const value = Number(text);
  if (/^\d{1,9}$/.test(text) && value >= least) return value;
  throw new Error(`--${name} is "${text}": write a whole number from ${least} on`);
};

const seconds = (ms: number | undefined): string =>
  ms === undefined ? '(not in time)' : `${(ms / 1000).toFixed(1)} s`;

const sum = (counts: ReadonlyMap<string, number>): number => [...counts.values()].reduce((a, b) => a + b, 0);

/** The calls that were made most first. */
const sayTable = (counts: ReadonlyMap<string, number>): void => {
  for (const [key, count] of [...counts].toSorted(([, a], [, b]) => b - a))
    if (count > 0) say(`  ${String(count).padStart(7)} ${key}`);
};

const sayCounts = (when: string, { calls, refused }: Counts, routes: number): void => {
  const of = (api: string) => new Map([...calls].filter(([key]) => key.startsWith(`${api} `)));
  const [compute, kubernetes] = [sum(of('compute')), sum(of('kubernetes'))];
  const each = (count: number) => (count / routes).toFixed(1);
  say(
    `${when}: ${compute} calls of Compute and ${kubernetes} of Kubernetes, ${each(compute)} and ${each(kubernetes)} a route`,
  );
  sayTable(calls);
  say(`  refused: ${sum(refused)}`);
  sayTable(refused);
};

const text = { type: 'string' } as const;

const main = async (): Promise<number> => {
  const { values } = parseArgs({
    options: {
      routes: text,
      namespaces: text,
      failing: text,
      instances: text,
      rate: text,
      quota: text,
      patience: text,
      seed: text,
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) {
    process.stdout.write(help);
    return 0;
  }
  const options = {
    routes: wholeNumber('routes', values.routes ?? '1000', 1),
    namespaces: wholeNumber('namespaces', values.namespaces ?? '20', 1),
    failing: wholeNumber('failing', values.failing ?? '5', 0),
    instances: wholeNumber('instances', values.instances ?? '1', 1),
    computeCallsPerSecond: wholeNumber('rate', values.rate ?? '50', 2),
    listsPerMinute: wholeNumber('quota', values.quota ?? '0', 0),
    patience: wholeNumber('patience', values.patience ?? '3600', 1) * 1000,
    seed: wholeNumber('seed', values.seed ?? '1', 0),
  };
  const onProgress = (line: string): void => void process.stderr.write(`${line}\n`);
  const { first, rollout, looks, deadLetters, broken, before, during, peak, peaks } = await runLoad({
    ...options,
    onProgress,
  });
  say(
    `${options.routes} routes in ${options.namespaces} namespaces, ${options.failing} % refused, seed ${options.seed}`,
  );
  say(`Ready after ${seconds(first)}; after the rollout ${seconds(rollout)}; ${looks} looks for two owners`);
  sayCounts('until Ready', before, options.routes);
  sayCounts('rollout', during, options.routes);
  say(
    `Compute calls in the fullest second: ${peak}, of ${options.computeCallsPerSecond * options.instances}; dead letters: ${deadLetters}`,
  );
  if (peaks.length > 0) say(`of each instance: ${peaks.join(', ')}, of ${options.computeCallsPerSecond}`);
  for (const line of broken) say(`BROKEN: ${line}`);
  return broken.length === 0 ? 0 : 1;
};

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${help}`);
  process.exitCode = 2;
}
