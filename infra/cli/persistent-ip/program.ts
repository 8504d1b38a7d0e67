import tab from '@bomb.sh/tab/commander';
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import manifest from '../../../package.json' with { type: 'json' };
import type { DoctorOptions } from './commands/doctor.ts';
import { explain } from './commands/explain.ts';
import { type GetOptions, get, type Kind, kinds } from './commands/get.ts';
import { type HistoryOptions, history } from './commands/history.ts';
import { type MovesOptions, moves } from './commands/moves.ts';
import { type PlanOptions, plan } from './commands/plan.ts';
import { type ReplayOptions, replay } from './commands/replay.ts';
import { type SweepOptions, sweep } from './commands/sweep.ts';
import { CommandFailure, exitCodes } from './failure.ts';
import { formats } from './output.ts';
import { type CommonOptions, openSession, type Session } from './session.ts';
import { settingsVariable } from './settings.ts';
import type { Surroundings } from './surroundings.ts';

const epilogue = `
How the deployment is found: --inventory URL, or PERSISTENT_IP_INVENTORY, or the settings file, which is what
terraform output -json persistent_ip says (--settings FILE, or ${settingsVariable}). --direct asks no inventory: the same code runs
here, with your own rights on the cluster and on Google Cloud. source .local/env names the local cloud of npm start.

Exit codes: 0 done; 1 failed; 2 wrong command line or settings; 3 not found; 4 not allowed; 5 not reachable;
6 done, and something is not as it should be (explain, sweep, doctor; with doctor 1: not everything could be looked at), or
would not be as it should be (plan).`;

const planExamples = `
Examples:
  persistent-ip plan -f route.yaml
  kubectl get gkeiproute nat -n edge -o yaml | sed s/34.1.2.3/34.1.2.4/ | persistent-ip plan -f -
  persistent-ip plan -f pool.yaml -f route.yaml -o json

Exit codes: 0 all of it would be served; 6 something would be rejected, refused or left alone, or would wait, or another
route would lose what it has; the others as everywhere. With --direct the API server is asked, too (a dry run), where you may create and patch these objects.`;

const common = (command: Command): Command =>
  command
    .addOption(new Option('-o, --output <FORMAT>', 'how to print').choices(formats).default('table'))
    .option('-n, --namespace <NAMESPACE>', 'only this namespace')
    .option('--cluster <NAME>', 'only this cluster')
    .option('--inventory <URL>', 'the inventory function')
    .option('--direct', 'ask the cluster and Google Cloud, not the inventory')
    .option('--settings <FILE>', 'terraform output -json persistent_ip, in a file');

const units = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `90m`, `2h`, `7d`, in milliseconds. */
const duration = (text: string): number => {
  const [, count, unit] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  if (count === undefined || unit === undefined)
    throw new InvalidArgumentError('It is a number of minutes, hours or days: 90m, 2h, 7d.');
  return Number(count) * units[unit as keyof typeof units];
};

const mostSeconds = 3_600;

const seconds = (text: string): number => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > mostSeconds)
    throw new InvalidArgumentError(`It is a number of seconds from 0 to ${mostSeconds}.`);
  return value;
};

const someSeconds = (text: string): number => {
  const value = seconds(text);
  if (value === 0) throw new InvalidArgumentError('It is a number of seconds from 1 on.');
  return value;
};

const positive = (text: string): number => {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('It is a whole number from 1 on.');
  return Number(text);
};

/** The command line; `run` is called with what one run works with. */
export const makeProgram = (around: Surroundings): Command => {
  const program = new Command('persistent-ip')
    .description('Persistent IP addresses of Pods on GKE: who holds them, who held them, and why not')
    .version(manifest.version, '-V, --version', 'print the version of this repository')
    .addHelpText('after', epilogue)
    .exitOverride()
    .configureOutput({
      writeOut: around.out,
      writeErr: around.err,
      getOutHasColors: () => around.colours,
      getErrHasColors: () => around.colours,
    });
  const session = (command: Command): Session =>
    openSession(around, command.optsWithGlobals<CommonOptions>());

  common(program.command('get'))
    .description('list routes, pools or addresses, or show one of them; or count moves by hour')
    .addArgument(new Argument('<KIND>', 'what').choices([...kinds, 'moves']))
    .argument('[NAME]', 'its name, or the address')
    .option('--free', 'addresses that no route claims')
    .option('--pod <NAMESPACE/NAME>', 'what this Pod holds')
    .addOption(
      new Option('--since <DURATION>', 'moves: from so long ago, as 90m, 24h (the default), 7d').argParser(
        duration,
      ),
    )
    .action(
      (
        kind: Kind | 'moves',
        name: string | undefined,
        options: GetOptions & MovesOptions,
        command: Command,
      ) =>
        kind === 'moves'
          ? moves(session(command), { name, ...options })
          : get(session(command), kind, name, options),
    );

  common(program.command('explain'))
    .description(
      'say why a route is as it is: each Pod and why it is chosen or not, each condition with what to do',
    )
    .argument('<ROUTE>', 'NAMESPACE/NAME, or NAME with -n')
    .action((route: string, _: object, command: Command) => explain(session(command), route));

  common(program.command('plan'))
    .description(
      'say what would happen if GKEIPRoutes and Gateways were applied: which Pod would hold the addresses and why, what is refused, every call to Compute Engine, and what it does to others. Nothing is written',
    )
    .addOption(
      new Option(
        '-f, --filename <FILE>',
        'the manifest, in YAML or JSON; - is standard input; several are one',
      )
        .argParser((file: string, files: readonly string[] = []) => [...files, file])
        .makeOptionMandatory(),
    )
    .addHelpText('after', planExamples)
    .action((options: PlanOptions, command: Command) => plan(session(command), options));

  common(program.command('history'))
    .description('say who held an address, by the audit log: at a time, or over a range (the last day)')
    .argument('<IP>', 'the address')
    .option('--at <TIME>', 'at this time, as 2026-11-25T14:05:00Z')
    .addOption(new Option('--since <DURATION>', 'from so long ago, as 90m, 2h, 7d').argParser(duration))
    .option('--from <TIME>', 'from this time')
    .option('--to <TIME>', 'to this time')
    .action((ip: string, options: HistoryOptions, command: Command) =>
      history(session(command), ip, options),
    );

  common(program.command('doctor'))
    .description(
      'say whether the installation is whole and allowed, with what mends it; it reads and changes nothing',
    )
    .addOption(
      new Option('--timeout <SECONDS>', 'how long one check may take; all run at once')
        .argParser(someSeconds)
        .default(20),
    )
    .action(async (options: DoctorOptions, command: Command) => {
      // Loaded only now: no other command needs the cluster's client.
      const { doctor } = await import('./commands/doctor.ts');
      await doctor(session(command), options);
    });

  common(program.command('sweep'))
    .description('look at every object now, as the schedule does, and wait until all routes are ready')
    .addOption(
      new Option('--wait <SECONDS>', 'how long to wait at most; 0: not at all')
        .argParser(seconds)
        .default(60),
    )
    .action((options: SweepOptions, command: Command) => sweep(session(command), options));

  common(program.command('replay'))
    .description('publish dead letters again, to the topics that they came from')
    .option('--queue <QUEUE>', 'only this queue: cluster-events, compute-events, requests or sweeps')
    .option('--dry-run', 'list them, and leave them where they are')
    .addOption(new Option('--limit <N>', 'at most so many of each queue').argParser(positive).default(1_000))
    .action((options: ReplayOptions, command: Command) => replay(session(command), options));

  tab(program);
  return program;
};

/** Runs one command line. @returns the exit code */
export const run = async (around: Surroundings, argv: readonly string[]): Promise<number> => {
  try {
    await makeProgram(around).parseAsync(argv, { from: 'user' });
    return exitCodes.done;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    const failure =
      error instanceof CommandFailure
        ? error
        : new CommandFailure('failed', error instanceof Error ? error.message : String(error));
    around.err(`error: ${failure.line}\n`);
    return exitCodes[failure.kind];
  }
};
