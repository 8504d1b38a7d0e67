import { describe, expect, test } from 'vitest';
import { base, neg, paths, refusal, region, service, startCloud, withGroup } from './cloud.ts';

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
