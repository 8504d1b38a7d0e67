import { afterEach, beforeEach, expect, it } from 'vitest';
import { orderingKey, serialiseReconcileRequest } from '../../../../events/reconcile-request.ts';
import { cluster, deployer, topics } from '../../../../infra/local/site.ts';
import { gateway, namespace, pod, route } from '../../../scenarios/objects.ts';
import { Stage } from '../../../scenarios/stage.ts';
import { openShell, type Shell } from './shell.ts';
import { command } from './terminal.ts';

let stage: Stage;
let shell: Shell;

beforeEach(async () => {
  stage = await Stage.open();
  shell = await openShell(stage.cloud);
  stage.reserve('34.1.2.3');
  await stage.apply(namespace('edge'), gateway('pool', 'edge', ['34.1.2.3']), pod('nat-1', 'edge'));
  await stage.apply(route('nat', 'edge', ['34.1.2.3']));
  await stage.ready('edge', 'nat', 'nat-1');
  await stage.rest();
  await withoutRests();
});
afterEach(async () => {
  shell.close();
  await stage.close();
});

/** The queue of requests once more, with no rest between the ten attempts of a message. */
const withoutRests = async (): Promise<void> => {
  const { pubsub, subscriptions, identities } = stage.cloud;
  const headers = {
    authorization: `Bearer ${identities.tokenOf(deployer)}`,
    'content-type': 'application/json',
  };
  const url = `${pubsub.url}/v1/${subscriptions.requests}`;
  const {
    name: _,
    state: __,
    ...resource
  } = (await (await fetch(url, { headers })).json()) as Record<string, unknown>;
  await fetch(url, { method: 'DELETE', headers });
  const body = JSON.stringify({ ...resource, retryPolicy: { minimumBackoff: '0s', maximumBackoff: '0s' } });
  expect((await fetch(url, { method: 'PUT', headers, body })).status).toBe(200);
};

const replay = (...argv: readonly string[]) =>
  command(['replay', ...argv], { env: shell.env, now: () => new Date(Date.now() + 1_000) });

const requests = (count: number) => {
  const request = {
    cluster,
    kind: 'route' as const,
    namespace: 'edge',
    name: 'nat',
    cause: { insertId: 'i', method: 'sweep', principal: 'p', at: '2026-11-25T12:00:00Z' },
  };
  const message = {
    data: Buffer.from(serialiseReconcileRequest(request)).toString('base64'),
    orderingKey: orderingKey(request),
  };
  return Array.from({ length: count }, () => message);
};

/** Publishes two requests for the route, of which the first is refused by the API server as often as it comes. */
const poison = async (): Promise<readonly string[]> => {
  const before = stage.messages().length;
  stage.cloud.kubernetes.inject({
    match: { verb: 'get', resource: 'gkeiproutes', name: 'nat' },
    answer: { code: 400, reason: 'BadRequest', message: 'poisoned' },
    times: 10,
  });
  stage.cloud.pubsub.publish(topics.requests, requests(2));
  await stage.rest();
  return (stage.messages(before) as readonly { attempt?: number; status?: unknown }[]).map(
    ({ attempt, status }) => `${attempt}: ${String(status)}`,
  );
};

it('a poisoned message dies after ten attempts, and the next one of its key is delivered', async () => {
  const attempts = Array.from({ length: 10 }, (_, index) => `${index + 1}: 503`);
  expect(await poison()).toEqual([...attempts, '1: 204']);
});

it('dead letters are listed by a dry run, and are still there', async () => {
  await poison();
  const listed = /\nrequests +\S+ +10 +local-project\/us-central1\/local\/route\/edge\/nat\n$/;
  const first = await replay('--dry-run');
  expect(first).toMatchObject({ code: 0, out: expect.stringMatching(listed) as string });
  expect(first.err).toContain('1 dead letter would be published again.');
  // What a pull gives back rests for a moment.
  await expect.poll(async () => (await replay('--dry-run')).out).toMatch(listed);
});

it('they are published again to their queue, without the remarks of Pub/Sub, and are gone', async () => {
  await poison();
  const before = stage.messages().length;
  expect((await replay()).err).toContain('1 dead letter published again.');
  await stage.rest();
  const [again, ...more] = stage.messages(before) as readonly { message: object; status?: number }[];
  expect(again).toMatchObject({ status: 204, message: requests(1)[0]! });
  expect(again?.message).not.toHaveProperty('attributes');
  expect(more).toEqual([]);
  expect((await replay()).err).toContain('0 dead letters published again.');
});

it('a queue that there is not is named, with those that there are', async () => {
  expect(await replay('--queue', 'nothing')).toMatchObject({
    code: 2,
    err: 'error: there is no queue nothing: there are cluster-events, requests, sweeps\n',
  });
});
