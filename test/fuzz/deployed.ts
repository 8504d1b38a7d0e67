import { request as httpRequest } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { deployedNames } from '../../functions/register.ts';
import { deploy } from '../../infra/local/deployment.ts';
import { functionsConfig } from '../../infra/local/functions-config.ts';
import { project, pushIdentity } from '../../infra/local/site.ts';
import { HostileApi, origins } from './api.ts';
import type { JsonObject, Samples } from './samples.ts';

export type Door = (typeof deployedNames)[number];

/** One request, as it stands on the wire. */
export interface Knock {
  readonly door: Door;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Absent: the token that may. */
  readonly authorization?: string | undefined;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** The deployed functions on a loopback port each, before a world that the fuzzer makes. */
export interface Deployed {
  readonly api: HostileApi;
  /** What the functions have logged since the last knock. */
  readonly logged: readonly string[];
  /** The secrets that no log line may hold. */
  readonly secrets: readonly string[];
  /** The valid token of a door. */
  token(door: Door): string;
  knock(knock: Knock): Promise<Answer>;
  close(): Promise<void>;
}

const noon = Date.parse('2026-11-25T12:00:00Z');
/** What a call takes by the functions' clock, ms: a delivery's budget ends after a hundred of them. */
const callMs = 500;
/** An answer that has not come by then never comes, ms. */
const patience = 20_000;

const accessToken = 'ya29.access-token-of-the-functions';

/** Serves the functions of `functions/register.ts`; from then on the process's `fetch` leads to the fuzzer's world. */
export const startDeployed = async (samples: Samples): Promise<Deployed> => {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'fuzz', alg: 'RS256', use: 'sig' };
  let now = noon;
  const logged: string[] = [];
  const api = new HostileApi(samples, { keys: [jwk as unknown as JsonObject] }, () => {
    now += callMs;
  });
  const fetched = globalThis.fetch;
  globalThis.fetch = api.fetch as typeof fetch;
  const deployment = await deploy({
    token: accessToken,
    reader: {
      email: 'reader@local-project.iam.gserviceaccount.com',
      token: 'ya29.access-token-of-the-inventory',
    },
    runtime: {
      now: () => new Date(now),
      elapsed: () => now,
      sleep: (ms) => {
        now += ms;
        return Promise.resolve();
      },
      random: () => 0.5,
      log: (severity, message, fields) => {
        logged.push(JSON.stringify({ severity, message, ...fields }));
      },
    },
    config: (urls) =>
      functionsConfig(urls, {
        zones: ['us-central1-a', 'us-central1-b'],
        networkProject: project,
        moreSubnetworks: [],
        movesPerMinute: 6,
        jwksUrl: `${origins.keys}/certs`,
        endpoint: origins.kubernetes,
        endpoints: { compute: origins.compute, pubsub: origins.pubsub, logging: origins.logging },
      }),
  });
  const sign = (door: Door): Promise<string> =>
    new SignJWT({ email: pushIdentity, email_verified: true })
      .setProtectedHeader({ alg: 'RS256', kid: 'fuzz' })
      .setIssuer('https://accounts.google.com')
      .setAudience(deployment.urls[door])
      .setExpirationTime('10y')
      .sign(privateKey);
  const doors = Object.keys(deployment.urls) as Door[];
  const tokens = new Map(await Promise.all(doors.map(async (door) => [door, await sign(door)] as const)));
  const token = (door: Door): string => tokens.get(door) ?? '';
  return {
    api,
    logged,
    secrets: [accessToken, ...tokens.values()],
    token,
    knock: (knock) => {
      now = noon;
      logged.length = 0;
      return send(deployment.urls[knock.door], knock, knock.authorization ?? `Bearer ${token(knock.door)}`);
    },
    close: async () => {
      globalThis.fetch = fetched;
      await deployment.close();
    },
  };
};

const send = (url: string, { method, path, headers, body }: Knock, authorization: string): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const all = { ...headers, authorization, 'content-length': String(body.length) };
    const request = httpRequest({ hostname, port, method, path, headers: all }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
      );
    });
    request.setTimeout(patience, () => request.destroy(new Error(`no answer within ${patience / 1000} s`)));
    request.on('error', reject);
    request.end(body);
  });
