import { parseArgs } from 'node:util';
import pc from 'picocolors';
import { sampleNames } from './samples.ts';
import type { Tour } from './tour/tour.ts';
import { tours } from './tour/tours.ts';

export const help = `npm start [-- OPTIONS]

Boots Google Cloud and a GKE cluster in this process, deploys the functions on them, and takes a tour.

  --once         end after the tour: exit 0 if every step did what it says, 1 otherwise
  --tour NAME    the tour to take (default: main); --tour list names them
  --no-tour      boot and stay up, nothing else
  --samples LIST samples to apply without the tour: all, none (the default) or names with commas between
  --port PORT    the Kubernetes API's port; Compute, Pub/Sub and Logging take the next three (default: free ones)
  --nodes N      nodes of the cluster (default: 4; the tour needs 3)
  --zones N      zones they are spread over, 1 to 3 (default: 2)
  --seed N       where the names and uids that the API server makes up come from (default: chance)
  --operation-ms MS   how long a Compute operation takes (default: 20)
  --compute-latency MS  how long each Compute request takes (default: 0)
  --verbose      print the functions' own log lines
  --help         print this`;

/** Ends the process with one line that says what is wrong, and what `npm start` takes. */
export const fail = (message: string): never => {
  process.stderr.write(`${pc.red('error')} ${message}\n`);
  process.exit(2);
};

const wholeNumber = (name: string, text: string, least: number, most: number): number => {
  const value = Number(text);
  if (text !== '' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Error(`--${name} ${text} is no whole number from ${least} to ${most}`);
};

/** `80` or `80ms`. */
const milliseconds = (name: string, text: string): number =>
  wholeNumber(name, text.replace(/ms$/, ''), 0, 60_000);

const samplesNamed = (list: string): readonly string[] => {
  if (list === 'none') return [];
  const names = list === 'all' ? sampleNames : list.split(',');
  const unknown = names.find((name) => !sampleNames.includes(name));
  if (unknown === undefined) return names;
  throw new Error(`--samples ${list}: there is no sample "${unknown}"; there are ${sampleNames.join(', ')}`);
};

/** `--tour list` takes none: it only has to be a name that exists. */
const listed = (name: string | undefined): string => (name === undefined || name === 'list' ? 'main' : name);

const tourNamed = (name: string): Tour => {
  const tour = tours.find((each) => each.name === name);
  if (tour !== undefined) return tour;
  throw new Error(
    `--tour ${name}: there is no such tour; there are ${tours.map((each) => each.name).join(', ')}`,
  );
};

/** What the command line asks for. */
export const readOptions = () => {
  const options = {
    once: { type: 'boolean', default: false },
    'no-tour': { type: 'boolean', default: false },
    tour: { type: 'string' },
    samples: { type: 'string', default: 'none' },
    port: { type: 'string', default: '0' },
    nodes: { type: 'string', default: '4' },
    zones: { type: 'string', default: '2' },
    seed: { type: 'string' },
    'operation-ms': { type: 'string', default: '20' },
    'compute-latency': { type: 'string', default: '0' },
    verbose: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  } as const;
  try {
    const { values } = parseArgs({ options });
    return {
      once: values.once,
      listTours: values.tour === 'list',
      tour: values['no-tour'] && !values.once ? undefined : tourNamed(listed(values.tour)),
      samples: samplesNamed(values.samples),
      verbose: values.verbose,
      help: values.help,
      port: wholeNumber('port', values.port, 0, 65_532),
      nodes: wholeNumber('nodes', values.nodes, 1, 100),
      zones: wholeNumber('zones', values.zones, 1, 3),
      ...(values.seed !== undefined && { seed: wholeNumber('seed', values.seed, 0, 2 ** 32 - 1) }),
      operationMs: milliseconds('operation-ms', values['operation-ms']),
      computeLatencyMs: milliseconds('compute-latency', values['compute-latency']),
    };
  } catch (error) {
    return fail(
      `${error instanceof Error ? error.message : String(error)}\nnpm start -- --help says what it takes`,
    );
  }
};
