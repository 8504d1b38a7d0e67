import nock from 'nock';
import { afterEach, beforeEach } from 'vitest';
import { type ConfigInput, readConfig } from '../../../../../functions/config.ts';
import { staticCredentials } from '../../../../../functions/google-cloud/credentials.ts';
import { googleChecks } from '../../../../../infra/cli/persistent-ip/doctor/google/checks.ts';
import { googleApi } from '../../../../../infra/cli/persistent-ip/doctor/google-api.ts';
import { runChecks } from '../../../../../infra/cli/persistent-ip/doctor/run-checks.ts';
import { type Answers, configuration, settings } from './google-world.ts';

const now = new Date('2026-11-25T12:00:00Z');

interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly body: string;
  readonly headers: Headers;
}
/** What was asked since the test began. */
export let asked: Asked[];

/** Around each test: nothing but {@link ask}'s answers is on the network. */
export const aNetworkOfAnswers = (): void => {
  beforeEach(() => {
    asked = [];
    nock.disableNetConnect();
  });
  afterEach(() => {
    nock.cleanAll();
    nock.enableNetConnect();
  });
};

const serve = (answers: Answers): void => {
  const answer = async (request: Request): Promise<[number, object]> => {
    const url = new URL(request.url);
    asked.push({ method: request.method, url, body: await request.text(), headers: request.headers });
    const [api = ''] = url.hostname.split('.');
    const key = `${request.method} ${api} ${url.pathname}`;
    const found = answers[key] ?? answers[`${key}?${url.searchParams.get('filter')}`];
    if (found === undefined)
      return [404, { error: { code: 404, status: 'NOT_FOUND', message: `${key} was not found` } }];
    return Array.isArray(found) ? (found as [number, object]) : [200, found];
  };
  const anyHost = nock(/googleapis\.com/).persist();
  // nock hands its callback the request itself.
  anyHost.get(() => true).reply(answer as never);
  anyHost.post(() => true).reply(answer as never);
};

/** What doctor says of Google where it answers so: all results, and the lines of a status. */
export const ask = async (
  answers: Answers,
  more: { config?: Partial<ConfigInput>; settings?: object } = {},
) => {
  serve(answers);
  const config = readConfig({ PERSISTENT_IP_CONFIG: JSON.stringify({ ...configuration, ...more.config }) });
  const ground = { config, settings: { ...settings, ...more.settings }, now: () => now };
  const google = googleApi(config, ground.settings, staticCredentials('token'));
  const results = await runChecks(googleChecks(ground, google, config.clusters), { limitMs: 5_000 });
  const of = (status: string) =>
    results
      .filter((result) => result.status === status)
      .map(({ subject, check, found }) => `${subject}: ${check}: ${found}`);
  return { results, of };
};
