import { describe, expect, test } from 'vitest';
import {
  attached,
  base,
  internalService,
  leader,
  neg,
  negUrl,
  network,
  paths,
  refusal,
  service,
  withGroup,
  withRoute,
  withService,
  zoneB,
} from './cloud.ts';

describe('the leader', () => {
  test('moves by one PATCH of haPolicy.leader, and the fingerprint changes with it', async () => {
    const cloud = await withRoute();
    const before = await cloud.get(paths.service);
    const patch = { fingerprint: before.fingerprint, haPolicy: { leader: leader('vm-2') } };
    const operation = await cloud.done('PATCH', paths.service, patch);
    expect(operation).toMatchObject({ status: 'DONE', operationType: 'patch', progress: 100 });
    expect(operation.error).toBeUndefined();
    const after = await cloud.get(paths.service);
    expect(after.haPolicy).toEqual({ fastIPMove: 'DISABLED', leader: leader('vm-2') });
    expect(after.fingerprint).not.toBe(before.fingerprint);
  });

  test('must be attached to its group', async () => {
    const cloud = await withService();
    await cloud.done('POST', paths.detach, { networkEndpoints: [{ instance: 'vm-2' }] });
    const answer = await cloud.send('PATCH', paths.service, { haPolicy: { leader: leader('vm-2') } });
    expect(refusal(answer)).toBe('400 400 invalid global');
    expect(answer.body.error.message).toContain('resource.haPolicy.leader.networkEndpoint.instance');
  });

  test('that does not exist is not found', async () => {
    const cloud = await withService();
    const answer = await cloud.send('PATCH', paths.service, { haPolicy: { leader: leader('vm-9') } });
    expect(refusal(answer)).toBe('404 404 notFound global');
    expect(answer.body.error.message).toContain('/instances/vm-9');
  });

  test('must be in a group that is a backend', async () => {
    const cloud = await withService();
    await cloud.done('POST', paths.negs, neg('other'));
    const haPolicy = { leader: leader('vm-1', negUrl('other')) };
    expect(refusal(await cloud.send('PATCH', paths.service, { haPolicy }))).toBe('400 400 invalid global');
  });

  test('keeps its backend from being removed', async () => {
    const cloud = await withService();
    await cloud.done('POST', paths.negs, neg('other'));
    const backends = [{ group: negUrl('other') }];
    const answer = await cloud.send('PATCH', paths.service, { backends });
    expect(refusal(answer)).toBe('400 400 invalid global');
    expect(answer.body.error.message).toContain('backendGroup');
  });

  test('keeps its endpoint from being detached', async () => {
    const cloud = await withService();
    const answer = await cloud.send('POST', paths.detach, { networkEndpoints: [{ instance: 'vm-1' }] });
    expect(refusal(answer)).toBe('400 400 resourceInUseByAnotherResource global');
    expect(await attached(cloud)).toEqual(['vm-1', 'vm-2']);
  });

  test('keeps no endpoint of the same name in another zone', async () => {
    const cloud = await withService();
    const path = `zones/${zoneB}/networkEndpointGroups`;
    cloud.createInstance({ name: 'vm-1', zone: zoneB, subnetwork: 'default' });
    await cloud.done('POST', path, neg());
    const backends = [{ group: negUrl() }, { group: negUrl('neg', zoneB) }];
    await cloud.done('PATCH', paths.service, { backends });
    const vm1 = { networkEndpoints: [{ instance: 'vm-1' }] };
    await cloud.done('POST', `${path}/neg/attachNetworkEndpoints`, vm1);
    expect((await cloud.done('POST', `${path}/neg/detachNetworkEndpoints`, vm1)).error).toBeUndefined();
  });

  test('may be given as an instance URL of the group’s zone, and of no other zone', async () => {
    const cloud = await withService();
    const url = `${base}${paths.instances}/vm-2`;
    await cloud.done('PATCH', paths.service, { haPolicy: { leader: leader(url) } });
    expect((await cloud.get(paths.service)).haPolicy.leader.networkEndpoint.instance).toBe(url);
    const answer = await cloud.send('POST', paths.detach, { networkEndpoints: [{ instance: 'vm-2' }] });
    expect(answer.status).toBe(400);
    const elsewhere = leader(`${base}zones/${zoneB}/instances/vm-3`);
    const refused = await cloud.send('PATCH', paths.service, { haPolicy: { leader: elsewhere } });
    expect(refusal(refused)).toBe('400 400 invalid global');
  });

  test('whose instance is deleted stays named, and something else can still be patched', async () => {
    const cloud = await withService();
    await cloud.done('DELETE', `${paths.instances}/vm-1`);
    expect((await cloud.get(paths.service)).haPolicy.leader).toEqual(leader('vm-1'));
    expect(await attached(cloud)).toEqual(['vm-2']);
    const operation = await cloud.done('PATCH', paths.service, { description: 'still here' });
    expect(operation.error).toBeUndefined();
  });

  test('goes by a PUT of the body without it, and then its endpoint can be detached', async () => {
    const cloud = await withService();
    const { haPolicy: _, ...rest } = await cloud.get(paths.service);
    await cloud.done('PUT', paths.service, { ...rest, haPolicy: { fastIPMove: 'DISABLED' } });
    expect((await cloud.get(paths.service)).haPolicy).toEqual({ fastIPMove: 'DISABLED' });
    const operation = await cloud.done('POST', paths.detach, { networkEndpoints: [{ instance: 'vm-1' }] });
    expect(operation.error).toBeUndefined();
  });

  test('that loses its endpoint while the PATCH runs fails the operation', async () => {
    const cloud = await withService();
    const held = cloud.inject({ method: 'PATCH', path: 'backendServices/bs', effect: { hold: true } });
    const { body } = await cloud.send('PATCH', paths.service, { haPolicy: { leader: leader('vm-2') } });
    await cloud.done('POST', paths.detach, { networkEndpoints: [{ instance: 'vm-2' }] });
    held.release();
    const operation = await cloud.get(`regions/us-central1/operations/${body.name}`);
    expect(operation).toMatchObject({
      status: 'DONE',
      httpErrorStatusCode: 400,
      httpErrorMessage: 'BAD REQUEST',
      error: { errors: [{ code: 'INVALID_FIELD_VALUE' }] },
    });
    expect((await cloud.get(paths.service)).haPolicy.leader).toEqual(leader('vm-1'));
  });
});

describe('haPolicy', () => {
  test.each([
    ['healthChecks', [`${base}regions/us-central1/healthChecks/hc`]],
    ['sessionAffinity', 'CLIENT_IP'],
    ['connectionTrackingPolicy', { trackingMode: 'PER_SESSION' }],
    ['failoverPolicy', { failoverRatio: 0.5 }],
    ['localityLbPolicy', 'MAGLEV'],
    ['subsetting', { policy: 'NONE' }],
    ['connectionDraining', { drainingTimeoutSec: 10 }],
  ])('excludes %s, at creation and by PATCH', async (field, value) => {
    const cloud = await withService();
    const insert = await cloud.send('POST', paths.services, service({ name: 'other', [field]: value }));
    expect(refusal(insert)).toBe('400 400 invalid global');
    expect(insert.body.error.message).toContain(`${field} cannot be specified with haPolicy`);
    const patch = await cloud.send('PATCH', paths.service, { [field]: value });
    expect(refusal(patch)).toBe('400 400 invalid global');
  });

  test('is never removed, neither by PATCH nor by PUT', async () => {
    const cloud = await withService();
    expect(refusal(await cloud.send('PATCH', paths.service, { haPolicy: null }))).toContain('400 invalid');
    const { haPolicy: _, ...rest } = await cloud.get(paths.service);
    expect(refusal(await cloud.send('PUT', paths.service, rest))).toBe('400 400 invalid global');
  });

  test('keeps its fastIPMove', async () => {
    const cloud = await withService();
    const answer = await cloud.send('PATCH', paths.service, { haPolicy: { fastIPMove: 'GARP_RA' } });
    expect(refusal(answer)).toBe('400 400 invalid global');
    expect(answer.body.error.message).toContain('fastIPMove cannot be updated');
  });

  test('goes with a network exactly if the scheme is INTERNAL or fastIPMove is GARP_RA', async () => {
    const cloud = await withGroup();
    const post = (body: object) => cloud.send('POST', paths.services, body);
    expect(refusal(await post(service({ network })))).toBe('400 400 invalid global');
    expect(refusal(await post(internalService({ network: undefined })))).toBe('400 400 required global');
    const garp = { fastIPMove: 'GARP_RA', leader: leader('vm-1') };
    expect(refusal(await post(service({ haPolicy: garp })))).toBe('400 400 required global');
    await cloud.done('POST', paths.services, service({ name: 'garp', haPolicy: garp, network }));
    await cloud.done('POST', paths.services, internalService({ name: 'internal' }));
    expect((await cloud.get(`${paths.services}/internal`)).network).toBe(network);
  });

  test('is what this cloud has: a service without it is not implemented', async () => {
    const cloud = await withGroup();
    const answer = await cloud.send('POST', paths.services, service({ haPolicy: undefined }));
    expect(refusal(answer)).toBe('501 501 notImplemented global');
  });
});
