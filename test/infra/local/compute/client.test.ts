import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { Identities } from '../../../../infra/local/identities.ts';
import {
  base,
  type Cloud,
  clientOptions,
  leader,
  neg,
  paths,
  project,
  region,
  rule,
  service,
  startCloud,
  withRoute,
  withService,
  zoneA,
} from './cloud.ts';

// Each client by itself: the package's index loads every service, which takes seconds.
const require = createRequire(import.meta.url);
const load = (file: string) => require(`@google-cloud/compute/build/src/v1/${file}`);
const { AddressesClient } = load('addresses_client');
const { BackendServicesClient } = load('backend_services_client');
const { FirewallsClient } = load('firewalls_client');
const { ForwardingRulesClient } = load('forwarding_rules_client');
const { InstancesClient } = load('instances_client');
const { NetworkEndpointGroupsClient } = load('network_endpoint_groups_client');
const { RegionBackendServicesClient } = load('region_backend_services_client');
const { RegionOperationsClient } = load('region_operations_client');
const { ZoneOperationsClient } = load('zone_operations_client');

const clientsOf = (cloud: Cloud, token?: string) => {
  const options = clientOptions(cloud, token);
  return {
    addresses: new AddressesClient(options),
    allServices: new BackendServicesClient(options),
    firewalls: new FirewallsClient(options),
    rules: new ForwardingRulesClient(options),
    instances: new InstancesClient(options),
    groups: new NetworkEndpointGroupsClient(options),
    services: new RegionBackendServicesClient(options),
    regional: new RegionOperationsClient(options),
    zonal: new ZoneOperationsClient(options),
  };
};

const inZone = { project, zone: zoneA };
const inRegion = { project, region };

/** What the client says of a refusal. */
const refused = async (attempt: Promise<unknown>): Promise<{ httpStatusCode: number; message: string }> => {
  try {
    await attempt;
  } catch (error) {
    return error as { httpStatusCode: number; message: string };
  }
  throw new Error('it was not refused');
};

describe('the client of @google-cloud/compute', () => {
  test('builds a route, moves it by one PATCH and takes it down', async () => {
    const cloud = await startCloud();
    const { addresses, firewalls, groups, regional, rules, services, zonal } = clientsOf(cloud);
    const zonalDone = async ([operation]: [{ latestResponse: { name: string } }]) => {
      const [done] = await zonal.wait({ ...inZone, operation: operation.latestResponse.name });
      expect([done.status, done.error]).toEqual(['DONE', undefined]);
    };
    const regionalDone = async ([operation]: [{ latestResponse: { name: string } }]) => {
      const [done] = await regional.wait({ ...inRegion, operation: operation.latestResponse.name });
      expect([done.status, done.error]).toEqual(['DONE', undefined]);
    };

    await regionalDone(await addresses.insert({ ...inRegion, addressResource: { name: 'a' } }));
    const [{ address: IPAddress }] = await addresses.get({ ...inRegion, address: 'a' });
    await zonalDone(await groups.insert({ ...inZone, networkEndpointGroupResource: neg() }));
    await zonalDone(
      await groups.attachNetworkEndpoints({
        ...inZone,
        networkEndpointGroup: 'neg',
        networkEndpointGroupsAttachEndpointsRequestResource: {
          networkEndpoints: [{ instance: 'vm-1' }, { instance: 'vm-2' }],
        },
      }),
    );
    await regionalDone(await services.insert({ ...inRegion, backendServiceResource: service() }));
    await regionalDone(await rules.insert({ ...inRegion, forwardingRuleResource: rule({ IPAddress }) }));
    await firewalls.insert({
      project,
      firewallResource: { name: 'fw', destinationRanges: [IPAddress], allowed: [{ IPProtocol: 'all' }] },
    });

    const [{ fingerprint }] = await services.get({ ...inRegion, backendService: 'bs' });
    const before = cloud.calls.filter(({ mutation }) => mutation).length;
    await regionalDone(
      await services.patch({
        ...inRegion,
        backendService: 'bs',
        backendServiceResource: { fingerprint, haPolicy: { leader: leader('vm-2') } },
      }),
    );
    expect(cloud.calls.filter(({ mutation }) => mutation).length - before).toBe(1);
    const [moved] = await services.get({ ...inRegion, backendService: 'bs' });
    expect(moved.haPolicy.leader.networkEndpoint.instance).toBe('vm-2');

    await regionalDone(await rules.delete({ ...inRegion, forwardingRule: 'fr' }));
    await firewalls.delete({ project, firewall: 'fw' });
    await regionalDone(await services.delete({ ...inRegion, backendService: 'bs' }));
    await zonalDone(await groups.delete({ ...inZone, networkEndpointGroup: 'neg' }));
    const [kept] = await addresses.get({ ...inRegion, address: 'a' });
    expect(kept.status).toBe('RESERVED');
  });

  test('has its extra `"metadatas":{}` accepted, and drops a null: that removes no leader', async () => {
    const cloud = await withService();
    const { services } = clientsOf(cloud);
    await services.patch({
      ...inRegion,
      backendService: 'bs',
      backendServiceResource: { haPolicy: { leader: null } },
    });
    const patch = cloud.calls.find(({ method }) => method === 'PATCH');
    expect([patch?.status, patch?.body]).toEqual([200, { metadatas: {}, haPolicy: {} }]);
    expect((await cloud.get(paths.service)).haPolicy.leader).toEqual(leader('vm-1'));
  });

  test('removes the leader by a PUT of what it got, without it', async () => {
    const cloud = await withService();
    const { regional, services } = clientsOf(cloud);
    const [got] = await services.get({ ...inRegion, backendService: 'bs' });
    const [operation] = await services.update({
      ...inRegion,
      backendService: 'bs',
      backendServiceResource: { ...got, haPolicy: { fastIPMove: got.haPolicy.fastIPMove } },
    });
    await regional.wait({ ...inRegion, operation: operation.latestResponse.name });
    expect((await cloud.get(paths.service)).haPolicy).toEqual({ fastIPMove: 'DISABLED' });
  });

  test('lists endpoints although its empty request is the body `""`', async () => {
    const cloud = await withService();
    const { groups } = clientsOf(cloud);
    const [endpoints] = await groups.listNetworkEndpoints({
      ...inZone,
      networkEndpointGroup: 'neg',
      networkEndpointGroupsListEndpointsRequestResource: {},
    });
    expect(
      endpoints.map((e: { networkEndpoint: { instance: string } }) => e.networkEndpoint.instance),
    ).toEqual(['vm-1', 'vm-2']);
  });

  test('pages through aggregated lists', async () => {
    const cloud = await withRoute();
    const { allServices, instances, rules } = clientsOf(cloud);
    const services: string[] = [];
    for await (const [scope, { backendServices = [] }] of allServices.aggregatedListAsync({ project })) {
      for (const { name } of backendServices) services.push(`${scope}/${name}`);
    }
    expect(services).toEqual([`regions/${region}/bs`]);
    const vms: string[] = [];
    for await (const [, scoped] of instances.aggregatedListAsync({ project, maxResults: 1 })) {
      for (const { name } of scoped.instances ?? []) vms.push(name);
    }
    expect(vms).toEqual(['vm-1', 'vm-2', 'vm-3']);
    const [mine] = await rules.list({ ...inRegion, filter: 'name = fr' });
    expect(mine[0].backendService).toBe(`${base}${paths.service}`);
  });

  test.each([
    [400, 'already being used', (c: Clients) => c.services.delete({ ...inRegion, backendService: 'bs' })],
    [404, 'was not found', (c: Clients) => c.rules.delete({ ...inRegion, forwardingRule: 'no' })],
    [
      409,
      'already exists',
      (c: Clients) => c.addresses.insert({ ...inRegion, addressResource: { name: 'a' } }),
    ],
    [
      412,
      'Invalid fingerprint',
      (c: Clients) =>
        c.services.patch({
          ...inRegion,
          backendService: 'bs',
          backendServiceResource: { fingerprint: 'c3RhbGU=' },
        }),
    ],
    [
      400,
      'in-use and would result in a conflict',
      (c: Clients) => c.rules.insert({ ...inRegion, forwardingRuleResource: rule({ name: 'second' }) }),
    ],
  ])('is refused with HTTP %i: %s', async (status, message, attempt) => {
    const cloud = await withRoute();
    const error = await refused(attempt(clientsOf(cloud)));
    expect(error.httpStatusCode).toBe(status);
    expect(error.message).toContain(message);
  });

  test('speaks as the principal of its token', async () => {
    const identities = new Identities();
    const cloud = await startCloud({ identities });
    const { addresses } = clientsOf(cloud, identities.tokenOf('functions@example.com'));
    await addresses.insert({ ...inRegion, addressResource: { name: 'a' } });
    expect(cloud.calls.at(-1)).toMatchObject({ principal: 'functions@example.com', status: 200 });
    const stranger = clientsOf(cloud, 'stolen').addresses.get({ ...inRegion, address: 'a' });
    expect((await refused(stranger)).httpStatusCode).toBe(401);
  });
});

type Clients = ReturnType<typeof clientsOf>;
