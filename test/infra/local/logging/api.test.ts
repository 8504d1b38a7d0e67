import { v2 } from '@google-cloud/logging';
import { OAuth2Client } from 'google-auth-library';
import { expect, onTestFinished, test } from 'vitest';
import { Identities } from '../../../../infra/local/identities.ts';
import { startLogging } from '../../../../infra/local/logging/index.ts';
import type { JsonObject } from '../../../../infra/local/proto-json.ts';
import { FakeClock } from '../pubsub/fake-clock.ts';

const logName = 'projects/p/logs/persistent-ip-audit';
const resource = { type: 'k8s_cluster', labels: { cluster_name: 'one' } };

type Answer = JsonObject & {
  entries?: JsonObject[];
  nextPageToken?: string;
  error: JsonObject & { message: string; details: JsonObject[] };
};

const start = async () => {
  const clock = new FakeClock('2026-01-01T00:00:00Z');
  const identities = new Identities();
  const logging = await startLogging({ clock, identities });
  onTestFinished(() => logging.close());
  const authorization = `Bearer ${identities.tokenOf('f@p.iam.gserviceaccount.com')}`;
  const call = async (method: string, body: unknown) => {
    const response = await fetch(`${logging.url}/v2/entries:${method}`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Answer };
  };
  const write = (entries: unknown[], more: object = {}) =>
    call('write', { logName, resource, entries, ...more });
  const list = (more: object = {}) => call('list', { resourceNames: ['projects/p'], ...more });
  const texts = async (more: object = {}) =>
    (await list(more)).body.entries?.map(({ textPayload }) => textPayload) ?? [];
  return { clock, identities, logging, call, write, list, texts };
};

test('an entry comes back as it was written, with what the server adds', async () => {
  const { write, list } = await start();
  const written = {
    insertId: 'i',
    timestamp: '2025-12-31T23:00:00Z',
    severity: 'INFO',
    jsonPayload: { a: [1] },
  };
  expect(await write([written], { labels: { l: 'request', r: 'request' } })).toEqual({
    status: 200,
    body: {},
  });
  expect((await list()).body).toEqual({
    entries: [
      {
        ...written,
        logName,
        resource,
        labels: { l: 'request', r: 'request' },
        receiveTimestamp: '2026-01-01T00:00:00.000Z',
      },
    ],
  });
});

test('what an entry says itself goes before what the request says for all', async () => {
  const { write, list } = await start();
  const own = { logName: 'projects/p/logs/other', resource: { type: 'global' }, labels: { l: 'entry' } };
  await write([{ ...own, textPayload: 'x' }], { labels: { l: 'request', r: 'request' } });
  expect((await list()).body.entries![0]).toMatchObject({ ...own, labels: { l: 'entry', r: 'request' } });
});

test('an entry without insertId and timestamp gets both, and no two ids are equal', async () => {
  const { write, list } = await start();
  await write([{ textPayload: 'a' }, { textPayload: 'b' }]);
  const { entries } = (await list()).body;
  expect(entries!.map(({ timestamp }) => timestamp)).toEqual(Array(2).fill('2026-01-01T00:00:00.000Z'));
  expect(new Set(entries!.map(({ insertId }) => insertId)).size).toBe(2);
});

test('a severity by its number is the one of that name', async () => {
  const { write, list } = await start();
  await write([{ severity: 400, textPayload: 'x' }]);
  expect((await list()).body.entries![0]!.severity).toBe('WARNING');
});

test.each([
  [
    'a field that the descriptors do not know',
    { entries: [{ text: 'x' }] },
    `Unknown name "text" at 'entries[0]'`,
  ],
  ['one in the request', { entrys: [] }, 'Unknown name "entrys"'],
  ['one in the resource', { resource: { kind: 'x' } }, `Unknown name "kind" at 'resource'`],
  [
    'two payloads',
    { entries: [{ textPayload: 'x', jsonPayload: {} }] },
    "oneof field 'payload' is already set",
  ],
  [
    'a payload that is no object',
    { entries: [{ jsonPayload: 'x' }] },
    "Invalid value at 'entries[0].jsonPayload'",
  ],
  ['a time that is none', { entries: [{ timestamp: 'now' }] }, "Invalid value at 'entries[0].timestamp'"],
  ['a severity that is none', { entries: [{ severity: 'LOUD' }] }, "Invalid value at 'entries[0].severity'"],
  ['labels that are no texts', { labels: { a: 1 } }, "Invalid value at 'labels.a'"],
  ['no entries', { entries: [] }, 'At least one log entry'],
  ['no log name', { logName: '' }, 'needs a log name'],
  ['a log name without a parent', { logName: 'audit' }, 'Invalid log name: audit'],
  ['a slash in the log’s id', { logName: 'projects/p/logs/a/b' }, 'Invalid log name'],
  ['no resource', { resource: null }, 'needs a monitored resource'],
  ['over 256 KB', { entries: [{ textPayload: 'x'.repeat(256 * 1024) }] }, 'exceeds maximum size of 256.0K'],
])('a write with %s is refused, and nothing is written', async (_rule, more, message) => {
  const { call, list } = await start();
  const answer = await call('write', { logName, resource, entries: [{ textPayload: 'good' }], ...more });
  expect(answer.body.error).toMatchObject({
    code: 400,
    status: 'INVALID_ARGUMENT',
    message: expect.stringContaining(message),
  });
  expect((await list()).body).toEqual({});
});

test('one bad entry refuses all; with partialSuccess the good ones are written and the bad ones named', async () => {
  const { write, texts } = await start();
  const entries = [{ textPayload: 'good' }, { textPayload: 'bad', logName: 'bad' }];
  expect((await write(entries)).status).toBe(400);
  expect(await texts()).toEqual([]);
  const { status, body } = await write(entries, { partialSuccess: true });
  expect(status).toBe(400);
  expect(body.error.details[0]).toMatchObject({ logEntryErrors: { 1: { code: 3 } } });
  expect(await texts()).toEqual(['good']);
});

test('a dry run checks everything and writes nothing', async () => {
  const { write, texts } = await start();
  expect((await write([{ textPayload: 'x' }], { dryRun: true })).status).toBe(200);
  expect((await write([{ textPayload: 'x', logName: 'bad' }], { dryRun: true })).status).toBe(400);
  expect(await texts()).toEqual([]);
});

test('copies with equal insertId and timestamp in one log are shown once, but every copy is exported', async () => {
  const { logging, write, texts } = await start();
  const exported: unknown[] = [];
  logging.addSink({ filter: '', route: ({ textPayload }) => exported.push(textPayload) });
  const timestamp = '2025-12-31T00:00:00Z';
  await write([{ insertId: 'i', timestamp, textPayload: 'first' }]);
  await write([
    { insertId: 'i', timestamp: '2025-12-31T01:00:00+01:00', textPayload: 'copy' },
    { insertId: 'i', timestamp: '2025-12-31T00:00:00.000000001Z', textPayload: 'later' },
    { insertId: 'j', timestamp, textPayload: 'other id' },
    { insertId: 'i', timestamp, textPayload: 'other log', logName: 'projects/p/logs/other' },
  ]);
  expect(await texts()).toEqual(['first', 'other id', 'other log', 'later']);
  expect(exported).toHaveLength(5);
});

test('a list has the order that is asked for, oldest first by itself', async () => {
  const { write, texts } = await start();
  const at = (hour: number) => ({ timestamp: `2025-12-31T0${hour}:00:00Z`, textPayload: `${hour}` });
  await write([at(2), at(1), at(3)]);
  expect(await texts()).toEqual(['1', '2', '3']);
  expect(await texts({ orderBy: 'timestamp asc' })).toEqual(['1', '2', '3']);
  expect(await texts({ orderBy: 'timestamp desc' })).toEqual(['3', '2', '1']);
  expect(await texts({ filter: 'timestamp>="2025-12-31T02:00:00Z"' })).toEqual(['2', '3']);
});

test.each(['timestamp asc', 'timestamp desc'])(
  'pages of %s hold every entry once, also when others arrive',
  async (orderBy) => {
    const { write, list } = await start();
    const timestamp = '2025-12-31T00:00:00Z';
    await write(Array.from({ length: 7 }, (_, index) => ({ timestamp, textPayload: `${index}` })));
    const seen: unknown[] = [];
    let pageToken: string | undefined = '';
    while (pageToken !== undefined) {
      const { body }: { body: Answer } = await list({ orderBy, pageSize: 3, pageToken });
      seen.push(...body.entries!.map(({ textPayload }) => textPayload));
      pageToken = body.nextPageToken;
      // Older in this order than the pages read so far.
      const late = orderBy.endsWith('asc') ? '2025-12-30T00:00:00Z' : '2025-12-31T12:00:00Z';
      await write([{ timestamp: late, textPayload: 'late' }]);
    }
    expect(seen.toSorted()).toEqual(['0', '1', '2', '3', '4', '5', '6']);
  },
);

test('a page token is good for its own query only', async () => {
  const { write, list } = await start();
  await write([{ textPayload: 'a' }, { textPayload: 'b' }]);
  const pageToken = (await list({ pageSize: 1 })).body.nextPageToken;
  expect((await list({ pageSize: 1, pageToken, filter: 'severity>=ERROR' })).body.error.code).toBe(400);
  expect((await list({ pageToken: 'nonsense' })).body.error.code).toBe(400);
});

test('a list shows the logs of the projects that are asked for', async () => {
  const { write, texts } = await start();
  await write([{ textPayload: 'p' }, { textPayload: 'q', logName: 'projects/q/logs/x' }]);
  expect(await texts({ resourceNames: ['projects/q'] })).toEqual(['q']);
  expect(await texts({ resourceNames: ['projects/p', 'projects/q'] })).toEqual(['p', 'q']);
});

test('entries too old or too far ahead are exported, but no list shows them', async () => {
  const { logging, write, texts } = await start();
  const exported: unknown[] = [];
  logging.addSink({ filter: '', route: ({ textPayload }) => exported.push(textPayload) });
  await write([
    { timestamp: '2025-11-01T00:00:00Z', textPayload: 'old' },
    { timestamp: '2026-01-02T00:00:01Z', textPayload: 'ahead' },
  ]);
  expect(await texts()).toEqual([]);
  expect(exported).toEqual(['old', 'ahead']);
});

test.each([
  ['no resource', { resourceNames: [] }, 400, 'At least one resource name'],
  ['a resource that is none', { resourceNames: ['p'] }, 400, 'Invalid resource name: p'],
  ['a folder', { resourceNames: ['folders/1'] }, 501, 'entries:list of folders/1'],
  ['another order', { orderBy: 'severity' }, 400, 'order_by'],
  ['a filter that cannot be read', { filter: 'x=' }, 400, 'Unparseable filter'],
  ['a field that the descriptors do not know', { query: 'x' }, 400, 'Unknown name "query"'],
])('a list with %s is refused', async (_rule, more, code, message) => {
  const { list } = await start();
  expect((await list(more)).body.error).toMatchObject({ code, message: expect.stringContaining(message) });
});

test('a sink gets what passes its filter, whichever way it was written', async () => {
  const { logging, write } = await start();
  const routed: unknown[] = [];
  logging.addSink({ filter: 'severity>=ERROR', route: ({ textPayload }) => routed.push(textPayload) });
  await write([{ textPayload: 'no' }, { severity: 'ERROR', textPayload: 'over HTTP' }]);
  logging.write({ logName, severity: 'CRITICAL', textPayload: 'inside' });
  expect(routed).toEqual(['over HTTP', 'inside']);
});

test('without a known token a call is a 401; what is not implemented is a 501 that names it', async () => {
  const { identities, logging } = await start();
  const post = async (path: string, token: string) =>
    (
      await fetch(`${logging.url}${path}`, { method: 'POST', headers: { authorization: `Bearer ${token}` } })
    ).json();
  expect(await post('/v2/entries:write', 'no')).toMatchObject({ error: { code: 401 } });
  expect(await post('/v2/entries:tail', identities.tokenOf('x'))).toMatchObject({
    error: { code: 501, message: expect.stringContaining('/v2/entries:tail') },
  });
});

test('the published client library writes and reads over REST', async () => {
  const { identities, logging } = await start();
  const authClient = new OAuth2Client();
  authClient.setCredentials({ access_token: identities.tokenOf('f@p.iam.gserviceaccount.com') });
  const { hostname, port } = new URL(logging.url);
  const client = new v2.LoggingServiceV2Client({
    fallback: true,
    apiEndpoint: hostname,
    port: Number(port),
    protocol: 'http',
    projectId: 'p',
    authClient: authClient as never,
  });
  const jsonPayload = { fields: { action: { stringValue: 'move' } } };
  const timestamp = { seconds: 1767225600, nanos: 5 };
  await client.writeLogEntries({
    logName,
    resource,
    entries: [{ insertId: 'i', timestamp, severity: 'INFO', jsonPayload }],
  });
  const [entries] = await client.listLogEntries({
    resourceNames: ['projects/p'],
    filter: 'jsonPayload.action="move" timestamp>"2026-01-01T00:00:00Z"',
  });
  expect(entries).toHaveLength(1);
  expect(entries[0]).toMatchObject({ insertId: 'i', logName, jsonPayload });
  await client.close();
});
