import { beforeEach, describe, expect, it } from 'vitest';
import { explainNow } from '../../functions/explain-route.ts';
import { reconcile } from '../../functions/reconciler/reconcile.ts';
import { cause, clusterKey, node, pod } from './fixtures.ts';
import { type World, worldOfRoute } from './world.ts';

let world: World;

beforeEach(() => {
  world = worldOfRoute();
});

const put = (name: string, more: Parameters<typeof pod>[1] = {}) =>
  world.pods.set(`edge/${name}`, pod(name, more));
const explain = async () => {
  const explained = await explainNow(world.deps, { namespace: 'edge', name: 'nat' });
  return explained!;
};
const newer = { creationTimestamp: '2026-11-24T14:01:00Z' };

describe('an explanation', () => {
  it('lists every Pod in the order of the rules, with why it is not the one', async () => {
    world.nodes.set('lost', node('lost', 'us-central1-a', { ready: 'Unknown' }));
    put('old');
    put('new', { metadata: newer });
    put('ending', { metadata: { ...newer, deletionTimestamp: '2026-11-24T14:02:00Z' } });
    put('away', { nodeName: 'lost' });
    put('unready', { ready: false });
    put('done', { phase: 'Succeeded' });
    put('host', { hostNetwork: true });
    put('homeless', { nodeName: 'nowhere' });
    const { pods } = await explain();
    expect(pods.map(({ pod: name, chosen, why }) => [name, chosen, why])).toEqual([
      ['new', true, 'it is the first in the order of the rules'],
      ['old', false, 'Pod new is newer'],
      ['ending', false, 'it is terminating'],
      ['away', false, 'its Node lost is not ready'],
      ['unready', false, 'it is not Ready'],
      ['done', false, 'it has finished (Succeeded)'],
      ['host', false, 'it is on the network of its Node (hostNetwork)'],
      ['homeless', false, 'its Node nowhere is gone'],
    ]);
  });

  it('has the stages that a delivery would begin with, and writes nothing', async () => {
    put('nat-1');
    const { stages, calls, verdict } = await explain();
    expect(verdict).toBe('act');
    expect(stages.flat().map((step) => step.do)).toContain('create-backend-service');
    expect(calls.map((stage) => stage.map(({ call }) => call))).toEqual([
      ['networkEndpointGroups.insert'],
      ['networkEndpointGroups.attachNetworkEndpoints'],
      ['regionBackendServices.insert'],
      ['forwardingRules.insert', 'firewalls.insert'],
    ]);
    expect(calls.flat().every(({ on }) => /^(us-central1-a\/)?pip-edge-nat-[0-9a-f]{12}/.test(on))).toBe(
      true,
    );
    expect(world.calls.filter((call) => !/^(get|list)-/.test(call))).toEqual([]);
  });

  it('names the holder, and no step, once the reconciler is done', async () => {
    put('nat-1');
    await reconcile(world.deps, {
      cluster: clusterKey,
      kind: 'route',
      namespace: 'edge',
      name: 'nat',
      cause,
    });
    expect(await explain()).toMatchObject({ holder: { pod: 'nat-1', uid: 'uid-nat-1' }, stages: [] });
  });

  it('says what to do about each condition, of Ready what the condition says whose reason it repeats', async () => {
    world.gateways.delete('infra/pool');
    put('nat-1');
    const { conditions, pods } = await explain();
    const remedy = (wanted: string) => conditions.find(({ type }) => type === wanted)?.whatToDo;
    expect(remedy('Accepted')).toContain('create the Gateway');
    expect(remedy('Ready')).toBe(remedy('Accepted'));
    expect(pods[0]).toMatchObject({ chosen: false, why: 'the route is not accepted (GatewayNotFound)' });
  });

  it('is none of a route that does not exist', async () => {
    expect(await explainNow(world.deps, { namespace: 'edge', name: 'other' })).toBeUndefined();
  });
});
