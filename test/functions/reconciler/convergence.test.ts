import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { AuditEntry } from '../../../functions/persistent-ip/audit.ts';
import { findCondition } from '../../../functions/persistent-ip/conditions.ts';
import { Failure } from '../../../functions/persistent-ip/failure.ts';
import type { Pod } from '../../../functions/persistent-ip/objects.ts';
import { recordOf } from '../../../functions/persistent-ip/ownership.ts';
import { reconcile } from '../../../functions/reconciler/reconcile.ts';
import {
  address,
  cause,
  clusterKey,
  gateway,
  gatewayClass,
  namespace,
  node,
  pod,
  route,
} from '../fixtures.ts';
import { World } from '../world.ts';

/** What may happen between two deliveries, and to a delivery. */
type Happening =
  | { readonly do: 'create'; readonly name: number; readonly node: number; readonly ready: boolean }
  | { readonly do: 'ready'; readonly name: number; readonly ready: boolean }
  | { readonly do: 'terminate' | 'remove'; readonly name: number }
  | { readonly do: 'vm'; readonly node: number; readonly gone: boolean }
  | { readonly do: 'agent' }
  | { readonly do: 'deliver'; readonly fault: Fault | undefined }
  | { readonly do: 'race'; readonly delays: readonly number[]; readonly change: number };

/** At the nth call of a delivery: a crash in front of it, a transient error, a conflict, or a change of the world. */
interface Fault {
  readonly at: number;
  readonly what: 'crash' | 'retry' | 'stale' | 'pod';
}

const nodes = ['node-a', 'node-b', 'node-c'];
const zoneOf = (index: number): string => (index === 1 ? 'us-central1-b' : 'us-central1-a');
const name = fc.integer({ min: 1, max: 3 });
const place = fc.integer({ min: 0, max: 2 });
const fault = fc.record({
  at: fc.integer({ min: 0, max: 60 }),
  what: fc.constantFrom('crash' as const, 'retry' as const, 'stale' as const, 'pod' as const),
});
const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('create' as const), name, node: place, ready: fc.boolean() }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('ready' as const), name, ready: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('terminate' as const, 'remove' as const), name }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('race' as const),
      delays: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 40 }),
      change: fc.integer({ min: 0, max: 60 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('vm' as const), node: place, gone: fc.boolean() }) },
  { weight: 2, arbitrary: fc.constant({ do: 'agent' as const }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('deliver' as const),
      fault: fc.option(fault, { nil: undefined }),
    }),
  },
);

class Story {
  readonly world = new World();
  #made = 0;

  constructor() {
    this.world.classes.push(gatewayClass());
    this.world.gateways.set('infra/pool', gateway(['34.1.2.3', '34.1.2.4']));
    this.world.reserved.push(address('34.1.2.3'), address('34.1.2.4'));
    this.world.namespaces.set('edge', namespace('edge'));
    for (const [index, one] of nodes.entries()) this.world.nodes.set(one, node(one, zoneOf(index)));
    this.world.put(route(['34.1.2.3', '34.1.2.4']));
  }

  get route() {
    return this.world.routes.get('edge/nat')!;
  }

  #pod(index: number, change: (old: Pod) => Pod): void {
    const old = this.world.pods.get(`edge/nat-${index}`);
    if (old !== undefined) this.world.pods.set(`edge/nat-${index}`, change(old));
  }

  create(index: number, on: number, ready: boolean): void {
    this.#made += 1;
    const creationTimestamp = new Date(Date.parse('2026-11-24T13:00:00Z') + this.#made * 1000).toISOString();
    this.world.pods.set(
      `edge/nat-${index}`,
      pod(`nat-${index}`, {
        nodeName: nodes[on]!,
        ready,
        podIP: `10.0.0.${this.#made % 250}`,
        metadata: { uid: `uid-${this.#made}`, creationTimestamp: creationTimestamp.replace('.000', '') },
      }),
    );
  }

  happen(it: Happening): Promise<void> | void {
    this.world.now = new Date(this.world.now.getTime() + 1000);
    switch (it.do) {
      case 'create':
        return this.create(it.name, it.node, it.ready);
      case 'ready':
        return this.#pod(it.name, (old) => ({ ...old, ready: it.ready }));
      case 'terminate':
        return this.#pod(it.name, (old) => ({
          ...old,
          metadata: { ...old.metadata, deletionTimestamp: '2026-11-24T14:00:00Z' },
        }));
      case 'remove':
        return void this.world.pods.delete(`edge/nat-${it.name}`);
      case 'vm':
        return void this.world.vms.set(`${zoneOf(it.node)}/${nodes[it.node]}`, it.gone ? 'gone' : 'running');
      case 'agent':
        return this.agent();
      case 'deliver':
        return this.deliver(it.fault);
      case 'race':
        return this.race(it.delays, it.change);
    }
  }

  agent(): void {
    const { status } = this.route;
    if (status.pods.length === 0) return;
    const conditions = status.conditions.map((c) =>
      c.type === 'DPV2Ready' ? { ...c, status: 'True' as const, reason: 'DPV2Ready', message: '' } : c,
    );
    this.world.put({ ...this.route, status: { ...status, conditions } });
  }

  async deliver(planned?: Fault, alone = true): Promise<void> {
    let calls = 0;
    if (alone || planned !== undefined)
      this.world.before = (call) => {
        if (planned === undefined || calls++ !== planned.at) return;
        if (planned.what === 'crash') throw new Error('crash');
        if (planned.what === 'retry') throw new Failure('retry', 'backendError', 503, 'later');
        if (planned.what === 'pod') this.create(1, 2, true);
        if (planned.what === 'stale' && /^(patch-|write-|set-)/.test(call))
          throw new Failure('stale', 'conditionNotMet', 412, 'stale');
      };
    const at = new Date(this.world.now.getTime() - 500).toISOString();
    await reconcile(this.world.deps, {
      cluster: clusterKey,
      kind: 'route',
      namespace: 'edge',
      name: 'nat',
      cause: { ...cause, at },
    }).catch((error: unknown) => {
      if (!(error instanceof Error) || error.message !== 'crash') throw error;
    });
    if (alone) this.world.before = () => {};
  }

  /** Three deliveries at once, whose calls take different times, while a newer Pod turns up in their midst. */
  async race(delays: readonly number[], change: number): Promise<void> {
    let turn = 0;
    this.world.pause = async () => {
      for (let left = delays[turn++ % delays.length] ?? 0; left > 0; left--) await Promise.resolve();
    };
    await Promise.all([
      this.deliver({ at: change, what: 'pod' }, false),
      this.deliver(undefined, false),
      this.deliver(undefined, false),
    ]);
    this.world.before = () => {};
    this.world.pause = () => Promise.resolve();
  }

  /** The rule, written again and slowly. */
  rightful(): Pod | undefined {
    const usable = [...this.world.pods.values()].filter(({ ready, nodeName }) => {
      const index = nodes.indexOf(nodeName ?? '');
      return ready && this.world.vms.get(`${zoneOf(index)}/${nodeName}`) !== 'gone';
    });
    const live = usable.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    const pool = live.length > 0 ? live : usable;
    return pool.toSorted((a, b) => (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? 1 : -1))[0];
  }
}

const distinct = (entries: readonly AuditEntry[]): readonly AuditEntry[] => [
  ...new Map(entries.map((entry) => [`${entry.insertId} ${entry.timestamp}`, entry])).values(),
];

it('whatever was lost, crashed or refused, one delivery later the addresses are where they belong', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 1, maxLength: 25 }), async (happenings) => {
      const story = new Story();
      for (const one of happenings) await story.happen(one);
      await story.deliver();
      const { world } = story;
      const rightful = story.rightful();
      expect(story.route.status.pods).toEqual(rightful === undefined ? [] : [rightful.metadata.name]);
      const [service] = [...world.services.values()];
      const record = recordOf(service?.description ?? '');
      expect(record?.holder?.uid).toBe(rightful?.metadata.uid);
      if (rightful !== undefined) {
        expect(service?.leader?.instance).toBe(rightful.nodeName);
        expect(findCondition(story.route.status.conditions, 'GCPReady')?.status).toBe('True');
        expect([...world.rules.values()].map(({ ip }) => ip).sort()).toEqual(['34.1.2.3', '34.1.2.4']);
      }
      story.agent();
      await story.deliver();
      expect(findCondition(story.route.status.conditions, 'Ready')?.status).toBe(
        rightful === undefined ? 'False' : 'True',
      );
      // Nothing more to do: a repeated delivery neither calls nor writes.
      world.calls.length = 0;
      await story.deliver();
      expect(world.mutations).toEqual([]);
      expect(world.statusWrites).toBe(0);
    }),
    { numRuns: 400 },
  );
});

it('the audit log tells every change of holder once, as a chain without a gap', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 1, maxLength: 25 }), async (happenings) => {
      const story = new Story();
      for (const one of happenings) await story.happen(one);
      await story.deliver();
      const changes = distinct(
        story.world.audited.filter(({ action }) => ['allocate', 'move', 'release'].includes(action)),
      );
      let held: string | undefined;
      for (const { from, to } of changes) {
        expect(from?.uid).toBe(held);
        held = to?.uid;
      }
      expect(held).toBe(story.rightful()?.metadata.uid);
    }),
    { numRuns: 400 },
  );
});
