import { describe, expect, test } from 'vitest';
import {
  base,
  far,
  leader,
  network,
  paths,
  refusal,
  rule,
  service,
  serviceUrl,
  startCloud,
  subnetwork,
  withRoute,
  withService,
  zoneA,
} from './cloud.ts';

const insert = (cloud: Awaited<ReturnType<typeof withService>>, more: object) =>
  cloud.send('POST', paths.rules, rule({ name: 'other', ...more }));

const withInternal = async () => {
  const cloud = await withService();
  const body = { loadBalancingScheme: 'INTERNAL', network, name: 'internal' };
  await cloud.done('POST', paths.services, service(body));
  return cloud;
};

const internalRule = (more: object = {}) =>
  rule({
    name: 'internal-rule',
    IPAddress: '10.128.0.50',
    loadBalancingScheme: 'INTERNAL',
    backendService: serviceUrl('internal'),
    network,
    subnetwork,
    ...more,
  });

describe('the address of an external rule', () => {
  test('is IN_USE with the rule as its user, and RESERVED again when the rule is gone', async () => {
    const cloud = await withRoute();
    expect(await cloud.get(paths.address)).toMatchObject({
      status: 'IN_USE',
      users: [`${base}${paths.rule}`],
    });
    await cloud.done('DELETE', paths.rule);
    const address = await cloud.get(paths.address);
    expect(address.status).toBe('RESERVED');
    expect(address.users).toBeUndefined();
  });

  test.each([
    ['its number', '203.0.113.10'],
    ['its name', 'a'],
    ['a partial URL', 'regions/us-central1/addresses/a'],
    ['its full URL', `${base}regions/us-central1/addresses/a`],
  ])('may be given as %s, and is read as its number', async (_, IPAddress) => {
    const cloud = await withService();
    cloud.reserveAddress({ name: 'a', address: '203.0.113.10' });
    await cloud.done('POST', paths.rules, rule({ IPAddress }));
    expect((await cloud.get(paths.rule)).IPAddress).toBe('203.0.113.10');
  });

  test('that a rule has already is a conflict, also while that rule is being made', async () => {
    const cloud = await withService();
    cloud.reserveAddress({ name: 'a', address: '203.0.113.10' });
    const held = cloud.inject({ method: 'POST', path: 'forwardingRules', effect: { hold: true } });
    await cloud.send('POST', paths.rules, rule());
    const while_ = await insert(cloud, {});
    held.release();
    const after = await insert(cloud, {});
    for (const answer of [while_, after]) {
      expect(refusal(answer)).toBe('400 400 invalid global');
      expect(answer.body.error.message).toBe(
        "Invalid value for field 'resource.IPAddress': '203.0.113.10'. Specified IP address is in-use and " +
          'would result in a conflict.',
      );
    }
  });

  test('of a rule that failed in its operation is free again', async () => {
    const cloud = await withService();
    cloud.reserveAddress({ name: 'a', address: '203.0.113.10' });
    const effect = { fail: { code: 'QUOTA_EXCEEDED', status: 403 } };
    cloud.inject({ method: 'POST', path: 'forwardingRules', effect });
    expect((await cloud.done('POST', paths.rules, rule())).error.errors[0].code).toBe('QUOTA_EXCEEDED');
    expect((await cloud.done('POST', paths.rules, rule())).error).toBeUndefined();
  });

  test('that an instance has is a conflict', async () => {
    const cloud = await withService();
    cloud.reserveAddress({ name: 'a', address: '203.0.113.10' });
    cloud.createInstance({ name: 'nat', zone: zoneA, subnetwork: 'default', externalIp: '203.0.113.10' });
    expect(refusal(await insert(cloud, {}))).toBe('400 400 invalid global');
    expect((await cloud.get(paths.address)).users).toEqual([`${base}zones/${zoneA}/instances/nat`]);
  });

  test('must be reserved in the region', async () => {
    const cloud = await withService();
    const answer = await insert(cloud, { IPAddress: '203.0.113.99' });
    expect(refusal(answer)).toBe('400 400 invalid global');
    expect(answer.body.error.message).toContain('Invalid IP address specified.');
    expect(refusal(await insert(cloud, { IPAddress: 'no-such' }))).toBe('404 404 notFound global');
  });

  test('of another region is refused, by number and by URL', async () => {
    const cloud = await withService();
    await cloud.done('POST', `regions/${far}/addresses`, { name: 'a' });
    const { address } = await cloud.get(`regions/${far}/addresses/a`);
    for (const IPAddress of [address, `${base}regions/${far}/addresses/a`]) {
      expect(refusal(await insert(cloud, { IPAddress }))).toBe('400 400 invalid global');
    }
  });

  test('must have the rule’s network tier', async () => {
    const cloud = await withService();
    cloud.reserveAddress({ name: 'std', address: '203.0.113.20', networkTier: 'STANDARD' });
    const answer = await insert(cloud, { IPAddress: '203.0.113.20' });
    expect(answer.body.error.message).toContain('resource.networkTier');
    const good = rule({ IPAddress: '203.0.113.20', networkTier: 'STANDARD' });
    expect((await cloud.done('POST', paths.rules, good)).error).toBeUndefined();
  });

  test('must be external', async () => {
    const cloud = await withService();
    cloud.reserveAddress({ name: 'in', addressType: 'INTERNAL', subnetwork: 'default' });
    expect(refusal(await insert(cloud, { IPAddress: 'in' }))).toBe('400 400 invalid global');
  });

  test('is an ephemeral one if none is given, and can then be kept by reserving it', async () => {
    const cloud = await withService();
    await cloud.done('POST', paths.rules, rule({ IPAddress: undefined }));
    const { IPAddress } = await cloud.get(paths.rule);
    expect(IPAddress).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
    await cloud.done('POST', paths.addresses, { name: 'kept', address: IPAddress });
    expect(await cloud.get(`${paths.addresses}/kept`)).toMatchObject({
      address: IPAddress,
      status: 'IN_USE',
    });
  });
});

describe('the address of an internal rule', () => {
  test('may be reserved or any free one of the subnetwork', async () => {
    const cloud = await withInternal();
    cloud.reserveAddress({ name: 'in', address: '10.128.0.60', subnetwork: 'default' });
    await cloud.done('POST', paths.rules, internalRule({ IPAddress: '10.128.0.60' }));
    await cloud.done('POST', paths.rules, internalRule({ name: 'free' }));
    expect((await cloud.get(`${paths.addresses}/in`)).status).toBe('IN_USE');
  });

  test('that is in use fails the operation with 409 IP_IN_USE_BY_ANOTHER_RESOURCE', async () => {
    const cloud = await withInternal();
    await cloud.done('POST', paths.rules, internalRule());
    const operation = await cloud.done('POST', paths.rules, internalRule({ name: 'second' }));
    expect(operation).toMatchObject({
      status: 'DONE',
      httpErrorStatusCode: 409,
      httpErrorMessage: 'CONFLICT',
      error: {
        errors: [
          {
            code: 'IP_IN_USE_BY_ANOTHER_RESOURCE',
            message: "IP '10.128.0.50' is already being used by another resource.",
          },
        ],
      },
    });
    expect(refusal(await cloud.send('GET', `${paths.rules}/second`))).toBe('404 404 notFound global');
  });

  test('must be in the subnetwork, whose first two and last two addresses nobody gets', async () => {
    const cloud = await withInternal();
    for (const IPAddress of ['10.200.0.5', '10.128.0.1', '10.128.15.254']) {
      const answer = await cloud.send('POST', paths.rules, internalRule({ IPAddress }));
      expect(refusal(answer)).toBe('400 400 invalid global');
    }
  });

  test('needs network and subnetwork that go together with the service’s', async () => {
    const cloud = await withInternal();
    cloud.addNetwork({ name: 'other' });
    const post = (more: object) => cloud.send('POST', paths.rules, internalRule(more));
    expect(refusal(await post({ subnetwork: undefined }))).toBe('400 400 required global');
    expect(refusal(await post({ network: undefined }))).toBe('400 400 required global');
    expect(refusal(await post({ network: `${base}global/networks/other` }))).toBe('400 400 invalid global');
  });
});

describe('a forwarding rule', () => {
  test('has the scheme of its backend service', async () => {
    const cloud = await withInternal();
    const answer = await insert(cloud, { IPAddress: undefined, backendService: serviceUrl('internal') });
    expect(refusal(answer)).toBe('400 400 invalid global');
    expect(answer.body.error.message).toContain('resource.loadBalancingScheme');
  });

  test('of L3_DEFAULT needs all ports and a service of protocol UNSPECIFIED', async () => {
    const cloud = await withService();
    const tcp = service({ name: 'tcp', protocol: 'TCP', haPolicy: { leader: leader('vm-1') } });
    await cloud.done('POST', paths.services, tcp);
    const free = { IPAddress: undefined };
    expect(refusal(await insert(cloud, { ...free, allPorts: false }))).toBe('400 400 invalid global');
    expect(refusal(await insert(cloud, { ...free, ports: ['80'] }))).toBe('400 400 invalid global');
    const answer = await insert(cloud, { ...free, backendService: serviceUrl('tcp') });
    expect(refusal(answer)).toBe('400 400 invalid global');
  });

  test('needs a backend service that exists', async () => {
    const cloud = await withService();
    expect(refusal(await insert(cloud, { backendService: serviceUrl('no') }))).toBe(
      '404 404 notFound global',
    );
    expect(refusal(await insert(cloud, { backendService: undefined }))).toBe('400 400 required global');
    expect(refusal(await insert(cloud, { backendService: 'bs' }))).toBe('400 400 invalid global');
  });

  test('needs a backend service that is ready', async () => {
    const cloud = await withService();
    const held = cloud.inject({ method: 'POST', path: 'backendServices', effect: { hold: true } });
    await cloud.send('POST', paths.services, service({ name: 'slow' }));
    const answer = await insert(cloud, { IPAddress: undefined, backendService: serviceUrl('slow') });
    expect(refusal(answer)).toBe('400 400 resourceNotReady global');
    held.release();
  });

  test('can be patched in allowGlobalAccess and nothing else', async () => {
    const cloud = await withInternal();
    await cloud.done('POST', paths.rules, internalRule());
    const path = `${paths.rules}/internal-rule`;
    const { fingerprint } = await cloud.get(path);
    // The Node client sends its empty map of labels along.
    await cloud.done('PATCH', path, { fingerprint, allowGlobalAccess: true, labels: {} });
    expect((await cloud.get(path)).allowGlobalAccess).toBe(true);
    const stale = await cloud.send('PATCH', path, { fingerprint, allowGlobalAccess: false });
    expect(refusal(stale)).toBe('412 412 conditionNotMet global');
    const other = await cloud.send('PATCH', path, { IPAddress: '10.128.0.51' });
    expect(refusal(other)).toBe('400 400 invalid global');
    const labels = await cloud.send('PATCH', path, { labels: { a: 'b' } });
    expect(refusal(labels)).toBe('400 400 invalid global');
  });

  test('of another protocol or with a target is not implemented', async () => {
    const cloud = await withService();
    expect(refusal(await insert(cloud, { IPProtocol: 'TCP' }))).toContain('501');
    expect(refusal(await insert(cloud, { target: 'x' }))).toContain('501');
  });
});

describe('labels', () => {
  test('are set as a whole with the fingerprint of the set before', async () => {
    const cloud = await withRoute();
    const path = `${paths.rule}/setLabels`;
    const { labelFingerprint } = await cloud.get(paths.rule);
    await cloud.done('POST', path, { labels: { owner: 'us' }, labelFingerprint });
    const after = await cloud.get(paths.rule);
    expect(after.labels).toEqual({ owner: 'us' });
    const stale = await cloud.send('POST', path, { labels: {}, labelFingerprint });
    expect(refusal(stale)).toBe('412 412 conditionNotMet global');
    await cloud.done('POST', path, { labels: {}, labelFingerprint: after.labelFingerprint });
    expect((await cloud.get(paths.rule)).labels).toBeUndefined();
  });

  test('have keys and values of lowercase letters, digits, dashes and underscores', async () => {
    const cloud = await startCloud();
    for (const labels of [{ Owner: 'x' }, { owner: 'X' }, { owner: 'a/b' }, { owner: 'x'.repeat(64) }]) {
      const answer = await cloud.send('POST', paths.addresses, { name: 'b', labels });
      expect(refusal(answer)).toBe('400 400 invalid global');
    }
  });
});
