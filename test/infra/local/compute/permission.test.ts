import { describe, expect, it } from 'vitest';
import { isViewers } from '../../../../infra/local/compute/index.ts';
import { permissionOf } from '../../../../infra/local/compute/permission.ts';
import { paths, project, region, startCloud, zoneA } from './cloud.ts';

/** A cloud whose every caller is a viewer. */
const viewed = () =>
  startCloud({ defaultPrincipal: 'viewer@x', rights: ({ permission }) => isViewers(permission) });

describe('the permission of a method', () => {
  it.each([
    ['compute.addresses.insert', 'compute.addresses.create'],
    ['compute.addresses.aggregatedList', 'compute.addresses.list'],
    ['compute.regionBackendServices.patch', 'compute.regionBackendServices.update'],
    ['compute.zoneOperations.wait', 'compute.zoneOperations.get'],
    ['compute.networkEndpointGroups.listNetworkEndpoints', 'compute.networkEndpointGroups.get'],
    ['compute.instances.stop', 'compute.instances.stop'],
  ])('%s is %s', (method, permission) => {
    expect(permissionOf(method)).toBe(permission);
  });
});

describe('a viewer', () => {
  it('sees everything', async () => {
    const cloud = await viewed();
    for (const path of [
      paths.addresses,
      'aggregated/instances',
      `${paths.instances}/vm-1`,
      'global/networks/default',
    ])
      expect((await cloud.send('GET', path)).status).toBe(200);
  });

  const at = `projects/${project}/regions/${region}`;
  it.each([
    ['POST', paths.addresses, { name: 'a' }, `compute.addresses.create`, `${at}/addresses/a`],
    ['DELETE', paths.address, undefined, 'compute.addresses.delete', `${at}/addresses/a`],
    ['PATCH', paths.service, {}, 'compute.regionBackendServices.update', `${at}/backendServices/bs`],
    [
      'POST',
      `${paths.instances}/vm-1/stop`,
      undefined,
      'compute.instances.stop',
      `projects/${project}/zones/${zoneA}/instances/vm-1`,
    ],
    [
      'DELETE',
      paths.firewall,
      undefined,
      'compute.firewalls.delete',
      `projects/${project}/global/firewalls/fw`,
    ],
  ])('is refused %s %s by the name of the permission', async (verb, path, body, permission, resource) => {
    const cloud = await viewed();
    const message = `Required '${permission}' permission for '${resource}'`;
    expect(await cloud.send(verb, path, body)).toEqual({
      status: 403,
      body: { error: { code: 403, message, errors: [{ message, domain: 'global', reason: 'forbidden' }] } },
    });
  });
});

it('who may not even list is refused by the project, and its rights are asked for by name and project', async () => {
  const asked: unknown[] = [];
  const cloud = await startCloud({
    defaultPrincipal: 'stranger@x',
    rights: (question) => {
      asked.push(question);
      return false;
    },
  });
  const { body } = await cloud.send('GET', paths.addresses);
  expect(body.error.message).toBe(`Required 'compute.addresses.list' permission for 'projects/${project}'`);
  expect(asked).toEqual([{ principal: 'stranger@x', permission: 'compute.addresses.list', project }]);
});
