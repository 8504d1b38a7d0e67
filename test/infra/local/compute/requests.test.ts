import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../../infra/local/clock.ts';
import { startCompute } from '../../../../infra/local/compute/index.ts';
import { Identities } from '../../../../infra/local/identities.ts';
import {
  base,
  neg,
  paths,
  project,
  refusal,
  region,
  service,
  startCloud,
  withGroup,
  zoneA,
} from './cloud.ts';

describe('a body', () => {
  test('with an unknown field is refused as the JSON layer does it', async () => {
    const cloud = await withGroup();
    const answer = await cloud.send('POST', paths.services, service({ x: 1 }));
    const message = `Invalid JSON payload received. Unknown name "x" at 'resource': Cannot find field.`;
    expect(answer).toEqual({
      status: 400,
      body: {
        error: {
          code: 400,
          message,
          errors: [{ message, domain: 'global', reason: 'invalid' }],
          status: 'INVALID_ARGUMENT',
          details: [
            {
              '@type': 'type.googleapis.com/google.rpc.BadRequest',
              fieldViolations: [{ field: 'resource', description: message }],
            },
          ],
        },
      },
    });
  });

  test.each([
    [
      'an unknown field deep inside',
      { haPolicy: { leader: { node: 'x' } } },
      "at 'resource.haPolicy.leader'",
    ],
    ['an unknown field in a list', { backends: [{ neg: 'x' }] }, "at 'resource.backends[0]'"],
    ['a string for a number', { timeoutSec: 'soon' }, 'TYPE_INT32'],
    ['a number for a string', { name: 7 }, 'TYPE_STRING'],
    ['a list for an object', { haPolicy: [] }, 'BackendServiceHAPolicy'],
    ['an object for a list', { backends: {} }, 'resource.backends'],
    ['null in a list', { backends: [null] }, 'resource.backends[0]'],
    ['an enum value that is not listed', { loadBalancingScheme: 'OUTSIDE' }, 'loadBalancingScheme'],
    ['an enum value in lower case', { protocol: 'tcp' }, 'protocol'],
    ['a proto name for a JSON name', { load_balancing_scheme: 'EXTERNAL' }, 'Unknown name'],
    ['a map of other values', { metadatas: { a: 1 } }, 'TYPE_STRING'],
    ['the name of an Object method', { constructor: 1 }, 'Unknown name'],
  ])('with %s is refused', async (_, more, text) => {
    const cloud = await withGroup();
    const answer = await cloud.send('POST', paths.services, service(more));
    expect(refusal(answer)).toBe('400 400 invalid global');
    expect(answer.body.error.message).toContain(text);
    expect(cloud.calls.at(-1)?.status).toBe(400);
  });

  test('may carry `"metadatas":{}`, as the Node client’s does: the descriptors have it, and it leaves no trace', async () => {
    const cloud = await withGroup();
    const operation = await cloud.done('POST', paths.services, service({ metadatas: {} }));
    expect(operation.error).toBeUndefined();
    expect((await cloud.get(paths.service)).metadatas).toBeUndefined();
  });

  test('may carry what GET shows: fields that only the service sets are ignored', async () => {
    const cloud = await withGroup();
    await cloud.done('POST', paths.services, service({ id: '1', kind: 'x', selfLink: 'y', region: 'z' }));
    const made = await cloud.get(paths.service);
    expect(made.region).toBe(`${base}regions/${region}`);
    expect((await cloud.done('PUT', paths.service, made)).error).toBeUndefined();
    expect((await cloud.get(paths.service)).id).toBe(made.id);
  });

  test('that is no JSON, or no object, is refused', async () => {
    const cloud = await startCloud();
    expect(refusal(await cloud.send('POST', paths.negs, '{'))).toBe('400 400 parseError global');
    expect(refusal(await cloud.send('POST', paths.negs, '[]'))).toBe('400 400 invalid global');
    expect(refusal(await cloud.send('POST', paths.negs, '7'))).toBe('400 400 invalid global');
  });

  test('of a method that has none must be empty', async () => {
    const cloud = await startCloud();
    const answer = await cloud.send('POST', `${paths.instances}/vm-1/stop`, { force: true });
    expect(refusal(answer)).toBe('400 400 invalid global');
  });
});

describe('a name', () => {
  test.each(['Upper', '1st', 'ends-', 'a_b', 'a'.repeat(64), 'ä'])('%s is refused', async (name) => {
    const cloud = await startCloud();
    const answer = await cloud.send('POST', paths.negs, neg(name));
    expect(refusal(answer)).toBe('400 400 invalid global');
    expect(answer.body.error.message).toContain("Invalid value for field 'resource.name'");
  });

  test('must be given', async () => {
    const cloud = await startCloud();
    const answer = await cloud.send('POST', paths.negs, { ...neg(), name: undefined });
    expect(refusal(answer)).toBe('400 400 required global');
    expect(answer.body.error.message).toBe("Required field 'resource.name' not specified");
  });

  test('that exists, or is being made, is 409 alreadyExists', async () => {
    const cloud = await startCloud();
    const held = cloud.inject({ method: 'POST', path: 'networkEndpointGroups', effect: { hold: true } });
    await cloud.send('POST', paths.negs, neg());
    expect(refusal(await cloud.send('POST', paths.negs, neg()))).toBe('409 409 alreadyExists global');
    held.release();
    const answer = await cloud.send('POST', paths.negs, neg());
    expect(refusal(answer)).toBe('409 409 alreadyExists global');
    expect(answer.body.error.message).toBe(`The resource 'projects/p1/${paths.neg}' already exists`);
  });
});

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

describe('a planned fault', () => {
  test('refuses the next request that matches, with its reason, and nothing is done', async () => {
    const cloud = await startCloud();
    const effect = { refuse: { status: 403, reason: 'rateLimitExceeded' } };
    const planned = cloud.inject({ method: 'POST', path: 'addresses', effect, times: 2 });
    expect((await cloud.send('GET', paths.addresses)).status).toBe(200);
    for (let i = 0; i < 2; i += 1) {
      const answer = await cloud.send('POST', paths.addresses, { name: 'a' });
      expect(refusal(answer)).toBe('403 403 rateLimitExceeded global');
    }
    expect((await cloud.done('POST', paths.addresses, { name: 'a' })).error).toBeUndefined();
    expect(planned.hits).toBe(2);
  });

  test('breaks the connection before or after the work', async () => {
    const cloud = await startCloud();
    cloud.inject({ path: 'addresses', effect: { hangUp: 'before' } });
    await expect(cloud.send('POST', paths.addresses, { name: 'a' })).rejects.toThrow();
    cloud.inject({ path: 'addresses', effect: { hangUp: 'after' } });
    await expect(cloud.send('POST', paths.addresses, { name: 'b' })).rejects.toThrow();
    const { items } = await cloud.get(paths.addresses);
    expect(items.map(({ name }: { name: string }) => name)).toEqual(['b']);
  });

  test('can be taken back', async () => {
    const cloud = await startCloud();
    const planned = cloud.inject({
      path: 'zones',
      effect: { refuse: { status: 503, reason: 'backendError' } },
    });
    planned.cancel();
    expect((await cloud.send('GET', 'zones')).status).toBe(200);
  });
});

describe('the server', () => {
  test('says which port is busy', async () => {
    const cloud = await startCloud();
    const { port } = cloud;
    const second = startCompute({ project, region, zones: [zoneA], clock: systemClock, port });
    await expect(second).rejects.toThrow(`port ${port} is busy`);
  });

  test('is gone after close, with every connection', async () => {
    const compute = await startCompute({ project, region, zones: [zoneA], clock: systemClock });
    const socket = connect(compute.port, '127.0.0.1');
    await once(socket, 'connect');
    const closed = once(socket, 'close');
    await compute.close();
    await closed;
    await expect(fetch(compute.url)).rejects.toThrow();
  });

  test('lets every request wait for its latency', async () => {
    const delays: number[] = [];
    const clock = {
      ...systemClock,
      after(ms: number, task: () => void) {
        delays.push(ms);
        task();
        return () => {};
      },
    };
    const cloud = await startCloud({ clock, latencyMs: 25 });
    await cloud.get('zones');
    expect(delays).toEqual([25]);
  });
});
