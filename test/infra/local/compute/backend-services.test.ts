import { describe, expect, test } from 'vitest';
import {
  base,
  leader,
  network,
  paths,
  refusal,
  rule,
  service,
  startCloud,
  withRoute,
  withService,
} from './cloud.ts';

describe('fingerprints', () => {
  test('a stale one is refused by PATCH and PUT with 412 conditionNotMet', async () => {
    const cloud = await withService();
    const before = await cloud.get(paths.service);
    await cloud.done('PATCH', paths.service, { fingerprint: before.fingerprint, description: 'first' });
    const second = { fingerprint: before.fingerprint, description: 'second' };
    const patch = await cloud.send('PATCH', paths.service, second);
    expect(refusal(patch)).toBe('412 412 conditionNotMet global');
    expect(patch.body.error.message).toBe('Invalid fingerprint.');
    expect(refusal(await cloud.send('PUT', paths.service, before))).toBe('412 412 conditionNotMet global');
    expect((await cloud.get(paths.service)).description).toBe('first');
  });

  test('PATCH does without one, PUT does not', async () => {
    const cloud = await withService();
    await cloud.done('PATCH', paths.service, { description: 'x' });
    const { fingerprint: _, ...rest } = await cloud.get(paths.service);
    expect(refusal(await cloud.send('PUT', paths.service, rest))).toBe('412 412 conditionNotMet global');
  });

  test('are of the contents: a change that changes nothing keeps it', async () => {
    const cloud = await withService();
    const { fingerprint } = await cloud.get(paths.service);
    await cloud.done('PATCH', paths.service, { metadatas: {}, haPolicy: { leader: leader('vm-1') } });
    expect((await cloud.get(paths.service)).fingerprint).toBe(fingerprint);
    const body = Object.fromEntries(Object.entries(await cloud.get(paths.service)).reverse());
    await cloud.done('PUT', paths.service, body);
    expect((await cloud.get(paths.service)).fingerprint).toBe(fingerprint);
  });
});

describe('PATCH merges', () => {
  test('objects field by field, and null removes', async () => {
    const cloud = await withService();
    await cloud.done('PATCH', paths.service, {
      description: 'x',
      haPolicy: { leader: { networkEndpoint: { instance: 'vm-2' } } },
    });
    expect((await cloud.get(paths.service)).haPolicy.leader).toEqual(leader('vm-2'));
    await cloud.done('PATCH', paths.service, { description: null, haPolicy: { leader: null } });
    const after = await cloud.get(paths.service);
    expect(after.description).toBeUndefined();
    expect(after.haPolicy).toEqual({ fastIPMove: 'DISABLED' });
  });

  test('an empty object into what is there: `leader: {}` removes nothing', async () => {
    const cloud = await withService();
    await cloud.done('PATCH', paths.service, { haPolicy: { leader: {} } });
    expect((await cloud.get(paths.service)).haPolicy.leader).toEqual(leader('vm-1'));
  });
});

describe('a backend service', () => {
  test('keeps scheme, network and name', async () => {
    const cloud = await withService();
    for (const change of [{ loadBalancingScheme: 'INTERNAL' }, { network }, { name: 'other' }]) {
      expect(refusal(await cloud.send('PATCH', paths.service, change))).toBe('400 400 invalid global');
    }
  });

  test('cannot be deleted while a forwarding rule points at it', async () => {
    const cloud = await withRoute();
    expect((await cloud.get(paths.service)).usedBy).toEqual([{ reference: `${base}${paths.rule}` }]);
    const answer = await cloud.send('DELETE', paths.service);
    expect(refusal(answer)).toBe('400 400 resourceInUseByAnotherResource global');
    expect(answer.body.error.message).toBe(
      "The backend_service resource 'projects/p1/regions/us-central1/backendServices/bs' is already being " +
        "used by 'projects/p1/regions/us-central1/forwardingRules/fr'",
    );
    await cloud.done('DELETE', paths.rule);
    expect((await cloud.done('DELETE', paths.service)).error).toBeUndefined();
    expect(refusal(await cloud.send('GET', paths.service))).toBe('404 404 notFound global');
  });

  test('cannot be deleted while a rule for it is being made', async () => {
    const cloud = await withService();
    const held = cloud.inject({ method: 'POST', path: 'forwardingRules', effect: { hold: true } });
    await cloud.send('POST', paths.rules, rule({ IPAddress: undefined }));
    expect(refusal(await cloud.send('DELETE', paths.service))).toContain('resourceInUseByAnotherResource');
    held.release();
  });

  test('takes one write at a time', async () => {
    const cloud = await withService();
    const held = cloud.inject({ method: 'PATCH', path: 'backendServices/bs', effect: { hold: true } });
    await cloud.send('PATCH', paths.service, { description: 'first' });
    for (const [method, body] of [
      ['PATCH', { description: 'second' }],
      ['DELETE', undefined],
    ] as const) {
      const answer = await cloud.send(method, paths.service, body);
      expect(refusal(answer)).toBe('400 400 resourceNotReady global');
    }
    held.release();
    expect((await cloud.done('PATCH', paths.service, { description: 'second' })).error).toBeUndefined();
  });

  test('has a description of at most 2,048 characters', async () => {
    const cloud = await withService();
    await cloud.done('PATCH', paths.service, { description: 'x'.repeat(2048) });
    const answer = await cloud.send('PATCH', paths.service, { description: 'x'.repeat(2049) });
    expect(refusal(answer)).toBe('400 400 invalid global');
  });

  test('cannot be made in a region that does not exist', async () => {
    const cloud = await startCloud();
    const answer = await cloud.send('POST', 'regions/mars-1/backendServices', service());
    expect(refusal(answer)).toBe('400 400 invalid global');
  });
});
