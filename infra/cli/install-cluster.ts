import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { ApiException, KubeConfig } from '@kubernetes/client-node';
import pc from 'picocolors';
import { defaultControllerName } from '../../functions/config.ts';
import { carryOut } from './install-cluster/apply.ts';
import { readManifests, titleOf } from './install-cluster/manifests.ts';
import { type Action, type Plan, planInstall, planUninstall } from './install-cluster/plan.ts';
import { survey } from './install-cluster/survey.ts';

const help = `npm run install:cluster -- --context NAME --service-account EMAIL [OPTIONS]

Puts into one cluster what the functions need there: their rights, the GatewayClasses, the admission policies, and where
the cluster lacks them the definition of GKEIPRoute and GKE's own class names. It looks first, prints what it will do,
asks, and does it. Nothing that belongs to another controller is changed. Running it again changes only what differs.

  --context NAME            the cluster, by its name in your kubeconfig
  --service-account EMAIL   the functions' service account (terraform output function_service_account)
  --inventory-service-account EMAIL   the inventory function's, where that is deployed: it may read pools and routes
  --kubeconfig PATH         default: KUBECONFIG, else ~/.kube/config
  --uninstall               take out what is ours; refused while routes or Gateways of ours exist
  --dry-run                 print what it would do, and end
  --yes                     do not ask
  --help                    print this

Exit codes: 0 done, or nothing to do; 1 refused or failed, with the reason; 2 a wrong command line; 3 you said no.`;

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

class UsageError extends Error {}

const readOptions = () => {
  try {
    const { values } = parseArgs({
      options: {
        context: { type: 'string' },
        'service-account': { type: 'string' },
        'inventory-service-account': { type: 'string' },
        kubeconfig: { type: 'string' },
        uninstall: { type: 'boolean', default: false },
        'dry-run': { type: 'boolean', default: false },
        yes: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    return values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
};

type Options = ReturnType<typeof readOptions>;

const connect = ({ kubeconfig, context }: Options): KubeConfig => {
  const configuration = new KubeConfig();
  if (kubeconfig === undefined) configuration.loadFromDefault();
  else configuration.loadFromFile(kubeconfig);
  const names = configuration.getContexts().map(({ name }) => name);
  if (context === undefined || !names.includes(context))
    throw new UsageError(
      `${context === undefined ? 'name the cluster with --context' : `there is no context "${context}"`}; your kubeconfig has ${names.join(', ') || 'none'}`,
    );
  configuration.setCurrentContext(context);
  return configuration;
};

const marks: Readonly<Record<Action['do'], string>> = {
  create: pc.green('+ create'),
  update: pc.yellow('~ update'),
  delete: pc.red('- delete'),
  keep: pc.dim('= keep  '),
  leave: pc.dim('  leave '),
};

const show = ({ actions, refusals }: Plan): void => {
  for (const { do: what, manifest, why } of actions)
    say(`  ${marks[what]} ${titleOf(manifest)}${why === undefined ? '' : pc.dim(` (${why})`)}`);
  for (const refusal of refusals) process.stderr.write(`${pc.red('refused')} ${refusal}\n`);
};

const agreed = async ({ yes }: Options): Promise<boolean> => {
  if (yes) return true;
  if (!process.stdin.isTTY) throw new UsageError('no terminal to ask on: add --yes');
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question('Do this? [y/N] ');
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
};

const isEmail = (text: string | undefined): boolean => /^[^@\s]+@[^@\s]+$/.test(text ?? '');

/** @returns the exit code */
const run = async (): Promise<number> => {
  const options = readOptions();
  if (options.help) {
    say(help);
    return 0;
  }
  const configuration = connect(options);
  const { uninstall, 'service-account': serviceAccount } = options;
  if (!uninstall && !isEmail(serviceAccount))
    throw new UsageError(
      serviceAccount === undefined
        ? 'name the functions’ service account with --service-account EMAIL'
        : `--service-account ${serviceAccount} is no e-mail address`,
    );
  const reader = options['inventory-service-account'];
  if (reader !== undefined && !isEmail(reader))
    throw new UsageError(`--inventory-service-account ${reader} is no e-mail address`);
  // An uninstall looks for all that there could be.
  const manifests = readManifests({
    functions: serviceAccount ?? '',
    inventory: uninstall ? (reader ?? '') : reader,
  });
  say(`Looking at ${options.context} (${configuration.getCurrentCluster()?.server}) …`);
  const seen = await survey(configuration, manifests);
  say(`Kubernetes ${seen.version}`);
  const plan = (uninstall ? planUninstall : planInstall)(manifests, seen, defaultControllerName);
  show(plan);
  if (plan.refusals.length > 0) return 1;
  const due = plan.actions.filter((action) => ['create', 'update', 'delete'].includes(action.do));
  if (due.length === 0) {
    say('Nothing to do.');
    return 0;
  }
  if (options['dry-run']) return 0;
  if (!(await agreed(options))) {
    say('Nothing was done.');
    return 3;
  }
  for (const [index, action] of due.entries()) {
    say(`  ${index + 1}/${due.length} ${action.do} ${titleOf(action.manifest)}`);
    await carryOut(configuration, action);
  }
  say(pc.green('Done.'));
  return 0;
};

/** The API server's own words, or the client's. */
const reasonOf = (error: unknown): string => {
  if (error instanceof ApiException) {
    const { message }: { message?: string } =
      typeof error.body === 'string' ? safeParse(error.body) : (error.body ?? {});
    return `the API server answered ${error.code}: ${message ?? error.message}`;
  }
  return error instanceof Error
    ? `${error.message}${error.cause instanceof Error ? `: ${error.cause.message}` : ''}`
    : String(error);
};

const safeParse = (text: string): { message?: string } => {
  try {
    return JSON.parse(text) as { message?: string };
  } catch {
    return { message: text };
  }
};

try {
  process.exitCode = await run();
} catch (error) {
  process.stderr.write(`${pc.red('error')} ${reasonOf(error)}\n`);
  if (error instanceof UsageError)
    process.stderr.write('npm run install:cluster -- --help says what it takes\n');
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
