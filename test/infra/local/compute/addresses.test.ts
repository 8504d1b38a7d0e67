import { describe, expect, test } from 'vitest';
import { base, far, paths, refusal, region, startCloud, subnetwork, withRoute, zoneA } from './cloud.ts';

const insert = async (body: object) => (await startCloud()).send('POST', paths.addresses, body);

describe('an external address', () => {
  test('is given by Google, RESERVED, of the region and tier', async () => {
    const cloud = await startCloud();
    await cloud.done('POST', paths.addresses, { name: 'a' });
    expect(await cloud.get(paths.address)).toMatchObject({
      kind: 'compute#address',
      name: 'a',
      address: expect.stringMatching(/^\d+\.\d+\.\d+\.\d+$/),
      addressType: 'EXTERNAL',
      networkTier: 'PREMIUM',
      status: 'RESERVED',
      region: `${base}regions/${region}`,
      selfLink: `${base}${paths.address}`,
      id: expect.stringMatching(/^\d+$/),
      creationTimestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+-07:00$/),
    });
  });

  test('cannot be chosen', async () => {
    const answer = await insert({ name: 'a', address: '203.0.113.10' });
    expect(refusal(answer)).toBe('400 400 invalid global');
  });

  test('that a test arranges is the one that is reserved, once', async () => {
    const cloud = await startCloud();
    expect(cloud.reserveAddress({ name: 'a', address: '203.0.113.10' }).address).toBe('203.0.113.10');
    expect(() => cloud.reserveAddress({ name: 'b', address: '203.0.113.10' })).toThrow(/already being used/);
  });

  test('comes from a public delegated prefix if ipCollection names one', async () => {
    const cloud = await startCloud();
    const ipCollection = cloud.addPublicDelegatedPrefix({ name: 'byoip', range: '198.51.100.0/30' });
    const ips = [];
    for (const name of ['a', 'b', 'c', 'd']) {
      await cloud.done('POST', paths.addresses, { name, ipCollection });
      ips.push((await cloud.get(`${paths.addresses}/${name}`)).address);
    }
    expect(ips).toEqual(['198.51.100.0', '198.51.100.1', '198.51.100.2', '198.51.100.3']);
    const answer = await cloud.send('POST', paths.addresses, { name: 'e', ipCollection });
    expect(refusal(answer)).toBe('403 403 quotaExceeded global');
    const unknown = `${base}regions/${region}/publicDelegatedPrefixes/no`;
    const missing = await cloud.send('POST', paths.addresses, { name: 'f', ipCollection: unknown });
    expect(refusal(missing)).toBe('404 404 notFound global');
    expect(await cloud.get(`regions/${region}/publicDelegatedPrefixes/byoip`)).toMatchObject({
      ipCidrRange: '198.51.100.0/30',
      region: `${base}regions/${region}`,
    });
  });

  test('has neither subnetwork nor purpose', async () => {
    expect(refusal(await insert({ name: 'a', subnetwork }))).toBe('400 400 invalid global');
    expect(refusal(await insert({ name: 'a', purpose: 'GCE_ENDPOINT' }))).toBe('400 400 invalid global');
  });
});

describe('an internal address', () => {
  const internal = (more: object = {}) => ({ name: 'a', addressType: 'INTERNAL', subnetwork, ...more });

  test('is the lowest free one of its subnetwork, or the one asked for', async () => {
    const cloud = await startCloud();
    await cloud.done('POST', paths.addresses, internal());
    await cloud.done('POST', paths.addresses, internal({ name: 'b', address: '10.128.0.99' }));
    // .2 to .4 are the VMs'
    expect((await cloud.get(paths.address)).address).toBe('10.128.0.5');
    expect((await cloud.get(`${paths.addresses}/b`)).address).toBe('10.128.0.99');
  });

  test('is for VMs and load balancers unless it says so, and for nothing that this cloud does not have', async () => {
    const cloud = await startCloud();
    await cloud.done('POST', paths.addresses, internal());
    expect((await cloud.get(paths.address)).purpose).toBe('GCE_ENDPOINT');
    await cloud.done('POST', paths.addresses, internal({ name: 'b', purpose: 'SHARED_LOADBALANCER_VIP' }));
    expect((await cloud.get(`${paths.addresses}/b`)).purpose).toBe('SHARED_LOADBALANCER_VIP');
    const peering = await cloud.send(
      'POST',
      paths.addresses,
      internal({ name: 'c', purpose: 'VPC_PEERING' }),
    );
    expect(refusal(peering)).toContain('501');
  });

  test('needs a subnetwork of the region that has it', async () => {
    expect(refusal(await insert(internal({ subnetwork: undefined })))).toBe('400 400 required global');
    const elsewhere = await (await startCloud()).send('POST', `regions/${far}/addresses`, internal());
    expect(refusal(elsewhere)).toBe('400 400 invalid global');
    expect(refusal(await insert(internal({ address: '10.1.2.3' })))).toBe('400 400 invalid global');
    expect(refusal(await insert(internal({ address: 'ten' })))).toBe('400 400 invalid global');
    expect(refusal(await insert(internal({ networkTier: 'STANDARD' })))).toBe('400 400 invalid global');
  });

  test('that a VM or a reservation has fails the operation with 409', async () => {
    const cloud = await startCloud();
    const operation = await cloud.done('POST', paths.addresses, internal({ address: '10.128.0.2' }));
    expect(operation).toMatchObject({ httpErrorStatusCode: 409 });
    expect(operation.error.errors[0].code).toBe('IP_IN_USE_BY_ANOTHER_RESOURCE');
    expect((await cloud.send('GET', paths.address)).status).toBe(404);
  });
});

describe('an address', () => {
  test('in use cannot be deleted', async () => {
    const cloud = await withRoute();
    const answer = await cloud.send('DELETE', paths.address);
    expect(refusal(answer)).toBe('400 400 resourceInUseByAnotherResource global');
    await cloud.done('DELETE', paths.rule);
    expect((await cloud.done('DELETE', paths.address)).error).toBeUndefined();
  });

  test('that is deleted can be given again', async () => {
    const cloud = await startCloud();
    cloud.reserveAddress({ name: 'a', address: '203.0.113.10' });
    await cloud.done('DELETE', paths.address);
    expect(cloud.reserveAddress({ name: 'b', address: '203.0.113.10' }).address).toBe('203.0.113.10');
  });

  test('of a deleted instance is free again', async () => {
    const cloud = await startCloud();
    cloud.reserveAddress({ name: 'a', address: '203.0.113.10' });
    cloud.createInstance({ name: 'nat', zone: zoneA, subnetwork: 'default', externalIp: '203.0.113.10' });
    await cloud.done('DELETE', `${paths.instances}/nat`);
    expect((await cloud.get(paths.address)).status).toBe('RESERVED');
  });

  test('is labelled', async () => {
    const cloud = await startCloud();
    await cloud.done('POST', paths.addresses, { name: 'a', labels: { owner: 'us' } });
    const { labels, labelFingerprint } = await cloud.get(paths.address);
    expect(labels).toEqual({ owner: 'us' });
    await cloud.done('POST', `${paths.address}/setLabels`, { labels: { owner: 'them' }, labelFingerprint });
    expect((await cloud.get(paths.address)).labels).toEqual({ owner: 'them' });
  });
});
