import { expect, it } from 'vitest';
import type { ClusterVerdict } from '../../../events/judge-cluster-event.ts';
import { expandClusterEvent } from '../../../functions/dispatch/expand-cluster-event.ts';
import { cause, metadata, route } from '../fixtures.ts';
import { World } from '../world.ts';

/** The routes that an entry about a Network makes somebody look at. */
const looksAt = async (verdict: Extract<ClusterVerdict, { kind: 'network' | 'networks' }>) => {
  const world = new World();
  for (const network of ['default', 'pod-network', 'blue', 'red'])
    world.put(route(['34.1.2.3'], { network, metadata: metadata(`on-${network}`) }));
  return (await expandClusterEvent(world.deps, verdict, cause)).map(({ kind, name }) => `${kind} ${name}`);
};

it('a Network concerns the routes that name it', async () => {
  expect(await looksAt({ kind: 'network', name: 'blue' })).toEqual(['route on-blue']);
});

it('a parameter set, or Networks deleted together, concern every route that is not of the default network', async () => {
  expect(await looksAt({ kind: 'networks' })).toEqual(['route on-blue', 'route on-red']);
});
