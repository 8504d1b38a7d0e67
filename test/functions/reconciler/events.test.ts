import { beforeEach, describe, expect, it } from 'vitest';
import { Failure } from '../../../functions/persistent-ip/failure.ts';
import { reconcile } from '../../../functions/reconciler/reconcile.ts';
import { node, pod, route, routeRequest } from '../fixtures.ts';
import { type World, worldOfRoute } from '../world.ts';

let world: World;
const logged: string[] = [];

const deliver = () => reconcile(world.deps, routeRequest());
const told = () => [...world.announced.values()].map(({ event, times }) => [event.reason, times]);
const refuse = (failure: unknown) => {
  world.before = (call) => {
    if (call === 'event') throw failure;
  };
};
/** The next Pod, on another node. */
const replace = (): void => {
  world.nodes.set('node-b', node('node-b', 'us-central1-b'));
  world.pods.delete('edge/nat-1');
  world.pods.set('edge/nat-2', pod('nat-2', { nodeName: 'node-b', podIP: '10.0.1.9' }));
};

beforeEach(() => {
  logged.length = 0;
  world = worldOfRoute();
  Object.assign(world.deps.runtime, {
    log: (severity: string, message: string) => logged.push(`${severity} ${message}`),
  });
  world.pods.set('edge/nat-1', pod('nat-1'));
});

describe('a change of holder', () => {
  it('is told once the audit log has it', async () => {
    let inLog: readonly string[] = [];
    world.before = (call) => {
      if (call === 'event') inLog = world.audited.map(({ action }) => action);
    };
    await deliver();
    expect(told()).toEqual([['Allocated', 1]]);
    expect(inLog).toContain('allocate');
    replace();
    await deliver();
    expect(told()).toEqual([
      ['Allocated', 1],
      ['Moved', 1],
    ]);
  });

  it('is told by nothing that stands before the PATCH', async () => {
    await deliver();
    replace();
    world.calls.length = 0;
    await deliver();
    expect(world.calls.indexOf('event')).toBeGreaterThan(world.calls.indexOf('patch-backend-service'));
  });

  it('is one Event, also when a crash has it told twice', async () => {
    await deliver();
    replace();
    let crashed = false;
    world.before = (call) => {
      if (call !== 'write-route-status' || world.announced.size < 2 || crashed) return;
      crashed = true;
      throw new Error('the instance is gone');
    };
    await expect(deliver()).rejects.toThrow('the instance is gone');
    await deliver();
    expect(world.audited.filter(({ action }) => action === 'move')).toHaveLength(2);
    expect(told()).toEqual([
      ['Allocated', 1],
      ['Moved', 1],
    ]);
  });

  it('that goes there and back and there again is counted, not told anew', async () => {
    const flap = async (ready: boolean): Promise<void> => {
      world.pods.set('edge/nat-1', pod('nat-1', { ready }));
      world.now = new Date(world.now.getTime() + 60_000);
      await deliver();
    };
    for (const ready of [true, false, true, false, true]) await flap(ready);
    expect(told()).toEqual([
      ['Allocated', 3],
      ['Released', 2],
      ['NoPodsFound', 2],
    ]);
  });
});

describe('a refusal', () => {
  it('is told with what the condition says, as long as nothing changes once', async () => {
    world.put({ ...route(), podSelector: {} });
    await deliver();
    await deliver();
    expect(told()).toEqual([['InvalidLabels', 1]]);
    const [first] = world.announced.values();
    expect(first?.event).toMatchObject({ type: 'Warning', note: expect.stringContaining('podSelector') });
  });
});

describe('an agent that is silent', () => {
  const later = async (seconds: number): Promise<void> => {
    world.now = new Date(world.now.getTime() + seconds * 1_000);
    await deliver();
  };

  it('is told after two minutes, once, and again of the next Pod', async () => {
    await deliver();
    await later(100);
    expect(told()).toEqual([['Allocated', 1]]);
    await later(21);
    await later(60);
    await later(600);
    expect(told()).toEqual([
      ['Allocated', 1],
      ['Mutated', 1],
    ]);
    expect([...world.announced.values()].at(-1)?.event).toMatchObject({
      type: 'Warning',
      note: expect.stringMatching(/^No node agent has answered .* Pod nat-1 /),
    });
    expect(world.audited.at(-1)).toMatchObject({ action: 'condition', outcome: 'AgentSilent' });
    replace();
    await later(1);
    await later(121);
    expect(told().slice(2)).toEqual([
      ['Moved', 1],
      ['Mutated', 1],
    ]);
  });
});

describe('an Event that is not written', () => {
  it.each([
    ['refused', new Failure('retry', 'Forbidden', 403, 'cannot create resource "events"'), 'rbac.yaml'],
    ['lost', new Failure('retry', 'noAnswer', 0, 'fetch failed'), 'was not written'],
    ['broken', new TypeError('a fault of our own'), 'was not written'],
  ])('holds up no move and fails no delivery: %s', async (_, failure, said) => {
    await deliver();
    refuse(failure);
    replace();
    expect(await deliver()).toEqual({ kind: 'settled' });
    expect(world.routes.get('edge/nat')?.status.pods).toEqual(['nat-2']);
    expect(world.audited.at(-1)).toMatchObject({ action: 'condition' });
    expect(logged.filter((line) => line.startsWith('WARNING'))).toEqual([expect.stringContaining(said)]);
  });

  it('that is slow is waited for at the end, and nowhere before', async () => {
    let answer: () => void = () => {};
    const slow = new Promise<void>((resolve) => {
      answer = resolve;
    });
    Object.assign(world.deps.events, { announce: () => slow });
    let over = false;
    const delivery = deliver().then(() => {
      over = true;
    });
    // Every other call of the delivery is answered at once.
    await new Promise((resolve) => setImmediate(resolve));
    expect(world.calls.at(-1)).toBe('audit');
    expect(world.routes.get('edge/nat')?.status.pods).toEqual(['nat-1']);
    expect(over).toBe(false);
    answer();
    await delivery;
    expect(over).toBe(true);
  });
});
