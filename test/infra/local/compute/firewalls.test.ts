import { describe, expect, test } from 'vitest';
import { base, network, paths, refusal, startCloud } from './cloud.ts';

const firewall = (more: object = {}) => ({
  name: 'fw',
  network,
  direction: 'INGRESS',
  sourceRanges: ['0.0.0.0/0'],
  destinationRanges: ['203.0.113.10'],
  allowed: [{ IPProtocol: 'all' }],
  ...more,
});

describe('a firewall', () => {
  test('is made, patched and deleted; lists are replaced whole', async () => {
    const cloud = await startCloud();
    await cloud.done('POST', paths.firewalls, firewall());
    expect(await cloud.get(paths.firewall)).toMatchObject({ ...firewall(), priority: 1000, disabled: false });
    await cloud.done('PATCH', paths.firewall, { destinationRanges: ['203.0.113.11', '203.0.113.12/32'] });
    const after = await cloud.get(paths.firewall);
    expect(after.destinationRanges).toEqual(['203.0.113.11', '203.0.113.12/32']);
    expect(after.allowed).toEqual([{ IPProtocol: 'all' }]);
    await cloud.done('DELETE', paths.firewall);
    expect(refusal(await cloud.send('GET', paths.firewall))).toBe('404 404 notFound global');
  });

  test('by PUT loses what the body does not have', async () => {
    const cloud = await startCloud();
    await cloud.done('POST', paths.firewalls, firewall({ description: 'ours', priority: 5 }));
    await cloud.done('PUT', paths.firewall, firewall());
    const after = await cloud.get(paths.firewall);
    expect(after.description).toBeUndefined();
    expect(after.priority).toBe(1000);
  });

  test('lets everything in from everywhere only if it says nothing else', async () => {
    const cloud = await startCloud();
    await cloud.done('POST', paths.firewalls, firewall({ sourceRanges: undefined }));
    expect((await cloud.get(paths.firewall)).sourceRanges).toEqual(['0.0.0.0/0']);
    await cloud.done(
      'POST',
      paths.firewalls,
      firewall({ name: 'b', sourceRanges: undefined, sourceTags: ['x'] }),
    );
    expect((await cloud.get(`${paths.firewalls}/b`)).sourceRanges).toBeUndefined();
  });

  test.each([
    ['a range that is no CIDR', { destinationRanges: ['203.0.113'] }, '400 400 invalid global'],
    ['neither allowed nor denied', { allowed: undefined }, '400 400 required global'],
    ['both', { denied: [{ IPProtocol: 'tcp' }] }, '400 400 invalid global'],
    ['an entry without protocol', { allowed: [{ ports: ['80'] }] }, '400 400 required global'],
    ['a priority out of range', { priority: 65536 }, '400 400 invalid global'],
    ['sources of EGRESS', { direction: 'EGRESS' }, '400 400 invalid global'],
    ['a network that is not there', { network: `${base}global/networks/no` }, '404 404 notFound global'],
  ])('with %s is refused', async (_, more, expected) => {
    const cloud = await startCloud();
    expect(refusal(await cloud.send('POST', paths.firewalls, firewall(more)))).toBe(expected);
  });

  test('keeps its network and direction', async () => {
    const cloud = await startCloud();
    cloud.addNetwork({ name: 'other' });
    await cloud.done('POST', paths.firewalls, firewall());
    const answer = await cloud.send('PATCH', paths.firewall, { network: `${base}global/networks/other` });
    expect(refusal(answer)).toBe('400 400 invalid global');
  });

  test('of a host project lies in that project', async () => {
    const cloud = await startCloud({ moreProjects: ['host'] });
    cloud.addNetwork({ name: 'shared', project: 'host' });
    const url = `${cloud.url}/compute/v1/projects/host/global/firewalls`;
    const shared = 'https://www.googleapis.com/compute/v1/projects/host/global/networks/shared';
    const body = JSON.stringify(firewall({ network: shared }));
    const headers = { 'content-type': 'application/json' };
    expect((await fetch(url, { method: 'POST', body, headers })).status).toBe(200);
    expect((await cloud.send('GET', paths.firewall)).status).toBe(404);
  });
});
