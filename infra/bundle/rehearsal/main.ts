import { spawnSync } from 'node:child_process';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getFunction } from '@google-cloud/functions-framework/testing';
import { cacheFileOf, load } from '../loader/load.ts';
import { startCloud } from './cloud.ts';
import { authorization, environment, rehearsed } from './events.ts';

/**
 * `rehearse.js` of the archive, which the platform's build runs as `gcp-build`: the functions handle their first events, against
 * answers that are made up, and what V8 compiled for them is kept in the image. An instance then parses and compiles next to
 * nothing. It is a question of speed alone, so whatever goes wrong is said, and the build goes on.
 */
const longest = 30_000;

const say = (text: string): void => {
  process.stdout.write(`rehearsal: ${text}\n`);
};

interface Response {
  statusCode: number;
  end(): void;
}

/** The status that a function answers an event with. */
const handle = (entryPoint: string, body: object): Promise<number> =>
  new Promise((resolve, reject) => {
    const handler = getFunction(entryPoint) as
      | ((request: object, response: Response) => Promise<void>)
      | undefined;
    if (handler === undefined) throw new Error(`nobody has registered ${entryPoint}`);
    const response: Response = { statusCode: 200, end: () => resolve(response.statusCode) };
    const headers = { authorization: authorization(new Date()) };
    handler({ headers, body }, response).catch(reject);
  });

/** In a process of its own: what another function has run would be compiled here as well. */
const rehearse = async (folder: string, target: string): Promise<void> => {
  const cloud = await startCloud();
  Object.assign(process.env, environment(cloud.host));
  const { script } = load(folder, target);
  for (const { name, entryPoint, body } of rehearsed) {
    if (entryPoint !== target) continue;
    const status = await handle(entryPoint, body(new Date()));
    if (status !== 204)
      say(`${name} answered ${status}; what it did not come to is compiled by each instance`);
  }
  for (const what of cloud.unknown) say(`nobody knows the answer to ${what}`);
  const bytes = script.createCachedData();
  const file = cacheFileOf(target);
  // Whole or not at all: V8 believes what it finds.
  writeFileSync(join(folder, `${file}.part`), bytes);
  renameSync(join(folder, `${file}.part`), join(folder, file));
  say(`${file} has ${bytes.length} bytes, after ${cloud.asked.length} calls`);
};

const [, program = '', target] = process.argv;
if (target === undefined)
  for (const entryPoint of new Set(rehearsed.map((one) => one.entryPoint))) {
    // What an earlier rehearsal has compiled would be kept again.
    rmSync(join(__dirname, cacheFileOf(entryPoint)), { force: true });
    spawnSync(process.execPath, [program, entryPoint], { stdio: 'inherit' });
  }
else {
  setTimeout(() => {
    say(`${target} is not done after ${longest / 1000} s: its instances compile it themselves`);
    process.exit(0);
  }, longest).unref();
  rehearse(__dirname, target).then(
    () => process.exit(0),
    (error: unknown) => {
      say(`instances of ${target} compile it themselves, because of ${String(error)}`);
      process.exit(0);
    },
  );
}
