import { expect, it } from 'vitest';
import { computeMethod, kubernetesMethod, peakPerSecond } from './meter.ts';
import { doubleOwners, type RouteSeen, type Snapshot, unsettled } from './ownership.ts';
import { runLoad } from './run.ts';

it('sixteen routes are rolled out at once by two instances with one call in twenty refused: nothing is owned twice, nothing lost', async () => {
  const result = await runLoad({
    routes: 16,
    namespaces: 4,
    failing: 5,
    seed: 1,
    instances: 2,
    // Together less than sixteen routes at once ask for.
    computeCallsPerSecond: 50,
    listsPerMinute: 0,
    // Ten times what it takes on an idle machine.
    patience: 60_000,
    onProgress: () => {},
  });
  expect(result.broken).toEqual([]);
  expect(result.deadLetters).toBe(0);
  expect([...result.during.refused.keys()].filter((key) => / (?:403|429|503)$/.test(key))).not.toEqual([]);
  // With one limiter for both this were impossible.
  expect(result.peak).toBeGreaterThan(50);
  expect(result.peaks).toHaveLength(2);
  expect(result.looks).toBeGreaterThan(3);
}, 150_000);

const route = (name: string, more: Partial<RouteSeen> = {}): RouteSeen => ({
  namespace: 'edge',
  name,
  addresses: ['34.1.2.3'],
  pods: [`${name}-1`],
  ready: true,
  ...more,
});

const seen = (more: Partial<Snapshot> = {}): Snapshot => ({
  routes: [route('nat')],
  nodes: new Map([
    ['edge/nat-1', 'node-1'],
    ['edge/nat-2', 'node-2'],
    ['edge/vpn-1', 'node-1'],
  ]),
  rules: [{ ip: '34.1.2.3', service: 'a' }],
  leaders: new Map([['a', 'node-1']]),
  ...more,
});

const wanted = ({ name }: RouteSeen) => `${name}-1`;

it('one route whose Pod is on the leader is as it must be', () => {
  expect(doubleOwners(seen())).toEqual([]);
  expect(unsettled(seen(), wanted)).toEqual([]);
});

it.each([
  ['a status that names two Pods', { routes: [route('nat', { pods: ['nat-1', 'nat-2'] })] }],
  ['two routes whose Pods are on the leader', { routes: [route('nat'), route('vpn')] }],
  [
    'two forwarding rules that lead to two nodes',
    {
      rules: ['a', 'b'].map((service) => ({ ip: '34.1.2.3', service })),
      leaders: new Map([
        ['a', 'node-1'],
        ['b', 'node-2'],
      ]),
    },
  ],
])('%s: an address is owned twice', (_, fault) => {
  expect(doubleOwners(seen(fault))).toHaveLength(1);
});

it.each([
  ['not Ready', { routes: [route('nat', { ready: false })] }],
  ['on another Pod', { routes: [route('nat', { pods: ['nat-2'] })] }],
  ['led to another node', { leaders: new Map([['a', 'node-2']]) }],
  ['without a rule', { rules: [] }],
])('a route that is %s has not converged', (_, fault) => {
  expect(unsettled(seen(fault), wanted)).toEqual(['edge/nat']);
});

it.each([
  ['GET', 'regions/r/backendServices/b', 'backendServices.get'],
  ['GET', 'zones/z/networkEndpointGroups', 'networkEndpointGroups.list'],
  [
    'POST',
    'zones/z/networkEndpointGroups/n/attachNetworkEndpoints',
    'networkEndpointGroups.attachNetworkEndpoints',
  ],
  ['DELETE', 'global/firewalls/f', 'firewalls.delete'],
])('%s %s is counted as %s', (method, path, name) => {
  expect(computeMethod(method, `/compute/v1/projects/p/${path}`)).toBe(name);
});

it.each([
  ['/api/v1/namespaces/edge/pods/nat', 'pods.get'],
  ['/api/v1/namespaces/edge', 'namespaces.get'],
  ['/apis/networking.gke.io/v1/namespaces/edge/gkeiproutes/nat/status', 'gkeiproutes/status.get'],
])('a read of %s is counted as %s', (path, name) => {
  expect(kubernetesMethod('get', path)).toBe(name);
});

it('the fullest second counts a window, not a second of the clock', () => {
  expect(peakPerSecond([0, 900, 1000, 1899, 3000])).toBe(3);
});
