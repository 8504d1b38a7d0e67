import { describe, expect, test } from 'vitest';
import { Identities } from '../../../../infra/local/identities.ts';
import {
  type Cloud,
  neg,
  negUrl,
  operationPath,
  paths,
  project,
  refusal,
  region,
  startCloud,
} from './cloud.ts';

interface Part {
  readonly line: string;
  readonly body?: object;
  readonly headers?: readonly string[];
}

const root = `/compute/v1/projects/${project}/`;

const part = ({ line, body, headers = [] }: Part, i: number, eol: string): string => {
  const [verb, path] = line.split(' ');
  const inner = [`${verb} ${root}${path} HTTP/1.1`, 'Content-Type: application/json', ...headers, ''];
  const outer = ['--==1==', 'Content-Type: application/http', `Content-ID: <b+${i}>`, ''];
  return [...outer, ...inner, body === undefined ? '' : JSON.stringify(body)].join(eol);
};

const post = (cloud: Cloud, text: string, type: string, headers: Record<string, string> = {}) =>
  fetch(`${cloud.url}/batch/compute/v1`, {
    method: 'POST',
    headers: { 'content-type': type, ...headers },
    body: text,
  });

/** Sends a batch; of each answer its id, its status and its body. */
const batch = async (cloud: Cloud, parts: readonly Part[], { eol = '\n', headers = {} } = {}) => {
  const text = [...parts.map((p, i) => part(p, i, eol)), '--==1==--', ''].join(eol);
  const response = await post(cloud, text, 'multipart/mixed; boundary="==1=="', headers);
  expect(response.status).toBe(200);
  const [, boundary] =
    /^multipart\/mixed; boundary=(\S+)$/.exec(response.headers.get('content-type') ?? '') ?? [];
  const [, ...pieces] = (await response.text()).split(`--${boundary}`);
  expect(pieces.pop()).toBe('--\r\n');
  return pieces.map((piece) => {
    const [outer = '', inner = '', body = ''] = piece.split('\r\n\r\n');
    return {
      id: /Content-ID: (.*)/.exec(outer)?.[1],
      status: Number(/^HTTP\/1\.1 (\d+)/.exec(inner)?.[1]),
      body: JSON.parse(body),
    };
  });
};

describe('a batch', () => {
  test.each([
    ['LF, as gcloud writes', '\n'],
    ['CRLF', '\r\n'],
  ])('is answered request by request, by id (%s)', async (_, eol) => {
    const cloud = await startCloud();
    const parts = [
      { line: `POST ${paths.addresses}?alt=json`, body: { name: 'a' } },
      { line: `GET ${paths.addresses}/no` },
      { line: 'GET zones' },
    ];
    const [made, missing, zones] = await batch(cloud, parts, { eol });
    expect(made).toMatchObject({ id: '<response-b+0>', status: 200, body: { kind: 'compute#operation' } });
    expect(missing).toMatchObject({ id: '<response-b+1>', status: 404, body: { error: { code: 404 } } });
    expect(zones).toMatchObject({ id: '<response-b+2>', status: 200, body: { kind: 'compute#zoneList' } });
    expect(cloud.calls.map(({ path }) => path)).toContain(`${root}${paths.addresses}`);
  });

  test('is done at the same time: a wait for an operation holds nothing else up', async () => {
    const cloud = await startCloud();
    const held = cloud.inject({ method: 'POST', path: 'addresses', effect: { hold: true } });
    const { body } = await cloud.send('POST', paths.addresses, { name: 'a' });
    cloud.onCall(({ path }) => path.endsWith('/zones') && held.release());
    const wait = { line: `POST ${operationPath(body)}/wait` };
    const [waited] = await batch(cloud, [wait, { line: 'GET zones' }]);
    expect(waited?.body.status).toBe('DONE');
  });

  test('lends its token to the requests that have none', async () => {
    const identities = new Identities();
    const bearer = (name: string) => `Bearer ${identities.tokenOf(name)}`;
    const cloud = await startCloud({ identities });
    const own = { line: 'GET zones', headers: [`Authorization: ${bearer('b@x')}`] };
    const headers = { authorization: bearer('a@x') };
    await batch(cloud, [{ line: 'GET regions' }, own], { headers });
    const [refusedOne] = await batch(cloud, [{ line: 'GET regions' }]);
    expect(cloud.calls.map(({ principal, status }) => `${status} ${principal}`).sort()).toEqual([
      '200 a@x',
      '200 b@x',
      '401 ',
    ]);
    expect(refusedOne?.status).toBe(401);
  });

  test.each([
    ['without a boundary', 'multipart/mixed', '--b\n\nGET /x\n--b--'],
    ['of another type', 'application/json', '{}'],
    ['without its end', 'multipart/mixed; boundary=b', '--b\n\nGET /x'],
    ['without requests', 'multipart/mixed; boundary=b', '--b--'],
    ['of something else than HTTP', 'multipart/mixed; boundary=b', '--b\n\nhello\n--b--'],
    ['of more than 1,000', 'multipart/mixed; boundary=b', `${'--b\n\n\nGET /x\n'.repeat(1001)}--b--`],
  ])('%s is refused', async (_, type, text) => {
    const cloud = await startCloud();
    const response = await post(cloud, text, type);
    const answer = { status: response.status, body: await response.json() };
    expect(refusal(answer)).toBe('400 400 badRequest global');
  });

  test('is taken where gcloud beta sends it; by GET there is none', async () => {
    const cloud = await startCloud();
    const text = `--b\n\nGET ${root}zones\n--b--`;
    const type = { 'content-type': 'multipart/mixed; boundary=b' };
    const beta = `${cloud.url}/batch/compute/beta`;
    expect((await fetch(beta, { method: 'POST', headers: type, body: text })).status).toBe(200);
    expect((await fetch(beta)).status).toBe(404);
  });

  test('breaks off as a whole where one of its requests does', async () => {
    const cloud = await startCloud();
    cloud.inject({ path: 'zones', effect: { hangUp: 'before' } });
    await expect(batch(cloud, [{ line: 'GET zones' }, { line: 'GET regions' }])).rejects.toThrow(
      'fetch failed',
    );
  });
});

describe('what gcloud writes otherwise than other clients', () => {
  test('true is `True` in a query', async () => {
    const cloud = await startCloud();
    const query = 'includeAllScopes=True&returnPartialSuccess=True';
    expect((await cloud.get(`aggregated/addresses?${query}`)).kind).toBe('compute#addressAggregatedList');
  });

  test('a reference has the host of the endpoint, and is kept with Google’s', async () => {
    const cloud = await startCloud();
    const here = (url: string, host = cloud.url) => url.replace('https://www.googleapis.com', host);
    const { network, subnetwork } = neg();
    const body = { ...neg(), network: here(network), subnetwork: here(subnetwork, 'http://localhost:1') };
    await cloud.done('POST', paths.negs, body);
    expect(await cloud.get(paths.neg)).toMatchObject({ network, subnetwork, selfLink: negUrl() });
    const stranger = { ...neg('other'), network: here(network, 'http://example.com') };
    expect(refusal(await cloud.send('POST', paths.negs, stranger))).toBe('400 400 invalid global');
  });

  test('a fingerprint is the same in the alphabet of URLs', async () => {
    const cloud = await startCloud();
    let made = { name: '', labelFingerprint: '' };
    for (let i = 0; !/[+/]/.test(made.labelFingerprint); i += 1) {
      cloud.reserveAddress({ name: `a${i}`, labels: { n: String(i) } });
      made = await cloud.get(`${paths.addresses}/a${i}`);
    }
    const labelFingerprint = made.labelFingerprint.replaceAll('+', '-').replaceAll('/', '_');
    const answer = await cloud.send('POST', `${paths.addresses}/${made.name}/setLabels`, {
      labelFingerprint,
    });
    expect(answer.status).toBe(200);
  });

  test.each([
    'global/addresses',
    'global/forwardingRules',
    'global/backendServices',
    'global/networkEndpointGroups',
    `regions/${region}/networkEndpointGroups`,
  ])('%s, where nothing can be made, is an empty list', async (path) => {
    const cloud = await startCloud();
    expect(await cloud.get(path)).not.toHaveProperty('items');
    expect(refusal(await cloud.send('DELETE', `${path}/no`))).toBe('404 404 notFound global');
    expect(refusal(await cloud.send('POST', path, { name: 'a' }))).toBe('501 501 notImplemented global');
  });
});
