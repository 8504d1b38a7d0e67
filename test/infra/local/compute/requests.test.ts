import { describe, expect, test } from 'vitest';
import { Identities } from '../../../../infra/local/identities.ts';
import { paths, project, refusal, region, startCloud, withGroup, zoneA } from './cloud.ts';

describe('a request', () => {
  test('for something that is not there is 404 by its name', async () => {
    const cloud = await startCloud();
    for (const [method, path] of [
      ['GET', paths.rule],
      ['DELETE', paths.rule],
      ['PATCH', paths.service],
      ['POST', paths.attach],
    ] as const) {
      const answer = await cloud.send(
        method,
        path,
        method === 'POST' ? { networkEndpoints: [{ instance: 'a' }] } : undefined,
      );
      expect(refusal(answer)).toBe('404 404 notFound global');
      expect(answer.body.error.message).toMatch(/^The resource 'projects\/p1\/.*' was not found$/);
    }
  });

  test.each([
    ['region', 'regions/nowhere/addresses'],
    ['zone', 'zones/nowhere/instances/vm-1'],
  ])('for a %s that does not exist is 400', async (sort, path) => {
    const answer = await (await startCloud()).send('GET', path);
    expect(refusal(answer)).toBe('400 400 invalid global');
    const message = `Invalid value for field '${sort}': 'nowhere'. Unknown ${sort}.`;
    expect(answer.body.error.message).toBe(message);
  });

  test('for a project that does not exist is 404', async () => {
    const cloud = await startCloud();
    const response = await fetch(`${cloud.url}/compute/v1/projects/other/global/firewalls`);
    expect(response.status).toBe(404);
  });

  test.each([
    ['POST', `regions/${region}/healthChecks`, 'compute.regionHealthChecks.insert'],
    ['POST', `regions/${region}/backendServices/bs/getHealth`, 'compute.regionBackendServices.getHealth'],
    ['POST', `zones/${zoneA}/instances/vm-1/reset`, 'compute.instances.reset'],
    ['POST', 'global/addresses', 'compute.globalAddresses.insert'],
    ['DELETE', `zones/${zoneA}/operations/x`, 'compute.zoneOperations.delete'],
  ])('%s %s is 501 by the method’s name', async (method, path, name) => {
    const cloud = await startCloud();
    const answer = await cloud.send(method, path);
    expect(refusal(answer)).toBe('501 501 notImplemented global');
    expect(answer.body.error.message).toContain(name);
  });

  test('with an unknown parameter, or one of another type, is refused', async () => {
    const cloud = await startCloud();
    expect(refusal(await cloud.send('GET', `${paths.negs}?colour=red`))).toBe('400 400 invalid global');
    expect(refusal(await cloud.send('GET', `${paths.negs}?maxResults=many`))).toBe('400 400 invalid global');
    expect((await cloud.send('GET', `${paths.negs}?alt=json&prettyPrint=false`)).status).toBe(200);
    expect(refusal(await cloud.send('GET', `${paths.negs}?fields=items`))).toContain('501');
  });

  test('with a path that is not well encoded is 404', async () => {
    const cloud = await startCloud();
    expect((await cloud.send('GET', 'zones/%')).status).toBe(404);
  });
});

describe('who asks', () => {
  test('is known by the bearer token; an unknown or absent one is 401', async () => {
    const identities = new Identities();
    const cloud = await startCloud({ identities });
    const as = (token?: string) =>
      cloud.send('GET', 'zones', undefined, token === undefined ? {} : { authorization: `Bearer ${token}` });
    expect(refusal(await as())).toBe('401 401 authError global');
    expect(refusal(await as('stolen'))).toBe('401 401 authError global');
    expect((await as(identities.tokenOf('me@example.com'))).status).toBe(200);
    expect(cloud.calls.map(({ principal, status }) => [principal, status])).toEqual([
      ['', 401],
      ['', 401],
      ['me@example.com', 200],
    ]);
  });

  test('may be a stated default without a token, but never with an unknown one', async () => {
    const identities = new Identities();
    const cloud = await startCloud({ identities, defaultPrincipal: 'default@example.com' });
    await cloud.done('POST', paths.addresses, { name: 'a' });
    expect(cloud.calls.every(({ principal }) => principal === 'default@example.com')).toBe(true);
    const answer = await cloud.send('GET', 'zones', undefined, { authorization: 'Bearer stolen' });
    expect(answer.status).toBe(401);
  });

  test('is the user of the operation', async () => {
    const cloud = await startCloud({ defaultPrincipal: 'me@example.com' });
    expect((await cloud.done('POST', paths.addresses, { name: 'a' })).user).toBe('me@example.com');
  });
});

describe('the calls', () => {
  test('are counted at the HTTP edge with method, path, query, body, status and whether they change something', async () => {
    const cloud = await withGroup();
    const seen: unknown[] = [];
    const stop = cloud.onCall((call) => seen.push([call.method, call.path, call.mutation, call.status]));
    const root = `/compute/v1/projects/${project}/`;
    await cloud.send('POST', paths.endpoints, {});
    const { body } = await cloud.send('PATCH', paths.service, { description: 'x' });
    expect(body.error.code).toBe(404);
    await cloud.send('GET', `${paths.negs}?maxResults=1`);
    stop();
    await cloud.get('zones');
    expect(seen).toEqual([
      ['POST', root + paths.endpoints, false, 200],
      ['PATCH', root + paths.service, true, 404],
      ['GET', root + paths.negs, false, 200],
    ]);
    expect(cloud.calls.at(-2)?.query).toEqual({ maxResults: '1' });
    expect(cloud.calls.at(-3)?.body).toEqual({ description: 'x' });
  });
});
