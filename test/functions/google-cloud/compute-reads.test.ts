import { describe, expect, it } from 'vitest';
import { onlyPlannedAnswers } from '../wire.ts';
import { base, compute, failureOf, none, refusal, urlBase } from './setup.ts';

const group = `${urlBase}/zones/reg-a/networkEndpointGroups/neg-a`;

onlyPlannedAnswers();

describe('a read is one GET, and its answer plain data', () => {
  it('of a backend service with its leader', async () => {
    const { port, wire } = compute([
      [
        200,
        {
          kind: 'compute#backendService',
          id: '9007199254740993',
          name: 'svc',
          fingerprint: 'fp==',
          description: 'd',
          loadBalancingScheme: 'INTERNAL',
          network: `${urlBase}/global/networks/vpc`,
          backends: [{ group, balancingMode: 'CONNECTION' }],
          haPolicy: {
            fastIPMove: 'DISABLED',
            leader: { backendGroup: group, networkEndpoint: { instance: 'vm-1' } },
          },
        },
      ],
    ]);
    const neg = { zone: 'reg-a', name: 'neg-a' };
    expect(await port.backendService('svc')).toEqual({
      name: 'svc',
      fingerprint: 'fp==',
      description: 'd',
      scheme: 'INTERNAL',
      network: 'vpc',
      backends: [neg],
      leader: { neg, instance: 'vm-1' },
    });
    expect(wire.lines()).toEqual([`GET ${base}/regions/reg/backendServices/svc`]);
    expect(wire.calls[0]?.authorization).toBe('Bearer tok');
    expect(wire.calls[0]).not.toHaveProperty('body');
  });

  it('of a backend service without leader, backends and description', async () => {
    const { port } = compute([[200, { name: 'svc', fingerprint: 'f' }]]);
    expect(await port.backendService('svc')).toEqual({
      name: 'svc',
      fingerprint: 'f',
      description: '',
      scheme: 'EXTERNAL',
      network: '',
      backends: [],
    });
  });

  it('of a firewall rule', async () => {
    const { port, wire } = compute([
      [
        200,
        {
          name: 'fw',
          description: 'd',
          network: `${urlBase}/global/networks/vpc`,
          sourceRanges: ['0.0.0.0/0'],
          destinationRanges: ['1.2.3.4'],
          allowed: [{ IPProtocol: 'all' }],
        },
      ],
    ]);
    expect(await port.firewall('fw')).toEqual({
      name: 'fw',
      description: 'd',
      network: 'vpc',
      sourceRanges: ['0.0.0.0/0'],
      destinationRanges: ['1.2.3.4'],
      targetTags: [],
    });
    expect(wire.lines()).toEqual([`GET ${base}/global/firewalls/fw`]);
  });

  it.each([
    ['switched off', { disabled: true, allowed: [{ IPProtocol: 'all' }] }],
    ['open to one protocol', { allowed: [{ IPProtocol: 'tcp', ports: ['443'] }] }],
    ['turned round', { denied: [{ IPProtocol: 'all' }] }],
  ])('a firewall rule that somebody has %s', async (_, changed) => {
    const { port } = compute([[200, { name: 'fw', ...changed }]]);
    expect(await port.firewall('fw')).toMatchObject({ narrowed: true });
  });

  it.each(['backendService', 'firewall'] as const)('%s: 404 means absent', async (read) => {
    const { port } = compute([none]);
    expect(await port[read]('x')).toBeUndefined();
  });
});

describe('a VM counts as gone when it runs no Pod any more', () => {
  it.each([
    ['RUNNING', 'running'],
    ['STAGING', 'running'],
    ['PROVISIONING', 'running'],
    ['REPAIRING', 'running'],
    ['STOPPING', 'gone'],
    ['STOPPED', 'gone'],
    ['TERMINATED', 'gone'],
    ['SUSPENDING', 'gone'],
    ['SUSPENDED', 'gone'],
  ])('%s: %s', async (status, state) => {
    const { port, wire } = compute([[200, { name: 'vm', id: '18446744073709551615', status }]]);
    expect(await port.vm('reg-a', 'vm')).toMatchObject({ state });
    expect(wire.lines()).toEqual([`GET ${base}/zones/reg-a/instances/vm`]);
  });

  it('absent: gone', async () => {
    const { port } = compute([none]);
    expect(await port.vm('reg-a', 'vm')).toEqual({ state: 'gone', subnetworks: [] });
  });

  it.each([
    ['forbidden', refusal(403, 'forbidden')],
    ['unavailable', refusal(503, 'backendError')],
    ['unreachable', 'broken' as const],
  ])('%s: unreadable, which is no reason to move an address', async (_, answer) => {
    const { port } = compute(() => answer);
    expect(await port.vm('reg-a', 'vm')).toEqual({ state: 'unreadable', subnetworks: [] });
  });
});

describe('a read is spent again', () => {
  it('after transient errors, with growing pauses', async () => {
    const { port, wire, pace } = compute([
      refusal(503, 'backendError'),
      'broken',
      refusal(429, 'rateLimitExceeded'),
      [200, { name: 'svc' }],
    ]);
    expect(await port.backendService('svc')).toMatchObject({ name: 'svc' });
    expect(wire.calls).toHaveLength(4);
    expect(pace.naps).toEqual([100, 200, 400]);
  });

  it('four times at most', async () => {
    const { port, wire } = compute(() => refusal(500, 'internalError'));
    expect(await failureOf(port.backendService('svc'))).toMatchObject({ kind: 'retry', status: 500 });
    expect(wire.calls).toHaveLength(4);
  });

  it('but not where a person must act', async () => {
    const { port, wire } = compute([refusal(403, 'forbidden')]);
    expect(await failureOf(port.addresses())).toMatchObject({ kind: 'user', status: 403 });
    expect(wire.calls).toHaveLength(1);
  });
});
