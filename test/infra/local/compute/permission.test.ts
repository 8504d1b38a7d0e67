import { describe, expect, it } from 'vitest';
import { permissionOf } from '../../../../infra/local/compute/http/permission.ts';
import { isViewers } from '../../../../infra/local/compute/index.ts';
import {
  leader,
  neg,
  negUrl,
  network,
  paths,
  project,
  region,
  rule,
  startCloud,
  subnetwork,
  withRoute,
  zoneA,
} from './cloud.ts';

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

describe('a call needs what Google’s reference names for it, beyond its own permission', () => {
  /** What is asked for, in order, when everything is granted. */
  const asked = async (verb: string, path: string, body?: object): Promise<string[]> => {
    const questions: string[] = [];
    const cloud = await withRoute({
      rights: ({ permission }) => {
        questions.push(permission.replace('compute.', ''));
        return true;
      },
    });
    cloud.reserveAddress({ name: 'inside', addressType: 'INTERNAL', subnetwork: 'default' });
    questions.length = 0;
    await cloud.send(verb, path, body);
    return questions;
  };

  it.each<[string, string, string, object | undefined, string[]]>([
    [
      'an internal address',
      'POST',
      paths.addresses,
      { name: 'x', addressType: 'INTERNAL', subnetwork },
      ['addresses.createInternal', 'subnetworks.use'],
    ],
    [
      'an address with labels',
      'POST',
      paths.addresses,
      { name: 'x', labels: { a: 'b' } },
      ['addresses.create', 'addresses.setLabels'],
    ],
    [
      'the end of an internal address',
      'DELETE',
      `${paths.addresses}/inside`,
      undefined,
      ['addresses.deleteInternal'],
    ],
    [
      'a rule of a reserved address',
      'POST',
      paths.rules,
      rule({ name: 'x' }),
      ['forwardingRules.create', 'regionBackendServices.use', 'addresses.use'],
    ],
    [
      'a rule of an address that nobody reserved',
      'POST',
      paths.rules,
      rule({ name: 'x', IPAddress: '203.0.113.99' }),
      ['forwardingRules.create', 'regionBackendServices.use'],
    ],
    [
      'a group',
      'POST',
      paths.negs,
      neg('x'),
      ['networkEndpointGroups.create', 'networks.use', 'subnetworks.use'],
    ],
    [
      'an endpoint',
      'POST',
      paths.attach,
      { networkEndpoints: [{ instance: 'vm-1' }, { instance: 'vm-2' }] },
      ['networkEndpointGroups.attachNetworkEndpoints', 'instances.use', 'instances.use'],
    ],
    [
      'a leader',
      'PATCH',
      paths.service,
      { haPolicy: { leader: leader('vm-2') } },
      ['regionBackendServices.update', 'regionBackendServices.get'],
    ],
    [
      'another group of a service',
      'PATCH',
      paths.service,
      { backends: [{ group: negUrl() }] },
      ['regionBackendServices.update', 'regionBackendServices.get', 'networkEndpointGroups.use'],
    ],
    [
      'a firewall rule',
      'POST',
      paths.firewalls,
      { name: 'x', network },
      ['firewalls.create', 'networks.updatePolicy'],
    ],
  ])('%s', async (_, verb, path, body, needs) => {
    expect(await asked(verb, path, body)).toEqual(needs);
  });

  it('of a host project’s network in the host project', async () => {
    const questions: unknown[] = [];
    const cloud = await startCloud({
      defaultPrincipal: 'functions@x',
      rights: ({ permission, project: of }) => {
        questions.push(`${permission} ${of}`);
        return of === project;
      },
    });
    const host = 'projects/host/global/networks/shared';
    const { body } = await cloud.send('POST', paths.negs, { ...neg('x'), network: host });
    expect(body.error.message).toBe(`Required 'compute.networks.use' permission for '${host}'`);
    expect(questions).toEqual([
      `compute.networkEndpointGroups.create ${project}`,
      'compute.networks.use host',
    ]);
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
