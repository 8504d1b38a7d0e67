import { describe, expect, it } from 'vitest';
import type { CloudStep } from '../../../functions/persistent-ip/cloud.ts';
import { onlyPlannedAnswers } from '../wire.ts';
import { base, compute } from './setup.ts';

onlyPlannedAnswers();

const host = '/compute/v1/projects/host';
const hostUrl = 'https://www.googleapis.com/compute/v1/projects/host';
const network = `${hostUrl}/global/networks/vpc`;
const subnetwork = `${hostUrl}/regions/reg/subnetworks/sub`;
const neg = { zone: 'reg-a', name: 'neg-a' };
const record = undefined as never;
const rule = {
  name: 'fw',
  description: '',
  network: 'vpc',
  sourceRanges: [],
  destinationRanges: [],
  targetTags: [],
};
const shared = (answers: Parameters<typeof compute>[0]) => compute(answers, { networkProject: 'host' });

describe('with shared VPC', () => {
  it.each<[string, CloudStep, string, object]>([
    [
      'a NEG',
      { do: 'create-neg', neg, network: 'vpc', subnetwork: 'sub', description: '' },
      `${base}/zones/reg-a/networkEndpointGroups`,
      { network, subnetwork },
    ],
    [
      'an internal backend service',
      {
        do: 'create-backend-service',
        name: 'svc',
        scheme: 'INTERNAL',
        network: 'vpc',
        backends: [neg],
        leader: { neg, instance: 'vm' },
        record,
        description: '',
      },
      `${base}/regions/reg/backendServices`,
      { network },
    ],
    [
      'an internal forwarding rule',
      {
        do: 'create-forwarding-rule',
        name: 'r',
        ip: '10.0.0.9',
        reach: { scheme: 'INTERNAL', network: 'vpc', subnetwork: 'sub', allowGlobalAccess: false },
        backendService: 'svc',
        description: '',
      },
      `${base}/regions/reg/forwardingRules`,
      { network, subnetwork },
    ],
    [
      'an internal address',
      { do: 'reserve-address', name: 'a', from: { scheme: 'INTERNAL', subnetwork: 'sub' }, description: '' },
      `${base}/regions/reg/addresses`,
      { subnetwork },
    ],
  ])('%s is in the cluster’s project, its network in the host project', async (_, step, path, body) => {
    const { port, wire, deadline } = shared([
      [200, { name: 'op-1' }],
      [200, { status: 'DONE' }],
    ]);
    await port.apply(step, deadline);
    expect(wire.calls[0]).toMatchObject({ method: 'POST', body });
    expect(wire.lines()[0]?.split('?')[0]).toBe(`POST ${path}`);
    expect(wire.lines()[1]).toContain(`POST ${base}/`);
  });

  it.each<[string, CloudStep, string]>([
    ['made', { do: 'create-firewall', ...rule }, `POST ${host}/global/firewalls`],
    ['changed', { do: 'patch-firewall', ...rule }, `PUT ${host}/global/firewalls/fw`],
    ['deleted', { do: 'delete-firewall', name: 'fw' }, `DELETE ${host}/global/firewalls/fw`],
  ])(
    'a firewall rule is %s in the host project, and its operation waited for there',
    async (_, step, call) => {
      const { port, wire, deadline } = shared([
        [200, { name: 'op-1' }],
        [200, { status: 'DONE' }],
      ]);
      await port.apply(step, deadline);
      expect(wire.lines().map((line) => line.split('?')[0])).toEqual([
        call,
        `POST ${host}/global/operations/op-1/wait`,
      ]);
    },
  );

  it('a firewall rule is read there', async () => {
    const { port, wire } = shared([[200, { name: 'fw', network }]]);
    expect(await port.firewall('fw')).toMatchObject({ network: 'vpc' });
    expect(wire.lines()).toEqual([`GET ${host}/global/firewalls/fw`]);
  });

  it('an internal address may be in either project, an external one is the cluster’s own', async () => {
    const address = (ip: string, addressType: string) => ({
      name: `ip-${ip.replaceAll('.', '-')}`,
      address: ip,
      addressType,
      status: 'RESERVED',
      subnetwork,
    });
    const { port } = shared(({ path }) => [
      200,
      {
        items: path.startsWith(host)
          ? [address('10.0.0.1', 'INTERNAL'), address('34.0.0.1', 'EXTERNAL')]
          : [address('10.0.0.2', 'INTERNAL'), address('34.0.0.2', 'EXTERNAL')],
      },
    ]);
    expect((await port.addresses()).map(({ ip }) => ip)).toEqual(['10.0.0.2', '34.0.0.2', '10.0.0.1']);
  });
});
