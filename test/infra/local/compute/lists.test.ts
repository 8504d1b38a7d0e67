import { describe, expect, test } from 'vitest';
import {
  type Body,
  base,
  type Cloud,
  neg,
  paths,
  refusal,
  startCloud,
  withRoute,
  zoneA,
  zoneB,
} from './cloud.ts';

const withAddresses = async (...names: string[]): Promise<Cloud> => {
  const cloud = await startCloud();
  for (const [i, name] of names.entries()) {
    cloud.reserveAddress({
      name,
      address: `203.0.113.${10 + i}`,
      networkTier: i % 2 === 0 ? 'PREMIUM' : 'STANDARD',
      labels: i === 0 ? { owner: 'us' } : {},
    });
  }
  return cloud;
};

const names = (body: Body): string[] => (body.items ?? []).map(({ name }: Body) => name);
const list = (cloud: Cloud, query: Record<string, string>) =>
  cloud.send('GET', `${paths.addresses}?${new URLSearchParams(query)}`);

describe('a list', () => {
  test('is in the order of names; an empty one has no items', async () => {
    const cloud = await withAddresses('b', 'c', 'a');
    const body = await cloud.get(paths.addresses);
    expect(body).toMatchObject({
      kind: 'compute#addressList',
      id: 'projects/p1/regions/us-central1/addresses',
      selfLink: `${base}${paths.addresses}`,
    });
    expect(names(body)).toEqual(['a', 'b', 'c']);
    expect(await cloud.get(paths.rules)).not.toHaveProperty('items');
  });

  test('comes in pages, and what is deleted in between hides nothing', async () => {
    const cloud = await withAddresses('a', 'b', 'c', 'd', 'e');
    const first = await list(cloud, { maxResults: '2' });
    expect(names(first.body)).toEqual(['a', 'b']);
    await cloud.done('DELETE', `${paths.addresses}/a`);
    await cloud.done('DELETE', `${paths.addresses}/b`);
    const second = await list(cloud, { maxResults: '2', pageToken: first.body.nextPageToken });
    expect(names(second.body)).toEqual(['c', 'd']);
    const third = await list(cloud, { maxResults: '2', pageToken: second.body.nextPageToken });
    expect(names(third.body)).toEqual(['e']);
    expect(third.body.nextPageToken).toBeUndefined();
  });

  test('has at most 500 items a page, which is the default too', async () => {
    const cloud = await startCloud();
    for (let i = 0; i < 501; i += 1) cloud.reserveAddress({ name: `a${String(i).padStart(3, '0')}` });
    const { items, nextPageToken } = await cloud.get(paths.addresses);
    expect(items).toHaveLength(500);
    const rest = await list(cloud, { pageToken: nextPageToken });
    expect(names(rest.body)).toEqual(['a500']);
    expect(refusal(await list(cloud, { maxResults: '501' }))).toBe('400 400 invalid global');
    expect((await list(cloud, { maxResults: '0' })).body.items).toHaveLength(500);
  });

  test('can be ordered by name, or by creation with the newest first, and by nothing else', async () => {
    const cloud = await withAddresses('b', 'c', 'a');
    const newest = await list(cloud, { orderBy: 'creationTimestamp desc' });
    expect(names(newest.body)).toEqual(['a', 'c', 'b']);
    const page = await list(cloud, { orderBy: 'creationTimestamp desc', maxResults: '1' });
    const { nextPageToken: pageToken } = page.body;
    const next = await list(cloud, { orderBy: 'creationTimestamp desc', pageToken });
    expect(names(next.body)).toEqual(['c', 'b']);
    expect(names((await list(cloud, { orderBy: 'name' })).body)).toEqual(['a', 'b', 'c']);
    expect(refusal(await list(cloud, { orderBy: 'id' }))).toBe('400 400 invalid global');
  });

  test('refuses a page token that is not its own', async () => {
    const cloud = await withAddresses('a', 'b');
    const { body } = await list(cloud, { maxResults: '1' });
    const foreign = { pageToken: body.nextPageToken, filter: 'name = b' };
    expect(refusal(await list(cloud, foreign))).toBe('400 400 invalid global');
    expect(refusal(await list(cloud, { pageToken: 'rubbish' }))).toBe('400 400 invalid global');
  });
});

describe('an aggregated list', () => {
  test('has every scope, and a warning for those without results', async () => {
    const cloud = await startCloud();
    await cloud.done('POST', `zones/${zoneB}/networkEndpointGroups`, neg());
    const { kind, items } = await cloud.get('aggregated/networkEndpointGroups?returnPartialSuccess=true');
    expect(kind).toBe('compute#networkEndpointGroupAggregatedList');
    expect(names({ items: items[`zones/${zoneB}`].networkEndpointGroups })).toEqual(['neg']);
    expect(items[`zones/${zoneA}`].warning.code).toBe('NO_RESULTS_ON_PAGE');
  });

  test.each([
    ['addresses', 'regions/us-central1'],
    ['forwardingRules', 'regions/us-central1'],
    ['backendServices', 'regions/us-central1'],
    ['networkEndpointGroups', `zones/${zoneA}`],
    ['instances', `zones/${zoneA}`],
    ['subnetworks', 'regions/us-central1'],
  ])('of %s has them under %s', async (collection, scope) => {
    const cloud = await withRoute();
    const { items } = await cloud.get(`aggregated/${collection}`);
    expect(items[scope][collection].length).toBeGreaterThan(0);
  });

  test('comes in pages across scopes', async () => {
    const cloud = await startCloud();
    const seen: string[] = [];
    let pageToken = '';
    do {
      const body = await cloud.get(`aggregated/instances?maxResults=1&pageToken=${pageToken}`);
      for (const { instances = [] } of Object.values<Body>(body.items))
        seen.push(...names({ items: instances }));
      pageToken = body.nextPageToken ?? '';
    } while (pageToken !== '');
    expect(seen).toEqual(['vm-1', 'vm-2', 'vm-3']);
  });
});

describe('a filter', () => {
  test.each([
    ['name = b', ['b']],
    ['name=b', ['b']],
    ['name = "b"', ['b']],
    ['name != b', ['a', 'c']],
    ['name = a*', ['a']],
    ['networkTier = STANDARD', ['b']],
    ['labels.owner = us', ['a']],
    ['labels.owner:*', ['a']],
    ['NOT labels.owner:*', ['b', 'c']],
    ['-name = a', ['b', 'c']],
    ['address:113.1', ['a', 'b', 'c']],
    ['(name = a) OR (name = b)', ['a', 'b']],
    ['(name = a) (networkTier = PREMIUM)', ['a']],
    ['name = a OR name = b AND networkTier = STANDARD', ['b']],
    ['(name = a OR name = c) AND networkTier = PREMIUM', ['a', 'c']],
    ['name >= b', ['b', 'c']],
    ['id > 1', ['a', 'b', 'c']],
    ['status = IN_USE', []],
    ['name eq b', ['b']],
    ['name eq "b|c"', ['b', 'c']],
    ["name eq '(b|c)'", ['b', 'c']],
    ['name ne .*b', ['a', 'c']],
    ['address eq 203', []],
    ['address eq 203.*', ['a', 'b', 'c']],
    ['(name eq .*) (networkTier ne "STANDARD")', ['a', 'c']],
    ['selfLink = "https://www.googleapis.com/compute/v1/projects/p1/regions/us-central1/addresses/c"', ['c']],
  ])('%s', async (filter, expected) => {
    const cloud = await withAddresses('a', 'b', 'c');
    const { status, body } = await list(cloud, { filter });
    expect(status).toBe(200);
    expect(names(body)).toEqual(expected);
  });

  test.each([
    'name',
    'name =',
    '= a',
    'name = a)',
    '(name = a',
    'nme = a',
    'name ~ a',
    'name eq [',
    'name eq (?=a)a',
    'name eq (a)\\1',
    '(name eq a) AND (name = b)',
    'name = a AND name eq b',
    'name = a OR',
  ])('%s is refused', async (filter) => {
    const cloud = await withAddresses('a');
    const answer = await list(cloud, { filter });
    expect(refusal(answer)).toBe('400 400 invalid global');
    expect(answer.body.error.message).toContain('Invalid list filter expression.');
  });

  test('looks into lists and objects', async () => {
    const cloud = await startCloud();
    const filter = encodeURIComponent('networkInterfaces.networkIP = 10.128.0.3');
    expect(names(await cloud.get(`${paths.instances}?filter=${filter}`))).toEqual(['vm-2']);
  });

  test('works across pages: a page is full of matches', async () => {
    const cloud = await withAddresses('a', 'b', 'c', 'd', 'e');
    const query = { filter: 'networkTier = PREMIUM', maxResults: '2' };
    const first = await list(cloud, query);
    expect(names(first.body)).toEqual(['a', 'c']);
    const second = await list(cloud, { ...query, pageToken: first.body.nextPageToken });
    expect(names(second.body)).toEqual(['e']);
  });
});
