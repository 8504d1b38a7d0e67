import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { configVariable } from '../../functions/config.ts';
import type { Runtime } from '../../functions/reconciler/dependencies.ts';
import { deployedNames, entryPointOf } from '../../functions/register.ts';
import { inventoryName } from '../../functions/wiring.ts';
import type { Deploy, Deployment } from './deployment.ts';
import { startMetadata } from './metadata/index.ts';

export interface LaunchOptions {
  /** A folder as the platform's build leaves it: the bundle, and `node_modules` with the Functions Framework. */
  readonly folder: string;
}

/** A port that nobody listens on; the configuration must name it before the function does. */
export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};

/** What Cloud Run and Terraform set, and nothing of this process's own environment but where programs are. */
const environment = (name: string, port: number): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  HOME: '/nonexistent',
  NODE_ENV: 'production',
  PORT: String(port),
  K_SERVICE: name,
  K_REVISION: `${name}-00001`,
  K_CONFIGURATION: name,
  FUNCTION_TARGET: entryPointOf(name),
  FUNCTION_SIGNATURE_TYPE: 'http',
  LOG_EXECUTION_ID: 'true',
});

/** One function as the platform starts it: the Functions Framework's command line, in the folder of the image. */
export const startFunction = ({
  folder,
  name,
  port,
  settings,
}: {
  readonly folder: string;
  readonly name: string;
  readonly port: number;
  /** Environment variables beside those that the platform sets. */
  readonly settings: Readonly<Record<string, string>>;
}): ChildProcess =>
  spawn(
    join(folder, 'node_modules/.bin/functions-framework'),
    [`--target=${entryPointOf(name)}`, '--signature-type=http'],
    { cwd: folder, env: { ...environment(name, port), ...settings }, stdio: ['ignore', 'pipe', 'pipe'] },
  );

/** Whether something listens on the port. */
const isOpen = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });

/** Milliseconds between two looks at the port: the platform's own start-up check is a TCP probe, and so is this one. */
const probeEvery = 20;

/** @throws Error with what the process wrote when it ends before it listens */
const started = async (child: ChildProcess, name: string, port: number): Promise<void> => {
  const written: string[] = [];
  const write = (text: unknown) => written.push(String(text));
  child.stderr?.on('data', write);
  while (!(await isOpen(port))) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`${name} ended before it listened on its port:\n${written.join('')}`);
    await setTimeout(probeEvery);
  }
  child.stderr?.off('data', write);
};

/** Structured lines as the functions wrote them; whatever else a process writes is passed on as it is. */
const passOn = (stream: Readable | null, severity: 'INFO' | 'ERROR', log: Runtime['log']): void => {
  if (stream === null) return;
  createInterface({ input: stream }).on('line', (line) => {
    try {
      const entry = JSON.parse(line);
      log(entry.severity ?? severity, entry.message ?? '', entry);
    } catch {
      log(severity, line);
    }
  });
};

/**
 * Deploys the functions as the platform does: one process each, started by the Functions Framework's command line from
 * a folder of its own, configured by its environment, with credentials from the metadata server. Their clock is the
 * machine's.
 */
export const launch =
  ({ folder }: LaunchOptions): Deploy =>
  async ({ config, token, reader, runtime }) => {
    const ports = new Map(
      await Promise.all(deployedNames.map(async (name) => [name, await freePort()] as const)),
    );
    const urls = Object.fromEntries(
      [...ports].map(([name, port]) => [name, `http://127.0.0.1:${port}`]),
    ) as Deployment['urls'];
    const configured = config(urls);
    const { project, serviceAccount: email } = configured;
    const metadata = await startMetadata({ project, email, token });
    const readers = await startMetadata({ project, ...reader });
    const settings = (name: string) => ({
      [configVariable]: JSON.stringify(configured),
      GCE_METADATA_HOST: (name === inventoryName ? readers : metadata).host,
    });
    const children: ChildProcess[] = [];
    const close = async (): Promise<void> => {
      await Promise.all(
        children.map(async (child) => {
          if (child.exitCode !== null || child.signalCode !== null) return;
          const exit = once(child, 'exit');
          child.kill('SIGTERM');
          await exit;
        }),
      );
      await Promise.all([metadata.close(), readers.close()]);
    };
    const start = async (name: string, port: number): Promise<void> => {
      const child = startFunction({ folder, name, port, settings: settings(name) });
      children.push(child);
      passOn(child.stdout, 'INFO', runtime.log);
      passOn(child.stderr, 'ERROR', runtime.log);
      await started(child, name, port);
    };
    try {
      await Promise.all([...ports].map(([name, port]) => start(name, port)));
    } catch (error) {
      await close();
      throw error;
    }
    return { urls, close };
  };
