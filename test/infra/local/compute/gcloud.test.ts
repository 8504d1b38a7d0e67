import { describe, expect, test } from 'vitest';
import { Identities } from '../../../../infra/local/identities.ts';
import { type Cloud, far, paths, region, startCloud, withRoute, withService, zoneA, zoneB } from './cloud.ts';
import { gcloud, lines, missing, refused, rows } from './gcloud.ts';

const called = (cloud: Cloud): string[] => cloud.calls.map(({ method, path }) => `${method} ${path}`);
const here = `--region=${region}`;
const local = (options = {}) => startCloud({ defaultPrincipal: 'you@local', ...options });

describe.skipIf(missing !== undefined)('gcloud compute addresses', { timeout: 60_000 }, () => {
  test('create reserves an address and waits for it; describe shows it', async () => {
    const cloud = await local();
    await gcloud(cloud, `addresses create a ${here} --description=mine`);
    expect(called(cloud).filter((call) => /operations\/[^/]+\/wait$/.test(call))).toHaveLength(1);
    const shown = JSON.parse(await gcloud(cloud, `addresses describe a ${here} --format=json`));
    expect(shown).toEqual(await cloud.get(paths.address));
    expect(shown).toMatchObject({
      address: expect.stringMatching(/^203\.0\.113\.\d+$/),
      status: 'RESERVED',
      description: 'mine',
    });
  });

  test('create of several is one batch, and each has an address of its own', async () => {
    const cloud = await local();
    await gcloud(cloud, `addresses create a b c ${here}`);
    const { items } = await cloud.get(paths.addresses);
    expect(new Set(items.map(({ address }: { address: string }) => address)).size).toBe(3);
  });

  test('create takes the subnetwork of an internal address as a URL of the endpoint', async () => {
    const cloud = await local();
    await gcloud(cloud, `addresses create a ${here} --subnet=default --addresses=10.128.0.99`);
    expect(await cloud.get(paths.address)).toMatchObject({
      address: '10.128.0.99',
      addressType: 'INTERNAL',
      purpose: 'GCE_ENDPOINT',
    });
  });

  test('create of what exists, of an IP that a VM has, or in no region, says so', async () => {
    const cloud = await local();
    cloud.reserveAddress({ name: 'a' });
    const [exists, taken, lost] = await Promise.all([
      refused(cloud, `addresses create a ${here}`),
      refused(cloud, `addresses create b ${here} --subnet=default --addresses=10.128.0.2`),
      refused(cloud, 'addresses create c --region=nowhere'),
    ]);
    expect(exists).toContain(`The resource 'projects/p1/regions/${region}/addresses/a' already exists`);
    expect(taken).toContain("IP '10.128.0.2' is already being used by another resource.");
    expect(lost).toContain("Invalid value for field 'region': 'nowhere'. Unknown region.");
  });

  test('list shows all regions, those of --regions, what a filter lets through, page by page', async () => {
    const cloud = await withRoute({ defaultPrincipal: 'you@local' });
    await cloud.done('POST', `regions/${far}/addresses`, { name: 'b' });
    const names = async (flags: string, filter = '') =>
      lines(await gcloud(cloud, `addresses list --format=value(name) ${flags}`.trim(), `--filter=${filter}`));
    expect(
      await Promise.all([
        names('--sort-by=name'),
        names(`--regions=${far}`),
        names('--page-size=1', 'status=IN_USE AND name~^a'),
        names('--page-size=1 --sort-by=~name'),
      ]),
    ).toEqual([['a', 'b'], ['b'], ['a'], ['b', 'a']]);
    const table = await gcloud(cloud, 'addresses list', '--filter=name=a');
    expect(rows(table)).toEqual([['a', '203.0.113.10', 'EXTERNAL', region, 'IN_USE']]);
  });

  test('delete takes what is free, and names who uses what is not', async () => {
    const cloud = await withRoute({ defaultPrincipal: 'you@local' });
    cloud.reserveAddress({ name: 'free' });
    const both = await refused(cloud, `addresses delete a free ${here}`);
    expect(both).toContain(
      `Deleted [https://www.googleapis.com/compute/v1/projects/p1/regions/${region}/addresses/free].`,
    );
    expect(both).toContain(
      `The address resource 'projects/p1/regions/${region}/addresses/a' is already being used by ` +
        `'projects/p1/regions/${region}/forwardingRules/fr'`,
    );
    const gone = await refused(cloud, `addresses delete free ${here}`);
    expect(gone).toContain(`The resource 'projects/p1/regions/${region}/addresses/free' was not found`);
  });

  test('delete fails as its operation does', async () => {
    const cloud = await local();
    cloud.reserveAddress({ name: 'a' });
    const fail = { code: 'INTERNAL_ERROR', status: 500, message: 'Internal error. Please try again.' };
    cloud.inject({ method: 'DELETE', path: 'addresses', effect: { fail } });
    expect(await refused(cloud, `addresses delete a ${here}`)).toContain(fail.message);
  });
});

describe.skipIf(missing !== undefined)('gcloud', { timeout: 60_000 }, () => {
  test('is who its token says, in a batch too, and the default principal without one', async () => {
    const identities = new Identities();
    const cloud = await startCloud({ identities, defaultPrincipal: 'you@local' });
    const tenant = { url: cloud.url, token: identities.tokenOf('tenant@x') };
    await gcloud(tenant, `addresses create a b ${here}`);
    await gcloud(cloud, `addresses create c ${here}`);
    const made = cloud.calls.filter(({ mutation }) => mutation);
    expect(made.map(({ principal }) => principal)).toEqual(['tenant@x', 'tenant@x', 'you@local']);
    const stranger = await refused({ url: cloud.url, token: 'unknown' }, `addresses create d ${here}`);
    expect(stranger).toContain('Request had invalid authentication credentials.');
  });
});

describe.skipIf(missing !== undefined)('gcloud compute', { timeout: 60_000 }, () => {
  test('forwarding-rules list, describe, update of labels, delete: the address is free then', async () => {
    const cloud = await withRoute({ defaultPrincipal: 'you@local' });
    const [list, shown] = await Promise.all([
      gcloud(cloud, 'forwarding-rules list'),
      gcloud(cloud, `forwarding-rules describe fr ${here} --format=json`),
    ]);
    expect(rows(list)).toEqual([
      ['fr', region, '203.0.113.10', 'L3_DEFAULT', `${region}/backendServices/bs`],
    ]);
    // gcloud writes bytes in the alphabet of URLs.
    const fingerprints = { fingerprint: expect.any(String), labelFingerprint: expect.any(String) };
    expect(JSON.parse(shown)).toEqual({ ...(await cloud.get(paths.rule)), ...fingerprints });
    await gcloud(cloud, `forwarding-rules update fr ${here} --update-labels=team=net`);
    expect((await cloud.get(paths.rule)).labels).toEqual({ team: 'net' });
    await gcloud(cloud, `forwarding-rules delete fr ${here}`);
    expect((await cloud.get(paths.address)).status).toBe('RESERVED');
  });

  test('backend-services list and describe show the leader', async () => {
    const cloud = await withService({ defaultPrincipal: 'you@local' });
    const leader = 'value(haPolicy.leader.networkEndpoint.instance)';
    const [all, ofRegion, led] = await Promise.all([
      gcloud(cloud, 'backend-services list'),
      gcloud(cloud, `backend-services list --regions=${region}`),
      gcloud(cloud, `backend-services describe bs ${here} --format=${leader}`),
    ]);
    expect(rows(all)).toEqual([['bs', `${zoneA}/networkEndpointGroups/neg`, 'UNSPECIFIED']]);
    expect(ofRegion).toBe(all);
    expect(led.trim()).toBe('vm-1');
  });

  test('network-endpoint-groups list, describe, list-network-endpoints', async () => {
    const cloud = await withService({ defaultPrincipal: 'you@local' });
    const [list, shown, endpoints] = await Promise.all([
      gcloud(cloud, 'network-endpoint-groups list'),
      gcloud(cloud, `network-endpoint-groups describe neg --zone=${zoneA} --format=json`),
      gcloud(cloud, `network-endpoint-groups list-network-endpoints neg --zone=${zoneA}`),
    ]);
    expect(rows(list)).toEqual([['neg', zoneA, 'GCE_VM_IP', '2']]);
    expect(JSON.parse(shown)).toEqual(await cloud.get(paths.neg));
    expect(rows(endpoints)).toEqual([
      ['vm-1', '10.128.0.2'],
      ['vm-2', '10.128.0.3'],
    ]);
  });

  test('firewall-rules list, describe, delete; what is gone is not found', async () => {
    const cloud = await local();
    await cloud.done('POST', paths.firewalls, { name: 'fw', allowed: [{ IPProtocol: 'all' }] });
    const list = await gcloud(
      cloud,
      'firewall-rules list --format=value(name,direction)',
      '--filter=name=fw',
    );
    expect(list.trim()).toBe('fw\tINGRESS');
    await gcloud(cloud, 'firewall-rules delete fw');
    const gone = await refused(cloud, 'firewall-rules describe fw');
    expect(gone).toContain("The resource 'projects/p1/global/firewalls/fw' was not found");
  });

  test('instances list, stop, start, delete', async () => {
    const cloud = await local();
    const seen: string[] = [];
    cloud.onInstance(({ name, status }) => seen.push(`${name} ${status}`));
    await gcloud(cloud, `instances stop vm-1 --zone=${zoneA}`);
    const list = await gcloud(cloud, 'instances list');
    expect(rows(list)).toEqual([
      ['vm-1', zoneA, 'e2-standard-2', '10.128.0.2', 'TERMINATED'],
      ['vm-2', zoneA, 'e2-standard-2', '10.128.0.3', 'RUNNING'],
      ['vm-3', zoneB, 'e2-standard-2', '10.128.0.4', 'RUNNING'],
    ]);
    await gcloud(cloud, `instances start vm-1 --zone=${zoneA}`);
    await gcloud(cloud, `instances delete vm-1 --zone=${zoneA}`);
    expect(seen).toEqual([
      'vm-1 STOPPING',
      'vm-1 TERMINATED',
      'vm-1 RUNNING',
      'vm-1 STOPPING',
      'vm-1 DELETED',
    ]);
  });

  test('operations list shows whose they are and what they did; describe one', async () => {
    const cloud = await local();
    const made = await cloud.done('POST', paths.addresses, { name: 'a' });
    await cloud.done('DELETE', paths.address);
    const columns = '--format=value(operationType,targetLink.basename(),user)';
    const [list, one] = await Promise.all([
      gcloud(cloud, `operations list ${columns}`, '--filter=operationType=delete'),
      gcloud(cloud, `operations describe ${made.name} ${here} --format=json`),
    ]);
    expect(lines(list)).toEqual(['delete\ta\tyou@local']);
    expect(JSON.parse(one)).toEqual(made);
  });

  test('regions list, zones list', async () => {
    const cloud = await local();
    const [regions, zones] = await Promise.all([
      gcloud(cloud, 'regions list --format=value(name,status)'),
      gcloud(cloud, 'zones list --format=value(name)', `--filter=region:${region}`),
    ]);
    expect(lines(regions)).toEqual([`${far}\tUP`, `${region}\tUP`]);
    expect(lines(zones)).toEqual([zoneA, zoneB]);
  });
});
