import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import pc from 'picocolors';
import { type LocalCloud, startCloud } from './cloud.ts';
import { type DotLocal, writeDotLocal } from './dot-local.ts';
import { runTour } from './tour/tour.ts';

const help = `npm start [-- OPTIONS]

Boots Google Cloud and a GKE cluster in this process, deploys the functions on them, and takes a tour.

  --once         end after the tour: exit 0 if every step did what it says, 1 otherwise
  --no-tour      boot and stay up, nothing else
  --port PORT    the Kubernetes API's port; Compute, Pub/Sub and Logging take the next three (default: free ones)
  --nodes N      nodes of the cluster (default: 4; the tour needs 3)
  --zones N      zones they are spread over, 1 to 3 (default: 2)
  --operation-ms MS   how long a Compute operation takes (default: 20)
  --compute-latency MS  how long each Compute request takes (default: 0)
  --verbose      print the functions' own log lines
  --help         print this`;

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const fail = (message: string): never => {
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

const readOptions = () => {
  const options = {
    once: { type: 'boolean', default: false },
    'no-tour': { type: 'boolean', default: false },
    port: { type: 'string', default: '0' },
    nodes: { type: 'string', default: '4' },
    zones: { type: 'string', default: '2' },
    'operation-ms': { type: 'string', default: '20' },
    'compute-latency': { type: 'string', default: '0' },
    verbose: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  } as const;
  try {
    const { values } = parseArgs({ options });
    return {
      once: values.once,
      tour: values.once || !values['no-tour'],
      verbose: values.verbose,
      help: values.help,
      port: wholeNumber('port', values.port, 0, 65_532),
      nodes: wholeNumber('nodes', values.nodes, 1, 100),
      zones: wholeNumber('zones', values.zones, 1, 3),
      operationMs: milliseconds('operation-ms', values['operation-ms']),
      computeLatencyMs: milliseconds('compute-latency', values['compute-latency']),
    };
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : String(error)}\n\n${help}`);
  }
};

const sayAddresses = (cloud: LocalCloud, { env }: DotLocal): void => {
  say('');
  say(pc.bold('Up until Ctrl-C. How to reach it:'));
  say(`  Kubernetes API   ${cloud.kubernetes.url}`);
  say(`  Compute API      ${cloud.compute.url}/compute/v1/projects/${cloud.project}`);
  say(`  Pub/Sub          ${cloud.pubsub.url}`);
  say(`  Cloud Logging    ${cloud.logging.url}`);
  for (const [name, url] of Object.entries(cloud.deployment.urls)) say(`  ${name.padEnd(16)} ${url}`);
  say('');
  say('In a second terminal, kubectl and gcloud as they are (docs/second-terminal.md has more to try):');
  say(`  source ${relative(process.cwd(), env)}`);
  say('  kubectl get gkeiproutes -A');
  say('  gcloud compute forwarding-rules list');
};

const main = async (): Promise<void> => {
  const {
    once,
    tour,
    port,
    nodes,
    zones,
    operationMs,
    computeLatencyMs,
    verbose,
    help: wanted,
  } = readOptions();
  if (wanted) {
    say(help);
    return;
  }
  say('Starting the local cloud …');
  const cloud = await startCloud({
    port,
    nodes,
    operationMs,
    computeLatencyMs,
    zones: ['a', 'b', 'c'].slice(0, zones).map((letter) => `us-central1-${letter}`),
    ...(verbose && {
      log: (severity, message, fields) =>
        say(pc.dim(`    ${severity} ${message} ${JSON.stringify(fields ?? {})}`)),
    }),
  }).catch((error: unknown) => fail(error instanceof Error ? error.message : String(error)));
  const local = await writeDotLocal(cloud, join(process.cwd(), '.local'));
  let closing = false;
  const close = async (code: number): Promise<void> => {
    if (closing) return;
    closing = true;
    local.remove();
    await cloud.close();
    process.exit(code);
  };
  process.once('SIGINT', () => void close(0));
  process.once('SIGTERM', () => void close(0));
  say(
    `${cloud.vms.length} nodes in ${new Set(cloud.vms.map(({ zone }) => zone)).size} zones, project ${cloud.project}`,
  );
  if (tour) {
    const good = await runTour(cloud, say);
    say('');
    say(good ? pc.green('Every step did what it says.') : pc.red('The tour failed.'));
    if (once || !good) return close(good ? 0 : 1);
  }
  sayAddresses(cloud, local);
};

await main();
