import { beforeEach, expect, it } from 'vitest';
import { leftoversToAsk } from '../../../functions/dispatch/leftovers-to-ask.ts';
import { type Reported, reportUnclear } from '../../../functions/dispatch/report-unclear.ts';
import { Failure } from '../../../functions/persistent-ip/failure.ts';
import { orFailure } from '../../../functions/reconciler/or-failure.ts';
import { reconcile } from '../../../functions/reconciler/reconcile.ts';
import { listCompute } from '../../../functions/reconciler/snapshot-compute.ts';
import { cause, pod, route, routeRequest } from '../fixtures.ts';
import { type World, worldOfRoute } from '../world.ts';

const nothing = { requests: [], unclear: [], unlisted: [] };
let world: World;

const find = async () => {
  const { deps } = world;
  const listed = await orFailure(listCompute(deps.lists, deps.cluster.zones));
  const living = {
    routes: [...world.routes.values()],
    gateways: [...world.gateways.values()],
    clusterUid: 'cluster-uid',
  };
  return leftoversToAsk(deps, listed, () => deps.compute.addresses(), living, { cause });
};

/** A backend service of our form of name that nobody has written a record on. */
const stray = (name: string): void => {
  const [service] = world.services.values();
  world.services.set(name, { ...service!, name, description: 'made by hand' });
};

beforeEach(async () => {
  world = worldOfRoute();
  world.pods.set('edge/nat-1', pod('nat-1'));
  await reconcile(world.deps, routeRequest());
  world.calls.length = 0;
  world.audited.length = 0;
});

it('what is served costs its lists, and no request', async () => {
  expect(await find()).toEqual(nothing);
  expect(world.calls.toSorted()).toEqual([
    'list-addresses',
    'list-all-negs',
    'list-all-negs',
    'list-all-rules',
    'list-backend-services',
    'list-firewalls',
  ]);
});

it('a route that is gone is asked for once, by its uid, however much it has left', async () => {
  world.routes.delete('edge/nat');
  const { requests } = await find();
  expect(requests).toEqual([{ ...routeRequest(), cause }]);
});

it('each full run asks for it, at whatever minute, until nothing is left', async () => {
  world.routes.delete('edge/nat');
  const asked: number[] = [];
  for (const minute of [0, 5, 10, 13]) {
    world.now = new Date(Date.UTC(2026, 10, 24, 14, minute, 30));
    asked.push((await find()).requests.length);
  }
  expect(asked).toEqual([1, 1, 1, 1]);
});

it('what only a person can judge is said once by an instance, and by another one with the same time', async () => {
  stray('pip-edge-nat-00000000000f');
  const reported: Reported = new Map();
  const { unclear } = await find();
  for (const memory of [reported, reported, new Map() as Reported]) {
    await reportUnclear(world.deps, unclear, memory);
    world.now = new Date(world.now.getTime() + 300_000);
  }
  const [first, second] = world.audited;
  expect(world.audited).toHaveLength(2);
  expect(second).toEqual(first);
  expect(first).toMatchObject({
    timestamp: '2026-11-24T14:05:00.000Z',
    action: 'refuse',
    outcome: expect.stringContaining('backend service pip-edge-nat-00000000000f: it is named as ours are'),
  });
});

it('it is said again four weeks later, when the log is about to forget it; a new one is said at once', async () => {
  stray('pip-edge-nat-00000000000f');
  const { unclear } = await find();
  const reported: Reported = new Map();
  await reportUnclear(world.deps, unclear, reported);
  world.now = new Date(world.now.getTime() + 29 * 86_400_000);
  await reportUnclear(world.deps, unclear, new Map());
  expect(new Set(world.audited.map(({ timestamp }) => timestamp)).size).toBe(2);
  const age = world.now.getTime() - Date.parse(world.audited[1]!.timestamp);
  expect(age).toBeLessThan(28 * 86_400_000);
  stray('pip-edge-nat-0000000000ff');
  await reportUnclear(world.deps, (await find()).unclear, reported);
  expect(world.audited.at(-1)?.outcome).toContain('pip-edge-nat-0000000000ff');
});

it('no more than a hundred are said in a run; the next one goes on', async () => {
  const problem = 'nobody knows';
  const unclear = Array.from({ length: 150 }, (_, i) => ({
    what: 'address',
    name: `a-${i}`,
    created: '',
    problem,
  }));
  const reported: Reported = new Map();
  const counts: number[] = [];
  for (const _ of [1, 2, 3]) {
    world.audited.length = 0;
    await reportUnclear(world.deps, unclear, reported);
    counts.push(world.audited.length);
  }
  expect(counts).toEqual([100, 50, 0]);
});

it('a route that exists again under its name is asked for beside the old one', async () => {
  world.routes.delete('edge/nat');
  world.put(route(undefined, { metadata: { ...route().metadata, uid: 'uid-again' } }));
  expect((await find()).requests.map(({ uid }) => uid)).toEqual(['uid-nat']);
});

it.each(['list-all-rules', 'list-addresses'])(
  'what cannot be listed (%s) is said, and nothing is concluded from it',
  async (list) => {
    world.routes.delete('edge/nat');
    world.before = (call) => {
      if (call === list) throw new Failure('retry', 'backendError', 503, 'busy');
    };
    const { requests, unlisted } = await find();
    expect(unlisted).toEqual(['backendError: busy']);
    expect(requests).toHaveLength(list === 'list-addresses' ? 1 : 0);
  },
);
