import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accepted } from '../../../../infra/local/kubernetes/http/accept.ts';
import type { Json, JsonObject } from '../../../../infra/local/kubernetes/objects/object.ts';
import { age } from '../../../../infra/local/kubernetes/tables/duration.ts';
import { compilePath } from '../../../../infra/local/kubernetes/tables/json-path.ts';
import { Api, pod, pods, route, routes } from './api.ts';

let api: Api;
beforeEach(async () => {
  api = await Api.start();
});
afterEach(() => api.close());

const table = 'application/json;as=Table;v=v1;g=meta.k8s.io';
const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

const asking = async (
  path: string,
  accept: string,
): Promise<{ type: string; body: JsonObject; code: number }> => {
  const response = await fetch(`${api.kubernetes.url}${path}`, { headers: { ...api.headers(), accept } });
  const body = (await response.json()) as JsonObject;
  return { code: response.status, type: response.headers.get('content-type') ?? '', body };
};

describe('the form of an answer', () => {
  it('is the first that the client accepts and the server has', () => {
    expect(accepted(`${table},application/json`, ['table'])).toBe('table');
    expect(accepted(`application/json,${table}`, ['table'])).toBe('object');
    expect(accepted(`${table},application/json`, [])).toBe('object');
    expect(accepted('application/vnd.kubernetes.protobuf', ['table'])).toBe('object');
    expect(accepted(undefined, ['table'])).toBe('object');
  });

  it('as a table carries what each row is about: metadata, the object, or nothing', async () => {
    await api.post(pods, pod('a'));
    const row = async (query: string): Promise<Json | undefined> => {
      const { body } = await asking(`${pods}${query}`, table);
      return (body.rows as JsonObject[])[0]?.object;
    };
    expect(await row('')).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { name: 'a' } });
    expect(await row('')).not.toHaveProperty('spec');
    expect(await row('?includeObject=Object')).toMatchObject({ kind: 'Pod', spec: {} });
    expect(await row('?includeObject=None')).toBeNull();
    expect((await asking(`${pods}?includeObject=Half`, table)).code).toBe(400);
  });

  it('as a table has pages and a version, as a list has', async () => {
    for (const name of ['a', 'b']) await api.post(pods, pod(name));
    const { body } = await asking(`${pods}?limit=1`, table);
    expect(body.metadata).toMatchObject({ remainingItemCount: 1, continue: expect.any(String) });
  });

  it('is a Status where there is no object, whatever was asked for', async () => {
    expect((await asking(`${pods}/none`, table)).body).toMatchObject({ kind: 'Status', code: 404 });
  });

  it('can be the metadata alone', async () => {
    await api.post(routes, route('nat'));
    const { body } = await asking(routes, 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io');
    expect(body).toMatchObject({
      kind: 'PartialObjectMetadataList',
      items: [{ kind: 'PartialObjectMetadata', metadata: { name: 'nat' } }],
    });
  });

  it('names the columns of a watch once', async () => {
    for (const name of ['a', 'b']) await api.post(pods, pod(name));
    const url = `${api.kubernetes.url}${pods}?watch=1&timeoutSeconds=1`;
    const watching = fetch(url, { headers: { ...api.headers(), accept: table } });
    const response = await watching;
    api.clock.pass(1000);
    const events = (await response.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as JsonObject);
    const columns = events.map(({ object }) => ((object as JsonObject).columnDefinitions as Json[]).length);
    expect(columns).toEqual([9, 0]);
  });
});

describe('discovery', () => {
  it('is one answer for those who ask for it aggregated, and many for others', async () => {
    const whole = await asking('/apis', `${aggregated},application/json`);
    expect(whole.type).toBe(aggregated);
    expect(whole.body.items).toContainEqual(
      expect.objectContaining({ metadata: { name: 'networking.gke.io', creationTimestamp: null } }),
    );
    expect((await asking('/apis', 'application/json')).body.kind).toBe('APIGroupList');
    expect((await asking('/apis/apps/v1', aggregated)).body.kind).toBe('APIResourceList');
  });

  it('names subresources with the kinds they speak', async () => {
    const { body } = await asking('/api', aggregated);
    const text = JSON.stringify(body);
    expect(text).toContain('"responseKind":{"group":"policy","version":"v1","kind":"Eviction"}');
  });

  it('changes the hash of a document when its definition changes', async () => {
    const hash = async (): Promise<string> => JSON.stringify((await asking('/openapi/v3', '*/*')).body);
    const before = await hash();
    await api.delete('/apis/apiextensions.k8s.io/v1/customresourcedefinitions/gkeiproutes.networking.gke.io');
    expect(await hash()).not.toBe(before);
    expect(before).toContain('apis/networking.gke.io/v1');
  });
});

describe('a column', () => {
  const value = { a: [{ type: 'Ready', status: 'True' }, { type: 'Other' }], 'x.y': { z: 1 } };

  it.each([
    ['.a[0].type', ['Ready']],
    ['.a[-1].type', ['Other']],
    ['.a[*].type', ['Ready', 'Other']],
    ['.a[?(@.type=="Ready")].status', ['True']],
    ["{.a[?(@.type!='Ready')].type}", ['Other']],
    ["['x.y'].z", [1]],
    ['.x\\.y.z', [1]],
    ['.a[9].type', []],
    ['.a[', []],
  ])('%s finds %j', (path, found) => {
    expect(compilePath(path)(value)).toEqual(found);
  });

  it.each([
    [0, '0s'],
    [119, '119s'],
    [120, '2m'],
    [599, '9m59s'],
    [3 * 3600 - 1, '179m'],
    [3 * 3600 + 60, '3h1m'],
    [47 * 3600, '47h'],
    [50 * 3600, '2d2h'],
    [400 * 86_400, '400d'],
    [3 * 365 * 86_400, '3y'],
  ])('shows an age of %d seconds as %s', (seconds, text) => {
    const now = new Date('2026-01-01T00:00:00Z');
    expect(age(new Date(now.getTime() - seconds * 1000).toISOString(), now)).toBe(text);
    expect(age(undefined, now)).toBe('<unknown>');
  });
});
