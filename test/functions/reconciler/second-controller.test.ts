import { beforeEach, expect, it } from 'vitest';
import { fieldManager } from '../../../functions/persistent-ip/second-controller.ts';
import { reconcile } from '../../../functions/reconciler/reconcile.ts';
import { condition, pod, routeRequest } from '../fixtures.ts';
import { type World, worldOfRoute } from '../world.ts';

let world: World;
let ourLastWrite: string;

const present = () => world.routes.get('edge/nat')!;
const second = (time: Date): string => `${time.toISOString().slice(0, 19)}Z`;
const deliver = () => reconcile(world.deps, routeRequest());

/** The other one writes back before anybody can read what we wrote. */
const rewriteAtOnce = (): void => {
  let writes = world.statusWrites;
  world.before = (call) => {
    if (call !== 'get-route') return;
    if (world.statusWrites > writes) ourLastWrite = second(world.now);
    writes = world.statusWrites;
    world.put({
      ...present(),
      status: { pods: [], conditions: [condition('Accepted', 'False', 'Theirs')] },
      statusWriters: [
        { manager: fieldManager, at: ourLastWrite },
        { manager: 'gke-controller', at: second(world.now) },
      ],
    });
  };
};

beforeEach(async () => {
  world = worldOfRoute();
  world.pods.set('edge/nat-1', pod('nat-1'));
  await deliver();
  ourLastWrite = second(world.now);
  world.calls.length = 0;
  rewriteAtOnce();
});

it('a controller that writes back at once gets the writes of one delivery a minute, however often events wake ours', async () => {
  const writes: number[] = [];
  for (let minute = 0; minute < 5; minute += 1) {
    const before = world.statusWrites;
    for (let event = 0; event < 10; event += 1) {
      expect(await deliver()).toEqual({ kind: 'settled' });
      world.now = new Date(world.now.getTime() + 6_000);
    }
    writes.push(world.statusWrites - before);
  }
  expect(writes).toEqual([0, 2, 2, 2, 2]);
});

it('while ours is silent nothing changes in Google Cloud, and nobody loses an address', async () => {
  world.pods.set('edge/nat-2', pod('nat-2', { metadata: { creationTimestamp: '2026-11-24T14:04:00Z' } }));
  await deliver();
  expect(world.mutations).toEqual([]);
  expect(world.rules.size).toBe(1);
});
