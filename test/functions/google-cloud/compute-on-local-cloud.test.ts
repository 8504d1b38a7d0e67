import { describe, expect, it, onTestFinished } from 'vitest';
import { createCompute } from '../../../functions/google-cloud/compute.ts';
import { createComputeLists } from '../../../functions/google-cloud/compute-lists.ts';
import type { CloudStep } from '../../../functions/persistent-ip/cloud.ts';
import { systemClock } from '../../../infra/local/clock.ts';
import { startCompute } from '../../../infra/local/compute/index.ts';
import { fakePace } from './pace.ts';
import { failureOf, tokens } from './setup.ts';

const zone = 'us-east1-b';
const otherZone = 'us-east1-c';
const stem = 'pip-edge-nat-0123456789ab';
const description = '{"deployment":"d"}';
const neg = { zone, name: `${stem}-0a0a0a0a` };
const otherNeg = { zone: otherZone, name: `${stem}-0b0b0b0b` };
const record = undefined as never;
const where = { network: 'vpc', subnetwork: 'sub', description };
const deadline = new Date(Date.now() + 600_000);

const hex = (ip: string) =>
  ip
    .split('.')
    .map((part) => Number(part).toString(16).padStart(2, '0'))
    .join('');
const rule = (ip: string) => `${stem}-${hex(ip)}`;

/** A region with two VMs in two zones and two reserved addresses. */
const region = async () => {
  const cloud = await startCompute({
    project: 'prj-1',
    region: 'us-east1',
    zones: [zone, otherZone],
    clock: systemClock,
    operationMs: 2,
  });
  onTestFinished(() => cloud.close());
  cloud.addNetwork({ name: 'vpc' });
  cloud.addSubnetwork({ name: 'sub', network: 'vpc', range: '10.0.0.0/20' });
  const nic = { network: 'vpc', subnetwork: 'sub' };
  cloud.createInstance({ name: 'vm-1', zone, ...nic });
  cloud.createInstance({ name: 'vm-2', zone: otherZone, ...nic });
  const ips = ['ip-1', 'ip-2'].map((name) => String(cloud.reserveAddress({ name }).address));
  const { sleep, random } = fakePace();
  const options = {
    project: 'prj-1',
    region: 'us-east1',
    tokens,
    sleep,
    random,
    now: () => new Date(),
    endpoint: cloud.url,
  };
  const port = createCompute(options);
  /** Applies steps one after the other and counts the requests that could change something. */
  const mutations = async (...steps: readonly CloudStep[]): Promise<number> => {
    const before = cloud.calls.length;
    for (const step of steps) await port.apply(step, deadline);
    return cloud.calls.slice(before).filter(({ mutation }) => mutation).length;
  };
  return { cloud, port, lists: createComputeLists(options), ips, mutations };
};

const reach = { scheme: 'EXTERNAL', networkTier: 'PREMIUM' } as const;

const firewall = { name: stem, network: 'vpc', sourceRanges: ['0.0.0.0/0'], targetTags: [], description };

const creation = (ips: readonly string[]): readonly CloudStep[] => [
  { do: 'create-neg', neg, ...where },
  { do: 'attach', neg, instances: ['vm-1'] },
  {
    do: 'create-backend-service',
    name: stem,
    scheme: 'EXTERNAL',
    network: 'vpc',
    backends: [neg],
    leader: { neg, instance: 'vm-1' },
    record,
    description,
  },
  ...ips.map((ip) => ({
    do: 'create-forwarding-rule' as const,
    name: rule(ip),
    ip,
    reach,
    backendService: stem,
    description,
  })),
  { do: 'create-firewall', ...firewall, destinationRanges: ips.map((ip) => `${ip}/32`) },
];

const teardown = (ips: readonly string[]): readonly CloudStep[] => [
  ...ips.map((ip) => ({ do: 'delete-forwarding-rule' as const, name: rule(ip) })),
  { do: 'delete-firewall', name: stem },
  { do: 'delete-backend-service', name: stem },
  { do: 'delete-neg', neg },
];

/** A region with a route's resources in it. */
const route = async () => {
  const it = await region();
  await it.mutations(...creation(it.ips));
  return it;
};

describe("a route's resources on the local cloud", () => {
  it('are created by one mutation each, and read back as they were meant', async () => {
    const { port, ips, mutations } = await region();
    expect(await mutations(...creation(ips))).toBe(6);
    expect(await port.negsNamed(zone, stem, [neg.name])).toEqual([
      { ...neg, owner: description, network: 'vpc', subnetwork: 'sub', endpoints: ['vm-1'] },
    ]);
    expect(await port.backendService(stem)).toMatchObject({ backends: [neg], description });
    expect((await port.forwardingRulesNamed([stem, 'pip-other'])).map(({ ip }) => ip).sort()).toEqual(
      [...ips].sort(),
    );
    const [, second = ''] = ips;
    expect(await port.forwardingRulesOf([second])).toMatchObject([
      { name: rule(second), backendService: stem },
    ]);
    expect((await port.firewall(stem))?.destinationRanges).toEqual(ips.map((ip) => `${ip}/32`));
    expect((await port.addresses()).map(({ status }) => status)).toEqual(['IN_USE', 'IN_USE']);
  });

  it('are in the lists as each is by itself, and nothing else is', async () => {
    const { cloud, port, lists, mutations } = await route();
    await mutations({ do: 'create-neg', neg: { zone, name: 'pip-mine' }, ...where });
    await mutations({
      do: 'create-firewall',
      ...firewall,
      name: 'pip-other',
      destinationRanges: ['10.9.0.0/16'],
    });
    const created = expect.stringMatching(/^\d{4}-\d\d-\d\dT/);
    expect(await lists.backendServices()).toEqual([{ ...(await port.backendService(stem)), created }]);
    expect(await lists.firewalls()).toEqual([{ ...(await port.firewall(stem)), created }]);
    expect(await lists.forwardingRules()).toEqual(
      (await port.forwardingRulesNamed([stem])).map((one) => ({ ...one, created })),
    );
    const [{ endpoints = [], ...alone } = {}] = await port.negsNamed(zone, stem, []);
    expect(await lists.negs(zone)).toEqual([{ ...alone, size: 1, created }]);
    expect(await lists.negs(otherZone)).toEqual([]);
    expect(await lists.endpoints(neg)).toEqual(endpoints);
    expect(await lists.endpoints(otherNeg)).toEqual([]);
    expect(await lists.vms(zone)).toEqual(new Map([['vm-1', await port.vm(zone, 'vm-1')]]));
    cloud.deleteInstance({ zone, name: 'vm-1' });
    expect(await lists.vms(zone)).toEqual(new Map());
  });

  it('move together by one PATCH, and an older fingerprint moves nothing', async () => {
    const { port, mutations } = await route();
    await mutations(
      { do: 'create-neg', neg: otherNeg, ...where },
      { do: 'attach', neg: otherNeg, instances: ['vm-2'] },
    );
    const { fingerprint = '' } = (await port.backendService(stem)) ?? {};
    const leader = { neg: otherNeg, instance: 'vm-2' };
    const backends = [neg, otherNeg];
    const fenced = { do: 'patch-backend-service', name: stem, fingerprint, record } as const;
    expect(await mutations({ ...fenced, leader, backends, description: 'moved' })).toBe(1);
    expect(await port.backendService(stem)).toMatchObject({ leader, backends, description: 'moved' });
    const late = port.apply({ ...fenced, leader: { neg, instance: 'vm-1' }, description: 'late' }, deadline);
    expect(await failureOf(late)).toMatchObject({ kind: 'stale', status: 412 });
    expect(await port.backendService(stem)).toMatchObject({ leader });
  });

  it('lose a standby by one detachment, and never their leader', async () => {
    const { cloud, port, mutations } = await route();
    cloud.createInstance({ name: 'vm-2', zone, network: 'vpc', subnetwork: 'sub' });
    await mutations({ do: 'attach', neg, instances: ['vm-2'] });
    expect(await mutations({ do: 'detach', neg, instances: ['vm-2'] })).toBe(1);
    expect(await port.negsNamed(zone, stem, [neg.name])).toMatchObject([{ endpoints: ['vm-1'] }]);
    const leading = port.apply({ do: 'detach', neg, instances: ['vm-1'] }, deadline);
    expect(await failureOf(leading)).toMatchObject({ kind: 'in-use' });
    const again = port.apply({ do: 'detach', neg, instances: ['vm-2'] }, deadline);
    expect(await failureOf(again)).toMatchObject({ kind: 'user' });
  });

  it('keep leader and backends when only the description changes', async () => {
    const { port, mutations } = await route();
    const before = await port.backendService(stem);
    const { fingerprint = '' } = before ?? {};
    await mutations({ do: 'patch-backend-service', name: stem, fingerprint, record, description: 'again' });
    const after = await port.backendService(stem);
    expect(after).toEqual({ ...before, description: 'again', fingerprint: after?.fingerprint });
  });

  it('let a firewall rule follow the addresses', async () => {
    const { port, mutations } = await route();
    const destinationRanges = ['203.0.113.9/32'];
    expect(await mutations({ do: 'patch-firewall', ...firewall, destinationRanges })).toBe(1);
    expect(await port.firewall(stem)).toMatchObject({ destinationRanges });
  });

  it('take the nodes’ tag off a firewall rule again', async () => {
    const { port, mutations } = await route();
    const whole = { do: 'patch-firewall', ...firewall, destinationRanges: ['203.0.113.9/32'] } as const;
    await mutations({ ...whole, targetTags: ['gke-node'] });
    expect(await port.firewall(stem)).toMatchObject({ targetTags: ['gke-node'] });
    await mutations({ ...whole, targetTags: [] });
    expect(await port.firewall(stem)).toMatchObject({ targetTags: [] });
  });

  it('end by one mutation each; deleting again is done', async () => {
    const { port, ips, mutations } = await route();
    expect(await mutations(...teardown(ips))).toBe(5);
    await mutations(...teardown(ips));
    expect(await port.backendService(stem)).toBeUndefined();
    expect(await port.firewall(stem)).toBeUndefined();
    expect(await port.negsNamed(zone, stem, [neg.name])).toEqual([]);
    expect(await port.forwardingRulesNamed([stem])).toEqual([]);
    expect((await port.addresses()).map(({ status }) => status)).toEqual(['RESERVED', 'RESERVED']);
  });
});

describe('the refusals of the local cloud', () => {
  it('a list of more than one page, which all come', async () => {
    const { cloud, lists } = await region();
    const names = Array.from({ length: 501 }, (_, i) => `many-${i}`);
    for (const name of names) cloud.createInstance({ name, zone, network: 'vpc', subnetwork: 'sub' });
    const before = cloud.calls.length;
    expect([...(await lists.vms(zone)).keys()].sort()).toEqual([...names, 'vm-1'].sort());
    expect(cloud.calls.length - before).toBe(2);
  });

  it('an address that is taken', async () => {
    const { port, ips } = await route();
    const thief = {
      do: 'create-forwarding-rule',
      name: 'thief',
      reach,
      backendService: stem,
      description,
    } as const;
    const failure = await failureOf(port.apply({ ...thief, ip: ips[0] ?? '' }, deadline));
    expect(failure).toMatchObject({ kind: 'address-in-use' });
  });

  it('a name that is taken', async () => {
    const { port } = await route();
    const failure = await failureOf(port.apply({ do: 'create-neg', neg, ...where }, deadline));
    expect(failure).toMatchObject({ kind: 'exists' });
  });

  it('a resource that another one still uses', async () => {
    const { port } = await route();
    const failure = await failureOf(port.apply({ do: 'delete-backend-service', name: stem }, deadline));
    expect(failure).toMatchObject({ kind: 'in-use', status: 400 });
  });

  it('a request whose answer was lost is done once', async () => {
    const { cloud, port, mutations } = await region();
    const fault = { method: 'POST', path: /networkEndpointGroups$/, effect: { hangUp: 'after' } } as const;
    const lost = cloud.inject(fault);
    await mutations({ do: 'create-neg', neg, ...where });
    expect(lost.hits).toBe(1);
    expect(await port.negsNamed(zone, stem, [])).toMatchObject([{ owner: description }]);
  });

  it('a VM that is gone', async () => {
    const { cloud, port } = await region();
    expect(await port.vm(zone, 'vm-1')).toEqual({ state: 'running', subnetworks: ['sub'] });
    cloud.deleteInstance({ zone, name: 'vm-1' });
    expect(await port.vm(zone, 'vm-1')).toEqual({ state: 'gone', subnetworks: [] });
  });
});
