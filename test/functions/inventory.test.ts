import { beforeEach, describe, expect, it } from 'vitest';
import { onInventory } from '../../functions/inventory.ts';
import { Failure } from '../../functions/persistent-ip/failure.ts';
import type { Route } from '../../functions/persistent-ip/objects.ts';
import type { ClusterDependencies } from '../../functions/reconciler/dependencies.ts';
import type { Wiring } from '../../functions/wiring.ts';
import { condition, gateway, gatewayClass, metadata, parentRef, route } from './fixtures.ts';
import { World } from './world.ts';

let world: World;
let clusters: ClusterDependencies[];

beforeEach(() => {
  world = new World();
  world.classes.push(gatewayClass());
  world.gateways.set('infra/pool', gateway(['34.1.2.3', '34.1.2.4']));
  clusters = [world.deps];
});

interface Answer {
  readonly items: readonly { readonly [field: string]: unknown }[];
  readonly nextPageToken?: string;
  readonly unreadable?: readonly unknown[];
  readonly error?: { readonly code: number; readonly message: string };
}

const ask = async (url: string, more: { method?: string; ifNoneMatch?: string } = {}) => {
  const wiring = { clusters: () => clusters } as unknown as Wiring;
  const answer = await onInventory(wiring, { method: 'GET', url, ifNoneMatch: undefined, ...more });
  return { ...answer, json: JSON.parse(answer.body || '{}') as Answer };
};
const held = (name: string, ip: string, more: Partial<Route> = {}): Route =>
  route([ip], {
    metadata: metadata(name),
    status: {
      pods: [`${name}-pod`],
      conditions: [
        condition('Accepted', 'True', 'Accepted'),
        condition('Ready', 'True', 'ProgrammingComplete'),
      ],
    },
    ...more,
  });

describe('pools', () => {
  it('say of each address which route claims it and which Pod holds it', async () => {
    world.put(held('nat', '34.1.2.3'));
    const { json } = await ask('/v1/pools');
    expect(json.items).toMatchObject([
      {
        namespace: 'infra',
        name: 'pool',
        scheme: 'EXTERNAL',
        addresses: [
          { address: '34.1.2.3', route: 'edge/nat', pod: 'edge/nat-pod' },
          { address: '34.1.2.4', route: null, pod: null },
        ],
      },
    ]);
  });

  it('count no claim of a route that is not accepted for its present spec', async () => {
    const stale = held('nat', '34.1.2.3');
    world.put({ ...stale, metadata: { ...stale.metadata, generation: 2 } });
    const { json } = await ask('/v1/pools');
    expect(json.items[0]?.addresses).toMatchObject([{ route: null }, { route: null }]);
  });

  it('leave another controller’s Gateways out', async () => {
    world.gateways.set('infra/theirs', gateway([], { className: 'theirs' }));
    expect((await ask('/v1/pools')).json.items).toHaveLength(1);
  });
});

describe('routes', () => {
  it('are those of our Gateways, with who holds what and whether it is ready', async () => {
    world.put(held('nat', '34.1.2.3'));
    world.put(held('theirs', '34.1.2.4', { parentRefs: [parentRef({ name: 'elsewhere' })] }));
    const { json } = await ask('/v1/routes');
    expect(json.items).toMatchObject([
      { name: 'nat', pools: ['infra/pool'], addresses: ['34.1.2.3/32'], pod: 'edge/nat-pod', ready: true },
    ]);
  });

  it('are not those that GKE’s controller owns, and name no parent that is no Gateway', async () => {
    const marks = { 'networking.gke.io/pip-state': 'x' };
    const gkes = held('gkes', '34.1.2.3');
    world.put({ ...gkes, metadata: { ...gkes.metadata, annotations: marks } });
    const service = parentRef({ group: '', kind: 'Service', name: 'web' });
    world.put(held('nat', '34.1.2.3', { parentRefs: [service, parentRef()] }));
    const { json } = await ask('/v1/routes');
    expect(json.items).toMatchObject([{ name: 'nat', pools: ['infra/pool'] }]);
    expect(json.items).toHaveLength(1);
  });

  it('come in pages that neither repeat nor lose one that stays, while others come and go', async () => {
    for (const name of ['a', 'b', 'c', 'd']) world.put(held(name, '34.1.2.3'));
    const first = (await ask('/v1/routes?pageSize=2')).json;
    world.routes.delete('edge/a');
    world.put(held('aa', '34.1.2.3'));
    const second = (await ask(`/v1/routes?pageSize=2&pageToken=${first.nextPageToken}`)).json;
    expect(first.items.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(second.items.map(({ name }) => name)).toEqual(['c', 'd']);
    expect(second.nextPageToken).toBeUndefined();
  });

  it('of one namespace', async () => {
    world.put(held('nat', '34.1.2.3'));
    expect((await ask('/v1/routes?namespace=other')).json.items).toEqual([]);
    expect((await ask('/v1/routes?namespace=edge')).json.items).toHaveLength(1);
  });
});

describe('an answer', () => {
  it('is not sent again to a reader who has it', async () => {
    const { headers, status } = await ask('/v1/routes');
    expect(status).toBe(200);
    const etag = headers.etag!;
    expect(await ask('/v1/routes', { ifNoneMatch: etag })).toMatchObject({ status: 304, body: '' });
    world.put(held('nat', '34.1.2.3'));
    expect((await ask('/v1/routes', { ifNoneMatch: etag })).status).toBe(200);
  });

  it.each([
    ['/v2/routes', 'GET', 404, '/v1/pools and /v1/routes'],
    ['/v1/toString', 'GET', 404, '/v1/pools'],
    ['/v1/routes', 'POST', 405, 'only GET'],
    ['/v1/routes?pageSize=0', 'GET', 400, '1 to 1000'],
    ['/v1/routes?page=2', 'GET', 400, 'no parameter "page"'],
    ['/v1/routes?cluster=other', 'GET', 404, 'no cluster "other"'],
  ])('%s by %s is %i and says what there is', async (url, method, status, words) => {
    const answer = await ask(url, { method });
    expect(answer.status).toBe(status);
    expect(answer.json.error?.message).toContain(words);
  });

  it('names a cluster that cannot be read beside the others, and is 503 when none can be', async () => {
    world.put(held('nat', '34.1.2.3'));
    const lost = new World();
    lost.before = () => {
      throw new Failure('retry', 'noAnswer', 0, 'no answer');
    };
    clusters = [world.deps, lost.deps];
    const { status, json } = await ask('/v1/routes');
    expect(status).toBe(200);
    expect(json.items).toHaveLength(1);
    expect(json.unreadable).toHaveLength(1);
    clusters = [lost.deps];
    expect((await ask('/v1/routes')).status).toBe(503);
  });
});
