import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { gcloudEnvironment } from '../../../gcloud.ts';

/** How a command ended, and what it printed. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

interface Waiting {
  readonly resolve: (code: number) => void;
  readonly reject: (error: Error) => void;
}

/** gcloud, started once for many commands: see gcloud-once.py. */
export class GcloudOnce {
  readonly #folder: string;
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #waiting = new Map<number, Waiting>();
  #count = 0;

  /** @param folder for what the commands print; whoever made it removes it */
  constructor(folder: string) {
    this.#folder = folder;
    const python = join(import.meta.dirname, 'gcloud-once.py');
    this.#process = spawn('gcloud', [], {
      env: { ...gcloudEnvironment(folder), CLOUDSDK_PYTHON_ARGS: python },
    });
    createInterface(this.#process.stdout).on('line', (line) => {
      const { id, code } = JSON.parse(line) as { id: number; code: number };
      this.#waiting.get(id)?.resolve(code);
      this.#waiting.delete(id);
    });
    let said = '';
    this.#process.stderr.on('data', (data: Buffer) => {
      said += data.toString();
    });
    this.#process.once('error', (error) => this.#fail(error));
    this.#process.once('close', (code) => this.#fail(new Error(`gcloud ended with ${code}: ${said}`)));
  }

  /** Commands may run side by side. */
  async run(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ran> {
    this.#count += 1;
    const id = this.#count;
    const [out, err] = ['out', 'err'].map((stream) => join(this.#folder, `${id}.${stream}`)) as [
      string,
      string,
    ];
    const code = await new Promise<number>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#process.stdin.write(`${JSON.stringify({ id, args, env, out, err })}\n`);
    });
    return { code, out: readFileSync(out, 'utf8'), err: readFileSync(err, 'utf8') };
  }

  close(): void {
    this.#process.stdin.end();
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
