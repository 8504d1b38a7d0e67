import { describe, expect, test } from 'vitest';
import {
  attached,
  base,
  farZone,
  leader,
  neg,
  network,
  paths,
  refusal,
  startCloud,
  withGroup,
  withService,
  zoneA,
  zoneB,
} from './cloud.ts';

const endpoints = (...instances: string[]) => ({
  networkEndpoints: instances.map((instance) => ({ instance })),
});

describe('attaching', () => {
  test('adds the instance with its IP in the group’s subnetwork', async () => {
    const cloud = await withGroup();
    const { body } = await cloud.send('POST', paths.endpoints, {});
    expect(body).toMatchObject({
      kind: 'compute#networkEndpointGroupsListNetworkEndpoints',
      items: [
        { networkEndpoint: { instance: 'vm-1', ipAddress: '10.128.0.2' } },
        { networkEndpoint: { instance: 'vm-2', ipAddress: '10.128.0.3' } },
      ],
    });
    expect((await cloud.get(paths.neg)).size).toBe(2);
  });

  test('takes an instance URL, and what is attached already', async () => {
    const cloud = await withGroup();
    const url = `${base}zones/${zoneA}/instances/vm-1`;
    expect((await cloud.done('POST', paths.attach, endpoints(url))).error).toBeUndefined();
    expect(await attached(cloud)).toEqual(['vm-1', 'vm-2']);
  });

  test('an instance that does not exist, or of another zone, is refused', async () => {
    const cloud = await withGroup();
    const attach = (instance: string) => cloud.send('POST', paths.attach, endpoints(instance));
    expect(refusal(await attach('vm-9'))).toBe('404 404 notFound global');
    expect(refusal(await attach('vm-3'))).toBe('404 404 notFound global');
    expect(refusal(await attach(`${base}zones/${zoneB}/instances/vm-3`))).toBe('400 400 invalid global');
  });

  test('an instance without an interface in the subnetwork is refused', async () => {
    const cloud = await withGroup();
    cloud.addNetwork({ name: 'other' });
    cloud.addSubnetwork({ name: 'other', network: 'other', range: '10.9.0.0/24' });
    cloud.createInstance({ name: 'alien', zone: zoneA, network: 'other', subnetwork: 'other' });
    const answer = await cloud.send('POST', paths.attach, endpoints('alien'));
    expect(refusal(answer)).toBe('400 400 invalid global');
    expect(answer.body.error.message).toContain("doesn't belong to the (sub)network default");
  });

  test('uses the interface that matches the subnetwork, of an instance with several', async () => {
    const cloud = await startCloud();
    cloud.addNetwork({ name: 'data' });
    const { selfLink } = cloud.addSubnetwork({ name: 'data', network: 'data', range: '10.9.0.0/24' });
    cloud.createInstance({
      name: 'multi',
      zone: zoneA,
      subnetwork: 'default',
      more: [{ subnetwork: 'data', ip: '10.9.0.7' }],
    });
    const group = { ...neg(), network: `${base}global/networks/data`, subnetwork: selfLink };
    await cloud.done('POST', paths.negs, group);
    await cloud.done('POST', paths.attach, endpoints('multi'));
    const { body } = await cloud.send('POST', paths.endpoints, {});
    expect(body.items).toEqual([{ networkEndpoint: { instance: 'multi', ipAddress: '10.9.0.7' } }]);
  });

  test('takes 500 endpoints a call and no more, and at least one', async () => {
    const cloud = await withGroup();
    const many = endpoints(...Array.from({ length: 500 }, () => 'vm-1'));
    expect((await cloud.done('POST', paths.attach, many)).error).toBeUndefined();
    const more = endpoints(...Array.from({ length: 501 }, () => 'vm-1'));
    expect(refusal(await cloud.send('POST', paths.attach, more))).toBe('400 400 invalid global');
    expect(refusal(await cloud.send('POST', paths.attach, {}))).toBe('400 400 required global');
  });

  test('a port is refused', async () => {
    const cloud = await withGroup();
    const body = { networkEndpoints: [{ instance: 'vm-1', port: 80 }] };
    expect(refusal(await cloud.send('POST', paths.attach, body))).toBe('400 400 invalid global');
  });

  test('several at a time on one group, but not beside its deletion', async () => {
    const cloud = await withGroup();
    const held = cloud.inject({ path: 'attachNetworkEndpoints', times: 2, effect: { hold: true } });
    expect((await cloud.send('POST', paths.attach, endpoints('vm-1'))).status).toBe(200);
    expect((await cloud.send('POST', paths.attach, endpoints('vm-2'))).status).toBe(200);
    expect(refusal(await cloud.send('DELETE', paths.neg))).toBe('400 400 resourceNotReady global');
    held.release();
  });

  test('an instance that is deleted meanwhile fails the operation', async () => {
    const cloud = await withGroup();
    const held = cloud.inject({ path: 'attachNetworkEndpoints', effect: { hold: true } });
    const { body } = await cloud.send('POST', paths.attach, endpoints('vm-1'));
    cloud.deleteInstance({ name: 'vm-1', zone: zoneA });
    held.release();
    const operation = await cloud.get(`zones/${zoneA}/operations/${body.name}`);
    expect(operation).toMatchObject({ httpErrorStatusCode: 404, httpErrorMessage: 'NOT FOUND' });
    expect(operation.error.errors[0].code).toBe('RESOURCE_NOT_FOUND');
  });
});

describe('detaching', () => {
  test('removes the endpoint', async () => {
    const cloud = await withService();
    await cloud.done('POST', paths.detach, endpoints('vm-2'));
    expect(await attached(cloud)).toEqual(['vm-1']);
  });

  test('what is not attached is refused', async () => {
    const cloud = await withGroup();
    cloud.createInstance({ name: 'vm-4', zone: zoneA, subnetwork: 'default' });
    expect(refusal(await cloud.send('POST', paths.detach, endpoints('vm-4')))).toBe('400 400 invalid global');
  });

  test('an endpoint that becomes the leader meanwhile fails the operation', async () => {
    const cloud = await withService();
    const held = cloud.inject({ path: 'detachNetworkEndpoints', effect: { hold: true } });
    const { body } = await cloud.send('POST', paths.detach, endpoints('vm-2'));
    await cloud.done('PATCH', paths.service, { haPolicy: { leader: leader('vm-2') } });
    held.release();
    const operation = await cloud.get(`zones/${zoneA}/operations/${body.name}`);
    expect(operation.error.errors[0].code).toBe('RESOURCE_IN_USE_BY_ANOTHER_RESOURCE');
    expect(await attached(cloud)).toEqual(['vm-1', 'vm-2']);
  });
});

describe('a network endpoint group', () => {
  test('cannot be deleted while a backend service has it; attached endpoints do not matter', async () => {
    const cloud = await withService();
    const answer = await cloud.send('DELETE', paths.neg);
    expect(refusal(answer)).toBe('400 400 resourceInUseByAnotherResource global');
    expect(answer.body.error.message).toContain('The network_endpoint_group resource');
    await cloud.done('DELETE', paths.service);
    expect((await cloud.done('DELETE', paths.neg)).error).toBeUndefined();
  });

  test('that is made again under its name has no endpoints', async () => {
    const cloud = await withGroup();
    await cloud.done('DELETE', paths.neg);
    await cloud.done('POST', paths.negs, neg());
    expect(await attached(cloud)).toEqual([]);
  });

  test('of GCE_VM_IP needs a network and a subnetwork of it, and no port', async () => {
    const cloud = await startCloud();
    cloud.addNetwork({ name: 'other' });
    const post = (more: object) => cloud.send('POST', paths.negs, { ...neg(), ...more });
    expect(refusal(await post({ network: undefined }))).toBe('400 400 required global');
    expect(refusal(await post({ subnetwork: undefined }))).toBe('400 400 required global');
    expect(refusal(await post({ networkEndpointType: undefined }))).toBe('400 400 required global');
    expect(refusal(await post({ defaultPort: 80 }))).toBe('400 400 invalid global');
    expect(refusal(await post({ network: `${base}global/networks/other` }))).toBe('400 400 invalid global');
    expect(refusal(await post({ network: `${base}global/networks/no` }))).toBe('404 404 notFound global');
    expect(refusal(await post({ networkEndpointType: 'GCE_VM_IP_PORT' }))).toContain('501');
    const elsewhere = await cloud.send('POST', `zones/${farZone}/networkEndpointGroups`, neg());
    expect(refusal(elsewhere)).toBe('400 400 invalid global');
  });

  test('keeps its annotations and is not changed by any method', async () => {
    const cloud = await startCloud();
    await cloud.done('POST', paths.negs, { ...neg(), annotations: { owner: 'us' } });
    expect(await cloud.get(paths.neg)).toMatchObject({ annotations: { owner: 'us' }, network, size: 0 });
    expect((await cloud.send('PATCH', paths.neg, {})).status).toBe(404);
  });
});
