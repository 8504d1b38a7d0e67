import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { stringify } from 'yaml';
import type { CloudCluster } from '../../../../infra/local/cluster.ts';
import { type KubeconfigUser, kubeconfigOf } from '../../../../infra/local/kubernetes/index.ts';

/** Why the tests that need kubectl cannot run, if they cannot. */
export const missing: string | undefined =
  spawnSync('kubectl', ['version', '--client']).status === 0 ? undefined : 'kubectl is not installed';
if (missing !== undefined) process.stderr.write(`skipped: the rules of kubectl (${missing})\n`);

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A kubectl that runs on while a test does something else. */
export class Running {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(child: ChildProcess) {
    this.#child = child;
    this.#lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  }

  /** The next line it prints, its columns one space apart; `undefined` when it has ended. */
  async line(): Promise<string | undefined> {
    const { done, value } = await this.#lines.next();
    return done === true ? undefined : value.trim().replaceAll(/\s+/g, ' ');
  }

  async ended(): Promise<number | null> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'exit');
    return this.#child.exitCode;
  }

  async end(): Promise<void> {
    this.#child.kill();
    await this.ended();
  }
}

/** Whose cluster it speaks to: a test's embedded API, or a local cloud. */
interface Cluster {
  readonly kubernetes: Pick<CloudCluster, 'openHttps' | 'onCall'>;
}

/** The real kubectl, in a home of its own, as the users of one cluster. */
export class Kubectl {
  readonly #folder = mkdtempSync(join(tmpdir(), 'kubectl-'));
  readonly #running: Running[] = [];
  readonly #api: Cluster;

  private constructor(api: Cluster) {
    this.#api = api;
  }

  static async start(api: Cluster, users: readonly KubeconfigUser[] = ['admin']): Promise<Kubectl> {
    const kubectl = new Kubectl(api);
    kubectl.file('config', kubeconfigOf(await api.kubernetes.openHttps(), users));
    return kubectl;
  }

  get #environment(): NodeJS.ProcessEnv {
    const folder = this.#folder;
    const { PATH } = process.env;
    return { PATH, HOME: folder, KUBECONFIG: join(folder, 'config'), KUBECACHEDIR: join(folder, 'cache') };
  }

  /** Writes a file for kubectl to read. @returns its path */
  file(name: string, content: string | object): string {
    const path = join(this.#folder, name);
    writeFileSync(path, typeof content === 'string' ? content : stringify(content));
    return path;
  }

  /** Runs to the end. Words are split at spaces; the rest of the arguments are taken as they are. */
  run(words: string, rest: readonly string[] = [], environment: NodeJS.ProcessEnv = {}): Promise<Ran> {
    const env = { ...this.#environment, ...environment };
    return new Promise((resolve) => {
      execFile('kubectl', [...words.split(' '), ...rest], { env, timeout: 60_000 }, (error, out, err) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? -1), out: out.trim(), err: err.trim() });
      });
    });
  }

  /** What a run prints that must succeed. */
  async say(words: string, ...rest: readonly string[]): Promise<string> {
    const { code, out, err } = await this.run(words, rest);
    if (code !== 0) throw new Error(`kubectl ${words}: ${err}`);
    return out;
  }

  /** The lines of a table, its columns one space apart. */
  async table(words: string, ...rest: readonly string[]): Promise<string[]> {
    return (await this.say(words, ...rest)).split('\n').map((line) => line.trim().replaceAll(/\s+/g, ' '));
  }

  /** Starts and resolves once its watch has reached the server. */
  async watching(words: string): Promise<Running> {
    const began = new Promise<void>((resolve) => {
      const stop = this.#api.kubernetes.onCall(({ verb }) => {
        if (verb !== 'watch') return;
        stop();
        resolve();
      });
    });
    const child = spawn('kubectl', words.split(' '), {
      env: this.#environment,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const running = new Running(child);
    this.#running.push(running);
    await began;
    return running;
  }

  async end(): Promise<void> {
    await Promise.all(this.#running.map((running) => running.end()));
    rmSync(this.#folder, { recursive: true });
  }
}
