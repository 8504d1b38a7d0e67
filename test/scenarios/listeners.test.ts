import { afterEach, beforeEach, expect, it } from 'vitest';
import { gateway, gatewayClass, namespace, paths, pod, route } from './objects.ts';
import { Stage } from './stage.ts';

let stage: Stage;

const kinds = [{ group: 'networking.gke.io', kind: 'GKEIPRoute' }];
const listener = (name: string, port: number, allowedRoutes: object = {}) => ({
  name,
  protocol: 'none',
  port,
  allowedRoutes,
});
const pool = (listeners: readonly object[]) =>
  gateway('pool', 'infra', ['34.1.2.3'], undefined, { listeners });
const toPool = (more: object = {}) => ({ parentRefs: [{ name: 'pool', namespace: 'infra', ...more }] });
/** Of the Gateway `infra/pool`: name of a listener and how many routes it has. */
const attached = async (): Promise<Record<string, number>> => {
  await stage.rest();
  const view = await stage.gateway('infra', 'pool');
  return Object.fromEntries(
    (view?.status?.listeners ?? []).map(({ name, attachedRoutes }) => [name, attachedRoutes]),
  );
};

beforeEach(async () => {
  stage = await Stage.open();
  stage.reserve('34.1.2.3');
  await stage.apply(namespace('infra'), namespace('edge', { tier: 'gold' }), namespace('other'));
});
afterEach(() => stage.close());

it('a Selector follows the labels of the Namespace, in both directions', async () => {
  const selector = { matchExpressions: [{ key: 'tier', operator: 'In', values: ['gold', 'silver'] }] };
  await stage.apply(
    pool([listener('default', 443, { namespaces: { from: 'Selector', selector }, kinds })]),
    route('nat', 'edge', ['34.1.2.3'], toPool()),
    pod('nat-1', 'edge'),
  );
  await stage.ready('edge', 'nat', 'nat-1');
  await stage.patch(paths.namespace('edge'), { metadata: { labels: { tier: 'bronze' } } });
  const { conditions } = await stage.reason('edge', 'nat', 'Accepted', 'Unattachable');
  expect(conditions[0]?.message).toMatch(/infra\/pool admits GKEIPRoutes of namespace edge/);
  expect(await attached()).toEqual({ default: 0 });
  expect(await stage.count('/regions/us-central1/forwardingRules')).toBe(0);
  await stage.patch(paths.namespace('edge'), { metadata: { labels: { tier: 'silver' } } });
  await stage.ready('edge', 'nat', 'nat-1');
  expect(await attached()).toEqual({ default: 1 });
});

it('each listener says what it takes and counts its own routes; sectionName means one of them', async () => {
  const http = [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute' }];
  await stage.apply(
    pool([
      listener('own', 1, { namespaces: { from: 'Same' }, kinds }),
      listener('open', 2, { namespaces: { from: 'All' } }),
      listener('web', 3, { namespaces: { from: 'All' }, kinds: http }),
    ]),
    route('nat', 'edge', ['34.1.2.3'], toPool()),
    route('mine', 'infra', ['34.1.2.3'], toPool({ sectionName: 'own' })),
    route('web', 'other', ['34.1.2.3'], toPool({ sectionName: 'web' })),
    route('lost', 'other', ['34.1.2.3'], toPool({ sectionName: 'nowhere' })),
  );
  const web = await stage.reason('other', 'web', 'Accepted', 'Unattachable');
  const lost = await stage.reason('other', 'lost', 'Accepted', 'Unattachable');
  expect(lost.conditions[0]?.message).toMatch(/no listener "nowhere": its listeners are own, open, web/);
  expect(web.conditions[0]?.message).toMatch(/No listener .* admits/);
  expect(await attached()).toEqual({ own: 1, open: 1, web: 0 });
  const view = await stage.gateway('infra', 'pool');
  const said = view?.status?.listeners?.map(({ name, supportedKinds, conditions }) => [
    name,
    supportedKinds.map(({ kind }) => kind).join(),
    conditions.map(({ type, status, reason }) => `${type}=${status}/${reason}`).join(' '),
  ]);
  const good =
    'Accepted=True/Accepted ResolvedRefs=True/ResolvedRefs Programmed=True/Programmed Conflicted=False/NoConflicts';
  expect(said).toEqual([
    ['own', 'GKEIPRoute', good],
    ['open', 'GKEIPRoute', good],
    [
      'web',
      '',
      'Accepted=True/Accepted ResolvedRefs=False/InvalidRouteKinds Programmed=False/Invalid Conflicted=False/NoConflicts',
    ],
  ]);
});

it('no route of a namespace that no listener admits changes who holds an address', async () => {
  await stage.apply(
    pool([listener('default', 443, { namespaces: { from: 'Same' }, kinds })]),
    route('nat', 'infra', ['34.1.2.3'], toPool()),
    pod('nat-1', 'infra'),
  );
  await stage.ready('infra', 'nat', 'nat-1');
  await stage.rest();
  const before = stage.mutations().length;
  await stage.apply(route('thief', 'other', ['34.1.2.3'], toPool()), pod('thief-1', 'other'));
  await stage.reason('other', 'thief', 'Accepted', 'Unattachable');
  await stage.rest();
  expect(stage.mutations()).toHaveLength(before);
  expect((await stage.route('infra', 'nat'))?.pod).toBe('nat-1');
});

it('addresses may come from several Gateways of one class, and a foreign one beside them is ignored', async () => {
  stage.reserve('34.1.2.4');
  await stage.apply(
    gatewayClass('theirs', { controllerName: 'example.com/gateways' }),
    pool([listener('default', 443, { namespaces: { from: 'All' } })]),
    gateway('more', 'edge', ['34.1.2.4']),
    gateway('web', 'edge', [], undefined, { gatewayClassName: 'theirs' }),
    route('nat', 'edge', ['34.1.2.3', '34.1.2.4'], {
      parentRefs: [{ name: 'web' }, { name: 'pool', namespace: 'infra' }, { name: 'more' }],
    }),
    pod('nat-1', 'edge'),
  );
  await stage.ready('edge', 'nat', 'nat-1');
  // Without the second parent its address is in no admitting pool: the whole route is refused.
  await stage.patch(paths.route('edge', 'nat'), {
    spec: { parentRefs: [{ name: 'web' }, { name: 'pool', namespace: 'infra' }] },
  });
  const { conditions } = await stage.reason('edge', 'nat', 'Accepted', 'InvalidAddresses');
  expect(conditions[0]?.message).toContain('34.1.2.4/32 is in the pool of no Gateway');
});

it('Gateways of two classes admit no route together: Unattachable, naming the classes', async () => {
  const inside = gateway('inside', 'edge', [], undefined, {
    gatewayClassName: 'persistent-ip-regional-internal',
  });
  await stage.apply(
    pool([listener('default', 443, { namespaces: { from: 'All' } })]),
    inside,
    route('nat', 'edge', ['34.1.2.3'], {
      parentRefs: [{ name: 'inside' }, { name: 'pool', namespace: 'infra' }],
    }),
    pod('nat-1', 'edge'),
  );
  const { conditions } = await stage.reason('edge', 'nat', 'Accepted', 'Unattachable');
  expect(conditions[0]?.message).toMatch(
    /persistent-ip-regional-internal and persistent-ip-regional-external/,
  );
  // One that does not admit the route has no say.
  await stage.apply({
    ...inside,
    spec: { ...inside.spec, listeners: [listener('closed', 1, { kinds: [{ kind: 'TCPRoute' }] })] },
  });
  await stage.ready('edge', 'nat', 'nat-1');
});
