import { describe, expect, test } from 'vitest';
import {
  attached,
  network,
  paths,
  refusal,
  startCloud,
  subnetwork,
  withGroup,
  zoneA,
  zoneB,
} from './cloud.ts';

const vm = `${paths.instances}/vm-1`;

const watched = async () => {
  const cloud = await withGroup();
  const seen: string[] = [];
  cloud.onInstance(({ name, zone, status }) => seen.push(`${zone}/${name} ${status}`));
  return { cloud, seen };
};

describe('an instance', () => {
  test('has its interfaces, status and zone', async () => {
    const cloud = await startCloud();
    expect(await cloud.get(vm)).toMatchObject({
      kind: 'compute#instance',
      status: 'RUNNING',
      zone: expect.stringMatching(/zones\/us-central1-a$/),
      networkInterfaces: [{ name: 'nic0', network, subnetwork, networkIP: '10.128.0.2' }],
    });
  });

  test('that is deleted stops, is gone, and its endpoints with it', async () => {
    const { cloud, seen } = await watched();
    await cloud.done('DELETE', vm);
    expect(seen).toEqual([`${zoneA}/vm-1 STOPPING`, `${zoneA}/vm-1 DELETED`]);
    expect(refusal(await cloud.send('GET', vm))).toBe('404 404 notFound global');
    expect(await attached(cloud)).toEqual(['vm-2']);
    expect((await cloud.get(paths.neg)).size).toBe(1);
  });

  test('that is deleted leaves the endpoint of its namesake in another zone', async () => {
    const { cloud } = await watched();
    cloud.createInstance({ name: 'vm-1', zone: zoneB, subnetwork: 'default' });
    cloud.deleteInstance({ name: 'vm-1', zone: zoneB });
    expect(await attached(cloud)).toEqual(['vm-1', 'vm-2']);
  });

  test('that comes back under its name is not attached', async () => {
    const { cloud } = await watched();
    const { id } = await cloud.get(vm);
    await cloud.done('DELETE', vm);
    cloud.createInstance({ name: 'vm-1', zone: zoneA, subnetwork: 'default' });
    expect((await cloud.get(vm)).id).not.toBe(id);
    expect(await attached(cloud)).toEqual(['vm-2']);
  });

  test('is STOPPING while its stop runs, then TERMINATED, and RUNNING when started; it stays attached', async () => {
    const { cloud, seen } = await watched();
    const held = cloud.inject({ path: 'vm-1/stop', effect: { hold: true } });
    await cloud.send('POST', `${vm}/stop`);
    expect((await cloud.get(vm)).status).toBe('STOPPING');
    expect(refusal(await cloud.send('DELETE', vm))).toBe('400 400 resourceNotReady global');
    held.release();
    expect((await cloud.get(vm)).status).toBe('TERMINATED');
    await cloud.done('POST', `${vm}/start`);
    expect(seen.map((line) => line.split(' ')[1])).toEqual(['STOPPING', 'TERMINATED', 'RUNNING']);
    expect(await attached(cloud)).toEqual(['vm-1', 'vm-2']);
  });

  test('whose deletion or stop fails is what it was', async () => {
    const { cloud } = await watched();
    for (const [method, path] of [
      ['DELETE', vm],
      ['POST', `${vm}/stop`],
    ] as const) {
      cloud.inject({ path: 'vm-1', effect: { fail: { code: 'INTERNAL_ERROR', status: 500 } } });
      expect((await cloud.done(method, path)).error.errors[0].code).toBe('INTERNAL_ERROR');
      expect((await cloud.get(vm)).status).toBe('RUNNING');
    }
  });

  test('dies without any request', async () => {
    const { cloud, seen } = await watched();
    const before = cloud.calls.length;
    cloud.setInstanceStatus({ name: 'vm-1', zone: zoneA }, 'TERMINATED');
    cloud.deleteInstance({ name: 'vm-2', zone: zoneA });
    expect(seen).toEqual([`${zoneA}/vm-1 TERMINATED`, `${zoneA}/vm-2 DELETED`]);
    expect(cloud.calls.length).toBe(before);
    expect(() => cloud.deleteInstance({ name: 'vm-2', zone: zoneA })).toThrow(/was not found/);
  });

  test('cannot be made by the API, nor twice in a zone', async () => {
    const cloud = await startCloud();
    expect(refusal(await cloud.send('POST', paths.instances, { name: 'x' }))).toContain('501');
    const twice = { name: 'vm-1', zone: zoneA, subnetwork: 'default' };
    expect(() => cloud.createInstance(twice)).toThrow(/already exists/);
  });
});

describe('networks, subnetworks, regions, zones and the project', () => {
  test('can be read', async () => {
    const cloud = await startCloud();
    expect((await cloud.get('global/networks/default')).subnetworks).toEqual([subnetwork]);
    expect(await cloud.get('regions/us-central1/subnetworks/default')).toMatchObject({
      ipCidrRange: '10.128.0.0/20',
      gatewayAddress: '10.128.0.1',
    });
    expect((await cloud.get('regions/us-central1')).zones).toHaveLength(2);
    expect((await cloud.get('zones')).items).toHaveLength(3);
    expect((await cloud.get('zones/us-central1-a')).status).toBe('UP');
    const answer = await fetch(`${cloud.url}/compute/v1/projects/p1`);
    expect(await answer.json()).toMatchObject({ kind: 'compute#project', name: 'p1' });
    expect(refusal(await cloud.send('GET', 'zones/mars'))).toBe('404 404 notFound global');
  });

  test('cannot be written', async () => {
    const cloud = await startCloud();
    expect(refusal(await cloud.send('DELETE', 'global/networks/default'))).toContain('501');
  });
});
