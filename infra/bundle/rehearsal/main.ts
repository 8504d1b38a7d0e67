import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getFunction } from '@google-cloud/functions-framework/testing';
import { cacheFile, load } from '../loader/load.ts';
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

const rehearse = async (folder: string): Promise<void> => {
  const cloud = await startCloud();
  Object.assign(process.env, environment(cloud.host));
  const { script } = load(folder);
  for (const { name, entryPoint, body } of rehearsed) {
    const status = await handle(entryPoint, body(new Date()));
    if (status !== 204)
      say(`${name} answered ${status}; what it did not come to is compiled by each instance`);
  }
  for (const what of cloud.unknown) say(`nobody knows the answer to ${what}`);
  const bytes = script.createCachedData();
  // Whole or not at all: V8 believes what it finds.
  writeFileSync(join(folder, `${cacheFile}.part`), bytes);
  renameSync(join(folder, `${cacheFile}.part`), join(folder, cacheFile));
  say(`${cacheFile} has ${bytes.length} bytes, after ${cloud.asked.length} calls`);
  cloud.close();
};

setTimeout(() => {
  say(`not done after ${longest / 1000} s: instances compile the functions themselves`);
  process.exit(0);
}, longest).unref();

rehearse(__dirname).then(
  () => process.exit(0),
  (error: unknown) => {
    say(`instances compile the functions themselves, because of ${String(error)}`);
    process.exit(0);
  },
);
