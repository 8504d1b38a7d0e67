import { describe, expect, it } from 'vitest';
import { address } from '../fixtures.ts';
import { onlyPlannedAnswers } from '../wire.ts';
import { base, compute, none, urlBase } from './setup.ts';

onlyPlannedAnswers();

describe('a list asks for what it wants, and takes all pages', () => {
  const rule = (name: string, IPAddress: string) => ({
    name,
    IPAddress,
    description: 'd',
    fingerprint: 'fp==',
    loadBalancingScheme: 'INTERNAL',
    network: `${urlBase}/global/networks/vpc`,
    allowGlobalAccess: true,
    backendService: `${urlBase}/regions/reg/backendServices/svc`,
  });
  const internal = {
    fingerprint: 'fp==',
    description: 'd',
    network: 'vpc',
    allowGlobalAccess: true,
    backendService: 'svc',
  };

  it('forwarding rules by the stem of their names', async () => {
    const { port, wire } = compute([
      [200, { items: [rule('stem-01020304', '1.2.3.4')], nextPageToken: 'more' }],
      [200, { items: [rule('stem-01020305', '1.2.3.5')] }],
    ]);
    expect(await port.forwardingRulesNamed(['stem'])).toEqual([
      { name: 'stem-01020304', ip: '1.2.3.4', ...internal },
      { name: 'stem-01020305', ip: '1.2.3.5', ...internal },
    ]);
    const first = `GET ${base}/regions/reg/forwardingRules?filter=name eq "stem-[0-9a-f]{8}"`;
    expect(wire.lines()).toEqual([first, `${first}&pageToken=more`]);
  });

  it('forwarding rules of many stems by one call for every fifty, and of none by no call', async () => {
    const { port, wire } = compute([
      [200, { items: [rule('s1-01020304', '1.2.3.4')] }],
      [200, { items: [rule('s51-01020305', '1.2.3.5')] }],
    ]);
    expect(await port.forwardingRulesNamed([])).toEqual([]);
    const stems = Array.from({ length: 51 }, (_, i) => `s${i + 1}`);
    const found = await port.forwardingRulesNamed(stems);
    expect(found.map(({ name }) => name)).toEqual(['s1-01020304', 's51-01020305']);
    expect(wire.lines()).toEqual([
      `GET ${base}/regions/reg/forwardingRules?filter=name eq "(${stems.slice(0, 50).join('|')})-[0-9a-f]{8}"`,
      `GET ${base}/regions/reg/forwardingRules?filter=name eq "s51-[0-9a-f]{8}"`,
    ]);
  });

  it('forwarding rules by their addresses', async () => {
    const { port, wire } = compute([[200, { items: [{ name: 'foreign', IPAddress: '1.2.3.4' }] }]]);
    expect(await port.forwardingRulesOf(['1.2.3.4', '1.2.3.5'])).toEqual([
      {
        name: 'foreign',
        fingerprint: '',
        ip: '1.2.3.4',
        description: '',
        network: '',
        allowGlobalAccess: false,
        backendService: '',
      },
    ]);
    const filter = '(IPAddress = "1.2.3.4") OR (IPAddress = "1.2.3.5")';
    expect(wire.lines()).toEqual([`GET ${base}/regions/reg/forwardingRules?filter=${filter}`]);
  });

  it('the NEGs of a zone by the stem of their names, with endpoints from all pages: one round where the name is known', async () => {
    const neg = (name: string) => ({
      name,
      zone: `${urlBase}/zones/reg-a`,
      network: `${urlBase}/global/networks/vpc`,
      subnetwork: `${urlBase}/regions/reg/subnetworks/sub`,
      annotations: { 'persistent-ip-owner': 'rec' },
    });
    const endpoint = (instance: string) => ({ networkEndpoint: { instance, ipAddress: '10.0.0.2' } });
    const vm = `${urlBase}/zones/reg-a/instances/vm-2`;
    const { port, wire } = compute(({ method, path }) => {
      if (method === 'GET') return [200, { items: [neg('stem-00000001'), neg('stem-00000002')] }];
      if (path.includes('stem-00000003')) return none;
      if (path.includes('stem-00000002')) return [200, { items: [endpoint('vm-3')] }];
      return path.includes('pageToken=t2')
        ? [200, { items: [endpoint(vm)] }]
        : [200, { items: [endpoint('vm-1')], nextPageToken: 't2' }];
    });
    const known = ['stem-00000001', 'stem-00000003'];
    const both = { zone: 'reg-a', owner: 'rec', network: 'vpc', subnetwork: 'sub' };
    expect(await port.negsNamed('reg-a', 'stem', known)).toEqual([
      { ...both, name: 'stem-00000001', endpoints: ['vm-1', 'vm-2'] },
      { ...both, name: 'stem-00000002', endpoints: ['vm-3'] },
    ]);
    const path = `${base}/zones/reg-a/networkEndpointGroups`;
    const lines = wire.lines();
    expect(lines.slice(0, 3).sort()).toEqual([
      `GET ${path}?filter=name eq "stem-[0-9a-f]{8}"`,
      `POST ${path}/stem-00000001/listNetworkEndpoints`,
      `POST ${path}/stem-00000003/listNetworkEndpoints`,
    ]);
    expect(lines.slice(3).sort()).toEqual([
      `POST ${path}/stem-00000001/listNetworkEndpoints?pageToken=t2`,
      `POST ${path}/stem-00000002/listNetworkEndpoints`,
    ]);
  });

  it('endpoints of a NEG that was not there only when a list shows it', async () => {
    const neg = { name: 'stem-00000001' };
    let made = false;
    const { port, wire } = compute(({ method }) => {
      if (method === 'GET') return [200, { items: made ? [neg] : [] }];
      return made ? [200, { items: [] }] : none;
    });
    const look = async () => {
      const before = wire.lines().length;
      const found = await port.negsNamed('reg-a', 'stem', [neg.name]);
      return { found: found.length, calls: wire.lines().length - before };
    };
    expect([await look(), await look()]).toEqual([
      { found: 0, calls: 2 },
      { found: 0, calls: 1 },
    ]);
    made = true;
    expect([await look(), await look()]).toEqual([
      { found: 1, calls: 2 },
      { found: 1, calls: 2 },
    ]);
  });

  it('no addresses: no call', async () => {
    const { port, wire } = compute([]);
    expect(await port.forwardingRulesOf([])).toEqual([]);
    expect(wire.calls).toHaveLength(0);
  });

  it('addresses of the region', async () => {
    const users = [`${urlBase}/regions/reg/forwardingRules/r`];
    const { port, wire } = compute([
      [
        200,
        {
          items: [
            {
              name: 'a',
              address: '1.2.3.4',
              addressType: 'EXTERNAL',
              networkTier: 'PREMIUM',
              status: 'IN_USE',
              users,
            },
          ],
          nextPageToken: 'p2',
        },
      ],
      [
        200,
        {
          items: [
            {
              name: 'b',
              address: '10.0.0.9',
              addressType: 'INTERNAL',
              purpose: 'GCE_ENDPOINT',
              subnetwork: `${urlBase}/regions/reg/subnetworks/sub`,
              description: 'd',
              status: 'RESERVED',
            },
          ],
        },
      ],
    ]);
    expect(await port.addresses()).toEqual([
      address('1.2.3.4', { project: 'prj', name: 'a', status: 'IN_USE', users }),
      address('10.0.0.9', {
        project: 'prj',
        name: 'b',
        scheme: 'INTERNAL',
        purpose: 'GCE_ENDPOINT',
        subnetwork: 'sub',
        description: 'd',
      }),
    ]);
    expect(wire.lines()).toEqual([
      `GET ${base}/regions/reg/addresses`,
      `GET ${base}/regions/reg/addresses?pageToken=p2`,
    ]);
  });

  it.each([
    ['without a subnetwork', {}],
    ['in what no subnetwork is called', { subnetwork: `${urlBase}/regions/reg/subnetworks/..` }],
    ['without a name', { name: '', subnetwork: `${urlBase}/regions/reg/subnetworks/sub` }],
  ])('no internal address %s, whose rule could not be named', async (_, odd) => {
    const found = { name: 'b', address: '10.0.0.9', addressType: 'INTERNAL', ...odd };
    const { port } = compute([[200, { items: [found] }]]);
    expect(await port.addresses()).toEqual([]);
  });

  it('addresses by their number, also of the Standard tier', async () => {
    const found = { name: 'a', address: '1.2.3.4', addressType: 'EXTERNAL', networkTier: 'STANDARD' };
    const { port, wire } = compute([[200, { items: [found] }]]);
    expect(await port.addressesOf(['1.2.3.4', '1.2.3.5'])).toEqual([
      address('1.2.3.4', { project: 'prj', name: 'a', networkTier: 'STANDARD' }),
    ]);
    const filter = '(address = "1.2.3.4") OR (address = "1.2.3.5")';
    expect(wire.lines()).toEqual([`GET ${base}/regions/reg/addresses?filter=${filter}`]);
  });
});
