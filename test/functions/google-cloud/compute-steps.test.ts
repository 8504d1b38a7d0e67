import { describe, expect, it } from 'vitest';
import type { CloudStep } from '../../../functions/persistent-ip/cloud.ts';
import { onlyPlannedAnswers } from '../wire.ts';
import { base, compute, urlBase } from './setup.ts';

onlyPlannedAnswers();

const uuid = /requestId=[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const record = undefined as never;
const description = '{"deployment":"d"}';
const neg = { zone: 'reg-a', name: 'neg-a' };
const other = { zone: 'reg-b', name: 'neg-b' };
const group = `${urlBase}/zones/reg-a/networkEndpointGroups/neg-a`;
const otherGroup = `${urlBase}/zones/reg-b/networkEndpointGroups/neg-b`;
const backend = { group, balancingMode: 'CONNECTION' };
const firewall = {
  name: 'fw',
  network: 'vpc',
  sourceRanges: ['0.0.0.0/0'],
  destinationRanges: ['1.2.3.4/32', '1.2.3.5/32'],
  targetTags: ['node'],
  description,
};
const firewallBody = {
  name: 'fw',
  description,
  network: `${urlBase}/global/networks/vpc`,
  direction: 'INGRESS',
  sourceRanges: ['0.0.0.0/0'],
  destinationRanges: ['1.2.3.4/32', '1.2.3.5/32'],
  targetTags: ['node'],
  allowed: [{ IPProtocol: 'all' }],
};

// The client adds every map that a message has, empty: `metadatas`, `labels`, `annotations`. Google ignores them.
interface Case {
  readonly step: CloudStep;
  readonly call: string;
  readonly body?: unknown;
  readonly scope: string;
}

const cases: readonly Case[] = [
  {
    step: { do: 'create-neg', neg, network: 'vpc', subnetwork: 'sub', description },
    call: `POST ${base}/zones/reg-a/networkEndpointGroups`,
    body: {
      name: 'neg-a',
      networkEndpointType: 'GCE_VM_IP',
      network: `${urlBase}/global/networks/vpc`,
      subnetwork: `${urlBase}/regions/reg/subnetworks/sub`,
      annotations: { 'persistent-ip-owner': description },
    },
    scope: 'zones/reg-a',
  },
  {
    step: { do: 'attach', neg, instances: ['vm-1', 'vm-2'] },
    call: `POST ${base}/zones/reg-a/networkEndpointGroups/neg-a/attachNetworkEndpoints`,
    body: {
      networkEndpoints: [
        { instance: 'vm-1', annotations: {} },
        { instance: 'vm-2', annotations: {} },
      ],
    },
    scope: 'zones/reg-a',
  },
  {
    step: { do: 'detach', neg, instances: ['vm-1', 'vm-2'] },
    call: `POST ${base}/zones/reg-a/networkEndpointGroups/neg-a/detachNetworkEndpoints`,
    body: {
      networkEndpoints: [
        { instance: 'vm-1', annotations: {} },
        { instance: 'vm-2', annotations: {} },
      ],
    },
    scope: 'zones/reg-a',
  },
  {
    step: {
      do: 'create-backend-service',
      name: 'svc',
      scheme: 'EXTERNAL',
      network: 'vpc',
      backends: [neg],
      leader: { neg, instance: 'vm-1' },
      record,
      description,
    },
    call: `POST ${base}/regions/reg/backendServices`,
    body: {
      name: 'svc',
      description,
      loadBalancingScheme: 'EXTERNAL',
      protocol: 'UNSPECIFIED',
      backends: [backend],
      haPolicy: {
        fastIPMove: 'DISABLED',
        leader: { backendGroup: group, networkEndpoint: { instance: 'vm-1' } },
      },
      metadatas: {},
    },
    scope: 'regions/reg',
  },
  {
    step: {
      do: 'create-backend-service',
      name: 'svc',
      scheme: 'INTERNAL',
      network: 'vpc',
      backends: [neg],
      leader: { neg, instance: 'vm-1' },
      record,
      description,
    },
    call: `POST ${base}/regions/reg/backendServices`,
    body: {
      name: 'svc',
      description,
      loadBalancingScheme: 'INTERNAL',
      protocol: 'UNSPECIFIED',
      network: `${urlBase}/global/networks/vpc`,
      backends: [backend],
      haPolicy: {
        fastIPMove: 'DISABLED',
        leader: { backendGroup: group, networkEndpoint: { instance: 'vm-1' } },
      },
      metadatas: {},
    },
    scope: 'regions/reg',
  },
  {
    step: {
      do: 'patch-backend-service',
      name: 'svc',
      fingerprint: 'fp==',
      leader: { neg, instance: 'vm-2' },
      record,
      description,
    },
    call: `PATCH ${base}/regions/reg/backendServices/svc`,
    body: {
      fingerprint: 'fp==',
      description,
      haPolicy: { leader: { backendGroup: group, networkEndpoint: { instance: 'vm-2' } } },
      metadatas: {},
    },
    scope: 'regions/reg',
  },
  {
    step: {
      do: 'create-forwarding-rule',
      name: 'rule',
      ip: '1.2.3.4',
      reach: { scheme: 'EXTERNAL', networkTier: 'STANDARD' },
      backendService: 'svc',
      description,
    },
    call: `POST ${base}/regions/reg/forwardingRules`,
    body: {
      name: 'rule',
      description,
      IPAddress: '1.2.3.4',
      IPProtocol: 'L3_DEFAULT',
      allPorts: true,
      loadBalancingScheme: 'EXTERNAL',
      networkTier: 'STANDARD',
      backendService: `${urlBase}/regions/reg/backendServices/svc`,
      labels: {},
    },
    scope: 'regions/reg',
  },
  {
    step: {
      do: 'create-forwarding-rule',
      name: 'rule',
      ip: '10.0.0.4',
      reach: { scheme: 'INTERNAL', network: 'vpc', subnetwork: 'sub', allowGlobalAccess: true },
      backendService: 'svc',
      description,
    },
    call: `POST ${base}/regions/reg/forwardingRules`,
    body: {
      name: 'rule',
      description,
      IPAddress: '10.0.0.4',
      IPProtocol: 'L3_DEFAULT',
      allPorts: true,
      loadBalancingScheme: 'INTERNAL',
      network: `${urlBase}/global/networks/vpc`,
      subnetwork: `${urlBase}/regions/reg/subnetworks/sub`,
      allowGlobalAccess: true,
      backendService: `${urlBase}/regions/reg/backendServices/svc`,
      labels: {},
    },
    scope: 'regions/reg',
  },
  {
    step: { do: 'patch-forwarding-rule', name: 'rule', fingerprint: 'fp==', allowGlobalAccess: false },
    call: `PATCH ${base}/regions/reg/forwardingRules/rule`,
    body: { fingerprint: 'fp==', allowGlobalAccess: false, labels: {} },
    scope: 'regions/reg',
  },
  {
    step: { do: 'reserve-address', name: 'ip', from: { scheme: 'EXTERNAL' }, description },
    call: `POST ${base}/regions/reg/addresses`,
    body: { name: 'ip', description, addressType: 'EXTERNAL', networkTier: 'PREMIUM', labels: {} },
    scope: 'regions/reg',
  },
  {
    step: {
      do: 'reserve-address',
      name: 'ip',
      from: { scheme: 'EXTERNAL', ipCollection: 'ours' },
      description,
    },
    call: `POST ${base}/regions/reg/addresses`,
    body: {
      name: 'ip',
      description,
      addressType: 'EXTERNAL',
      networkTier: 'PREMIUM',
      ipCollection: `${urlBase}/regions/reg/publicDelegatedPrefixes/ours`,
      labels: {},
    },
    scope: 'regions/reg',
  },
  {
    step: {
      do: 'reserve-address',
      name: 'ip',
      from: { scheme: 'INTERNAL', subnetwork: 'sub' },
      description,
    },
    call: `POST ${base}/regions/reg/addresses`,
    body: {
      name: 'ip',
      description,
      addressType: 'INTERNAL',
      subnetwork: `${urlBase}/regions/reg/subnetworks/sub`,
      labels: {},
    },
    scope: 'regions/reg',
  },
  {
    step: { do: 'delete-address', name: 'ip' },
    call: `DELETE ${base}/regions/reg/addresses/ip`,
    scope: 'regions/reg',
  },
  {
    step: { do: 'create-firewall', ...firewall },
    call: `POST ${base}/global/firewalls`,
    body: firewallBody,
    scope: 'global',
  },
  {
    step: { do: 'patch-firewall', ...firewall },
    call: `PUT ${base}/global/firewalls/fw`,
    body: firewallBody,
    scope: 'global',
  },
  {
    step: { do: 'delete-forwarding-rule', name: 'rule' },
    call: `DELETE ${base}/regions/reg/forwardingRules/rule`,
    scope: 'regions/reg',
  },
  {
    step: { do: 'delete-firewall', name: 'fw' },
    call: `DELETE ${base}/global/firewalls/fw`,
    scope: 'global',
  },
  {
    step: { do: 'delete-backend-service', name: 'svc' },
    call: `DELETE ${base}/regions/reg/backendServices/svc`,
    scope: 'regions/reg',
  },
  {
    step: { do: 'delete-neg', neg },
    call: `DELETE ${base}/zones/reg-a/networkEndpointGroups/neg-a`,
    scope: 'zones/reg-a',
  },
];

describe('a step is one mutation and the wait for its operation', () => {
  it.each(cases)('$step.do', async ({ step, call, body, scope }) => {
    const { port, wire, deadline } = compute([
      [200, { name: 'operation-1', id: '4711', status: 'RUNNING' }],
      [200, { name: 'operation-1', id: '4711', status: 'DONE' }],
    ]);
    await port.apply(step, deadline);
    const [mutation, wait] = wire.calls;
    expect(wire.calls).toHaveLength(2);
    expect(`${mutation?.method} ${mutation?.path.split('?')[0]}`).toBe(call);
    expect(mutation?.path).toMatch(uuid);
    expect(mutation?.body).toEqual(body);
    expect(mutation?.contentType).toBe('application/json');
    expect(mutation?.authorization).toBe('Bearer tok');
    expect(`${wait?.method} ${wait?.path}`).toBe(`POST ${base}/${scope}/operations/operation-1/wait`);
    expect(wait?.authorization).toBe('Bearer tok');
  });
});

describe('a PATCH replaces only what it names', () => {
  it('a description alone changes neither leader nor backends', async () => {
    const { port, wire, deadline } = compute([
      [200, { name: 'op' }],
      [200, { name: 'op', status: 'DONE' }],
    ]);
    const step = { do: 'patch-backend-service', name: 'svc', fingerprint: 'f', record, description } as const;
    await port.apply(step, deadline);
    expect(wire.calls[0]?.body).toEqual({ fingerprint: 'f', description, metadatas: {} });
  });

  it('backends are sent all of them, because a merge patch replaces the list', async () => {
    const { port, wire, deadline } = compute([
      [200, { name: 'op' }],
      [200, { name: 'op', status: 'DONE' }],
    ]);
    const backends = [neg, other];
    await port.apply(
      { do: 'patch-backend-service', name: 'svc', fingerprint: 'f', backends, record, description },
      deadline,
    );
    expect(wire.calls[0]?.body).toEqual({
      fingerprint: 'f',
      description,
      backends: [backend, { group: otherGroup, balancingMode: 'CONNECTION' }],
      metadatas: {},
    });
  });

  it('a firewall rule without tags of a cluster names none', async () => {
    const { port, wire, deadline } = compute([
      [200, { name: 'op' }],
      [200, { name: 'op', status: 'DONE' }],
    ]);
    await port.apply({ do: 'create-firewall', ...firewall, targetTags: [] }, deadline);
    expect(wire.calls[0]?.body).not.toHaveProperty('targetTags');
  });
});
