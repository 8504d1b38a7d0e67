import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { setImmediate } from 'node:timers/promises';
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
  readonly headers: IncomingHttpHeaders;
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
/** What one input's page was shown is too old for the next one's: each looks for itself. After an hour it is noon again. */
const apartMs = 10_000;
/** What a call takes by the functions' clock, ms: a delivery's budget ends after a hundred of them. */
const callMs = 500;
/** An answer that has not come by then never comes, ms: on a machine with other work a process may stand still for long. */
const patience = 120_000;

const accessToken = 'ya29.access-token-of-the-functions';
/** With it the inventory reads, and nothing else does. */
export const readerToken = 'ya29.access-token-of-the-inventory';

/** Serves the functions of `functions/register.ts`; from then on the process's `fetch` leads to the fuzzer's world. */
export const startDeployed = async (samples: Samples): Promise<Deployed> => {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'fuzz', alg: 'RS256', use: 'sig' };
  let now = noon;
  let knocks = 0;
  const logged: string[] = [];
  const api = new HostileApi(samples, { keys: [jwk as unknown as JsonObject] }, () => {
    now += callMs;
  });
  const fetched = globalThis.fetch;
  globalThis.fetch = api.fetch as typeof fetch;
  // What the framework itself refuses it writes here, and Cloud Logging takes it from there.
  const { error } = globalThis.console;
  globalThis.console.error = (...words: readonly unknown[]) => void logged.push(words.map(String).join(' '));
  // As on the platform: elsewhere the framework answers with a stack.
  const environment = process.env.NODE_ENV;
  process.env.NODE_ENV = 'production';
  const deployment = await deploy({
    token: accessToken,
    reader: { email: 'reader@local-project.iam.gserviceaccount.com', token: readerToken },
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
  process.env.NODE_ENV = environment;
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
    secrets: [accessToken, readerToken, ...tokens.values()],
    token,
    knock: async (knock) => {
      knocks += 1;
      now = noon + (knocks % 360) * apartMs;
      logged.length = 0;
      const authorization = knock.authorization ?? `Bearer ${token(knock.door)}`;
      const answer = await send(deployment.urls[knock.door], knock, authorization);
      await quiet(api);
      return answer;
    },
    close: async () => {
      globalThis.fetch = fetched;
      globalThis.console.error = error;
      await deployment.close();
    },
  };
};

/** Turns of the event loop without a call, after which none of an answered input is still to come. */
const quietTurns = 5;

/** Reads beside one that failed end after the answer: they belong to their own input, and not to the next. */
const quiet = async ({ calls }: HostileApi): Promise<void> => {
  let seen = calls.length;
  for (let turn = 0; turn < quietTurns; turn++) {
    await setImmediate();
    if (calls.length === seen) continue;
    seen = calls.length;
    turn = 0;
  }
};

const send = (url: string, { method, path, headers, body }: Knock, authorization: string): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const all = { ...headers, authorization, 'content-length': String(body.length) };
    const request = httpRequest({ hostname, port, method, path, headers: all }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    request.setTimeout(patience, () => request.destroy(new Error(`no answer within ${patience / 1000} s`)));
    request.on('error', reject);
    request.end(body);
  });
