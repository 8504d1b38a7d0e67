import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { gcloudEnvironment } from '../../../gcloud.ts';
import { project } from './cloud.ts';
import { GcloudOnce, type Ran } from './gcloud-once.ts';

const isProgram = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** Why gcloud cannot be driven here, if it cannot. */
export const missing: string | undefined = (process.env.PATH ?? '')
  .split(delimiter)
  .some((dir) => isProgram(join(dir, 'gcloud')))
  ? undefined
  : 'there is no gcloud on the PATH';
if (missing !== undefined) process.stderr.write(`skipped: the rules of gcloud (${missing})\n`);

/** gcloud's own files; a new folder, so that nobody's login or settings take part. */
const config = mkdtempSync(join(tmpdir(), 'gcloud-'));
let once: GcloudOnce | undefined;
afterAll(() => {
  once?.close();
  rmSync(config, { recursive: true, force: true });
});

/** Where gcloud sends its requests, and the token it sends; none, if absent. */
export interface Endpoint {
  readonly url: string;
  readonly token?: string;
}

const tokenFile = (token: string): string => {
  const file = join(config, token);
  writeFileSync(file, token);
  return file;
};

/** What a command runs with. */
const environment = (cloud: Endpoint): Readonly<Record<string, string>> => ({
  ...gcloudEnvironment(config),
  CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE: `${cloud.url}/compute/v1/`,
  ...(cloud.token === undefined
    ? { CLOUDSDK_AUTH_DISABLE_CREDENTIALS: 'true' }
    : { CLOUDSDK_AUTH_ACCESS_TOKEN_FILE: tokenFile(cloud.token) }),
  CLOUDSDK_CORE_PROJECT: project,
});

const run = (cloud: Endpoint, args: readonly string[]): Promise<Ran> => {
  once ??= new GcloudOnce(config);
  return once.run(['compute', ...args], environment(cloud));
};

/** What a command that succeeds prints; its words are separated by spaces. */
export const gcloud = async (cloud: Endpoint, command: string, ...more: string[]): Promise<string> => {
  const { code, out, err } = await run(cloud, [...command.split(' '), ...more]);
  if (code !== 0 || err.includes('WARNING')) throw new Error(`gcloud compute ${command}: ${code} ${err}`);
  return out;
};

/** What a command that fails says. */
export const refused = async (cloud: Endpoint, command: string): Promise<string> => {
  const { code, err } = await run(cloud, command.split(' '));
  expect(code).toBe(1);
  return err;
};

/** The rows of a table without its header, each as its columns. */
export const rows = (table: string): string[][] =>
  table
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/ {2,}/));

export const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');
