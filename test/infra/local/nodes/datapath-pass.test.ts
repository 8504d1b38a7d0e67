import { expect, test } from 'vitest';
import { cidrOf, passOver, withVerdict } from '../../../../infra/local/nodes/datapath-pass.ts';
import type { Condition, Route } from '../../../../infra/local/nodes/objects.ts';

const at = new Date('2026-01-01T00:00:00Z');

const route = (
  name: string,
  changes: {
    addresses?: string[];
    pods?: string[];
    network?: string;
    accepted?: Partial<Condition>;
    dpv2?: Condition;
  } = {},
): Route => ({
  metadata: {
    name,
    namespace: 'edge',
    uid: name,
    resourceVersion: '1',
    generation: 2,
    creationTimestamp: '',
  },
  spec: {
    addresses: (changes.addresses ?? ['34.1.2.3/32']).map((value) => ({ value })),
    network: changes.network ?? 'default',
  },
  status: {
    pods: changes.pods ?? ['nat-1'],
    conditions: [
      { type: 'Accepted', status: 'True', observedGeneration: 2, ...changes.accepted },
      ...(changes.dpv2 === undefined ? [] : [changes.dpv2]),
    ],
  },
});

const here = { endpointOf: (pod: string) => (pod === 'edge/nat-1' ? { ip: '10.8.1.2' } : undefined) };
const elsewhere = { endpointOf: () => undefined };
const noNetworks = (name: string) => ({ unreadable: `networks "${name}" not found` });

test('every address of a route leads to its Pod on the node that has it', () => {
  const pass = passOver([route('a', { addresses: ['34.1.2.3/32', '34.1.2.4/32'] })], noNetworks, here);
  expect(pass).toMatchObject({ kind: 'done', verdicts: [{ status: 'True', reason: 'DPV2Ready' }] });
  expect(pass.kind === 'done' && [...pass.entries]).toEqual([
    ['34.1.2.3/32', { pod: 'edge/nat-1', podIP: '10.8.1.2', route: 'edge/a' }],
    ['34.1.2.4/32', { pod: 'edge/nat-1', podIP: '10.8.1.2', route: 'edge/a' }],
  ]);
});

test('another node has no entry for it and no opinion on it', () => {
  expect(passOver([route('a')], noNetworks, elsewhere)).toMatchObject({ entries: new Map(), verdicts: [] });
});

test.each([
  ['is not Accepted', { accepted: { status: 'False' } }],
  ['was accepted at an older generation', { accepted: { observedGeneration: 1 } }],
  ['names no Pod', { pods: [] }],
  ['names two Pods', { pods: ['nat-1', 'nat-2'] }],
] as const)('a route that %s has no entry', (_, changes) => {
  const pass = passOver([route('a', changes as never)], noNetworks, here);
  expect(pass).toMatchObject({ kind: 'done', entries: new Map(), verdicts: [] });
});

test('one value that is no CIDR stops the pass on the node of its Pod, and only there', () => {
  const routes = [route('good'), route('bad', { addresses: ['34.1.2.9'] })];
  expect(passOver(routes, noNetworks, here)).toMatchObject({ kind: 'stopped' });
  expect(passOver(routes, noNetworks, elsewhere)).toMatchObject({ kind: 'done' });
});

test('a Network that cannot be read stops the pass on every node, even of a route without a Pod', () => {
  const routes = [route('good'), route('bad', { network: 'blue', pods: [] })];
  for (const node of [here, elsewhere]) expect(passOver(routes, noNetworks, node).kind).toBe('stopped');
});

test('what is not Accepted stops nothing', () => {
  const bad = route('bad', { addresses: ['x'], network: 'blue', accepted: { status: 'False' } });
  expect(passOver([bad, route('good')], noNetworks, here)).toMatchObject({ kind: 'done', verdicts: [{}] });
});

test('every node vouches for a route on a Device network', () => {
  const pass = passOver([route('a', { network: 'fast' })], () => 'Device', elsewhere);
  expect(pass).toMatchObject({ kind: 'done', verdicts: [{ status: 'True' }], entries: new Map() });
});

test('an error of the map is the verdict', () => {
  const pass = passOver([route('a')], noNetworks, { ...here, mapError: 'map is full' });
  expect(pass).toMatchObject({
    verdicts: [{ status: 'False', reason: 'DPV2NotReady', message: 'map is full' }],
  });
});

test('a verdict is written only if status, message or generation differ', () => {
  const shown: Condition = {
    type: 'DPV2Ready',
    status: 'True',
    reason: 'Whatever',
    message: '',
    observedGeneration: 2,
    lastTransitionTime: 't',
  };
  const yes = { status: 'True', reason: 'DPV2Ready', message: '' } as const;
  const written = (dpv2: Condition | undefined) =>
    withVerdict({ route: route('a', dpv2 && { dpv2 }), ...yes }, at)?.status?.conditions?.[1];
  expect(written(shown)).toBeUndefined();
  expect(written(undefined)).toMatchObject({ status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' });
  expect(written({ ...shown, observedGeneration: 1 })).toMatchObject({
    observedGeneration: 2,
    lastTransitionTime: 't',
  });
  expect(written({ ...shown, status: 'False' })).toMatchObject({
    lastTransitionTime: '2026-01-01T00:00:00Z',
  });
});

test.each([
  ['34.1.2.3/32', '34.1.2.3/32'],
  ['203.0.113.9/28', '203.0.113.0/28'],
  ['2001:db8::1/64', '2001:db8::/64'],
  ['34.1.2.3', undefined],
  ['34.1.2.3/33', undefined],
  ['34.1.2.03/32', undefined],
  ['34.1.2/24', undefined],
  ['nat', undefined],
])('%s is read as net.ParseCIDR reads it', (value, cidr) => {
  expect(cidrOf(value)).toBe(cidr);
});
