import nock from 'nock';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { onInventory } from '../../../../functions/inventory.ts';
import type { Wiring } from '../../../../functions/wiring.ts';
import { pod } from '../../../functions/fixtures.ts';
import { worldOfRoute } from '../../../functions/world.ts';
import { command } from './terminal.ts';

const site = 'http://localhost:8080';

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

it('explain shows what would be done now as plan does: stage, call, resource', async () => {
  const world = worldOfRoute();
  world.pods.set('edge/nat-1', pod('nat-1'));
  const wiring = { readers: () => [world.deps] } as unknown as Wiring;
  const url = '/v1/routes/edge/nat/explain';
  const { body } = await onInventory(wiring, { method: 'GET', url, ifNoneMatch: undefined });
  nock(site).get(url).reply(200, body);
  const { code, out } = await command(['explain', 'edge/nat', '--inventory', site]);
  expect(code).toBe(6);
  expect(out).toContain('Would be done now:');
  expect(out).toMatch(
    /\nSTAGE +CALL +ON +WHAT *\n1 +networkEndpointGroups\.insert +us-central1-a\/pip-edge-nat-/,
  );
  expect(out).toMatch(/\n4 +forwardingRules\.insert +pip-edge-nat-\S+ +34\.1\.2\.3, EXTERNAL/);
  expect(out).not.toContain('create-');
});

it('explain repeats the message of a condition that is not True, which names what is wrong, and each once', async () => {
  const message = '34.1.2.3/32 belongs to GKEIPRoute edge/older, which came first';
  const condition = {
    status: 'False',
    reason: 'InvalidAddresses',
    message,
    whatToDo: 'take another address',
  };
  nock(site)
    .get('/v1/routes/edge/nat/explain')
    .reply(200, {
      namespace: 'edge',
      name: 'nat',
      verdict: 'act',
      why: null,
      holder: null,
      pods: [],
      conditions: ['Accepted', 'Ready'].map((type) => ({ type, ...condition })),
      calls: [],
    });
  const { code, out } = await command(['explain', 'edge/nat', '--inventory', site]);
  expect(code).toBe(6);
  expect(out.split(message)).toHaveLength(2);
  expect(out).toMatch(/Ready +False +InvalidAddresses +take another address/);
});
