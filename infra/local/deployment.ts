import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import { type ConfigInput, configVariable, readConfig } from '../../functions/config.ts';
import { connect } from '../../functions/connect.ts';
import { staticCredentials } from '../../functions/google-cloud/credentials.ts';
import type { Elapsed, Runtime } from '../../functions/reconciler/dependencies.ts';
import { deployedNames, entryPointOf, register } from '../../functions/register.ts';
import type { Wiring } from '../../functions/wiring.ts';
import { idleTimeout } from './listen.ts';

type FunctionName = (typeof deployedNames)[number];

/** The functions of this repository, served by the Functions Framework as Cloud Functions serves them. */
export interface Deployment {
  /** Where each function is called. */
  readonly urls: Readonly<Record<FunctionName, string>>;
  close(): Promise<void>;
}

export interface DeploymentOptions {
  /** The configuration that Terraform would write, given the functions' addresses. */
  readonly config: (urls: Deployment['urls']) => ConfigInput;
  /** The access token of the functions' service account. */
  readonly token: string;
  /** Whom the inventory runs as. */
  readonly reader: { readonly email: string; readonly token: string };
  readonly runtime: Runtime & Elapsed;
}

/** How the functions come to run: in this process, or as the platform runs them (`launch.ts`). */
export type Deploy = (options: DeploymentOptions) => Promise<Deployment>;

const serve = async (name: FunctionName): Promise<{ server: Server; url: string }> => {
  const server: Server = getTestServer(entryPointOf(name));
  server.keepAliveTimeout = idleTimeout;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
};

/**
 * Registers and serves the functions. They read their configuration from the text that the environment would hold,
 * and hold nothing that the deployed ones do not.
 */
export const deploy: Deploy = async ({ config, token, reader, runtime }) => {
  let connected: ((token: string) => Wiring) | undefined;
  const wired = (credential: string) => {
    let wiring: Wiring | undefined;
    return () => {
      if (connected === undefined) throw new Error('a function was called before it was configured');
      wiring ??= connected(credential);
      return wiring;
    };
  };
  register(wired(token), wired(reader.token));
  const served = await Promise.all(deployedNames.map(async (name) => [name, await serve(name)] as const));
  const urls = Object.fromEntries(served.map(([name, { url }]) => [name, url])) as Record<
    FunctionName,
    string
  >;
  const read = readConfig({ [configVariable]: JSON.stringify(config(urls)) });
  connected = (credential) =>
    connect({ config: read, tokens: staticCredentials(credential), runtime, onPlatform: false });
  return {
    urls,
    close: async () => {
      await Promise.all(
        served.map(
          ([, { server }]) =>
            new Promise<void>((resolve) => {
              server.close(() => resolve());
              server.closeAllConnections();
            }),
        ),
      );
    },
  };
};
