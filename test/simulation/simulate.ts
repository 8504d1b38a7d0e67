import { onClusterEvent } from '../../functions/on-cluster-event.ts';
import { cloudEventOf, onComputeEvent } from '../../functions/on-compute-event.ts';
import type { AuditEntry } from '../../functions/persistent-ip/audit.ts';
import type { CloudStep } from '../../functions/persistent-ip/cloud.ts';
import { onReconcileRequest } from '../../functions/reconcile.ts';
import { onSweep } from '../../functions/sweep.ts';
import { Agents } from './actors/agents.ts';
import { Nodes } from './actors/nodes.ts';
import { OtherController } from './actors/other-controller.ts';
import { Pods } from './actors/pods.ts';
import { SimCompute } from './cloud/compute.ts';
import { computeRequest, followWrites } from './cloud/events.ts';
import { SimCluster } from './cloud/kubernetes.ts';
import { functionsUser } from './cloud/kubernetes-port.ts';
import { Subscription } from './cloud/messages.ts';
import { View } from './cloud/view.ts';
import type { Engine } from './engine/calls.ts';
import { Fates } from './engine/fates.ts';
import { Story } from './engine/story.ts';
import { SimTime } from './engine/time.ts';
import type { Delivery } from './functions/delivery.ts';
import { type Entry, Platform } from './functions/platform.ts';
import type { Sabotage } from './functions/ports.ts';
import { invariants as all } from './invariants/all.ts';
import { Chronicle } from './invariants/chronicle.ts';
import type { Invariant, Moment } from './invariants/invariant.ts';
import type { Stage } from './plan/action.ts';
import { type Plan, planOf } from './plan/plan.ts';
import { blue, external, internal, nodeNames, zoneOf } from './plan/stock.ts';

export interface Options {
  /** Faults by name, and actions by number, that are left out: for shrinking. */
  readonly without?: ReadonlySet<string>;
  readonly sabotage?: Sabotage;
  readonly plan?: Plan;
}

export interface Violation {
  /** `2 truthful Ready`; `rest`; `fault of our own`. */
  readonly invariant: string;
  readonly text: string;
}

export interface Outcome {
  readonly seed: number;
  readonly violation: Violation | undefined;
  readonly story: readonly string[];
  /** How often what kind of thing happened or was checked. */
  readonly counts: ReadonlyMap<string, number>;
  /** What may be left out, in the order of their happening. */
  readonly ingredients: readonly string[];
  /** Simulated milliseconds from calm to rest. */
  readonly restMs: number;
}

const start = new Date('2026-11-24T14:00:00.000Z');

/** Within this time after the last fault all must be at rest, simulated milliseconds. */
const mostRestMs = 30 * 60_000;

/** No flap protection, agent's patience or fault of an operation outlasts this, simulated milliseconds. */
const quietMs = 5 * 60_000;

/** One story, from its seed: the same each time. */
export const simulate = (seed: number, options: Options = {}): Promise<Outcome> =>
  new Simulation(seed, options).run();

export const actionName = (index: number): string => `action ${index}`;

class Simulation {
  readonly #seed: number;
  readonly #plan: Plan;
  readonly #without: ReadonlySet<string>;
  readonly #time = new SimTime(start);
  readonly #story = new Story(this.#time);
  readonly #fates: Fates;
  readonly #engine: Engine;
  readonly #audited: AuditEntry[] = [];
  readonly #chronicle = new Chronicle();
  readonly #busy = new Map<string, number>();
  readonly #subscriptions: Readonly<
    Record<'clusterEvents' | 'computeEvents' | 'requests' | 'sweeps', Subscription>
  >;
  readonly #view: View;
  readonly #stage: Stage;
  readonly #moment: Moment;
  readonly #done: string[] = [];
  #violation: Violation | undefined;
  #computeWrites = 0;
  #seen = '';

  constructor(
    seed: number,
    { without = new Set(), sabotage = (ports) => ports, plan = planOf(seed) }: Options,
  ) {
    this.#seed = seed;
    this.#plan = plan;
    this.#without = without;
    this.#fates = new Fates(seed, without);
    this.#engine = {
      time: this.#time,
      fates: this.#fates,
      story: this.#story,
      faultPercent: this.#plan.faultPercent,
    };
    const cluster = new SimCluster(this.#time, seed);
    const compute = new SimCompute(this.#time, 1_000);
    const platform: Platform = new Platform({
      engine: this.#engine,
      cluster,
      compute,
      requests: () => this.#subscriptions.requests,
      audited: this.#audited,
      sabotage,
      onBegin: (delivery) => this.#begun(delivery),
      onEnd: (delivery) => this.#ended(delivery),
      onStatus: (delivery) => this.#statusWritten(delivery),
      onStep: (delivery, step) => this.#stepTaken(delivery, step),
    });
    const { lostPercent } = this.#plan;
    const subscribe = (
      name: string,
      ordered: boolean,
      lost: number,
      latency: readonly [number, number],
      entry: Entry,
    ) =>
      new Subscription(this.#engine, {
        name,
        ordered,
        latency,
        lostPercent: lost,
        push: (push) => platform.call(name, entry, push),
      });
    this.#subscriptions = {
      clusterEvents: subscribe('on-cluster-event', false, lostPercent, [300, 4_000], onClusterEvent),
      computeEvents: subscribe('on-compute-event', false, lostPercent, [1_000, 8_000], (wiring, pushed) => {
        const { headers, body } = computeRequest(pushed);
        return onComputeEvent(wiring, cloudEventOf(headers, body));
      }),
      requests: subscribe('reconcile', true, lostPercent / 10, [20, 200], onReconcileRequest),
      sweeps: subscribe('sweep', false, lostPercent, [50, 500], onSweep),
    };
    this.#view = new View(cluster, compute);
    const world = {
      engine: this.#engine,
      cluster,
      compute,
      computeEvents: this.#subscriptions.computeEvents,
      audited: this.#audited,
    };
    const nodes = new Nodes(world);
    const pods = new Pods(world, nodes);
    const agents = new Agents(world, nodes);
    this.#stage = {
      ...world,
      nodes,
      pods,
      agents,
      other: new OtherController(world),
    };
    const { time } = this.#engine;
    this.#moment = {
      get now() {
        return time.ms;
      },
      view: this.#view,
      chronicle: this.#chronicle,
      audited: this.#audited,
      busy: this.#busy as unknown as ReadonlySet<string>,
      vouched: agents.vouched,
      stopped: agents.stopped,
    };
    nodes.onReboot = (node) => {
      for (const { metadata } of nodes.podsOn(node)) {
        const { namespace = '', name, uid } = metadata;
        this.#time.after(2_000, () => pods.start(namespace, name, uid));
        this.#time.after(4_000, () => pods.ready(namespace, name, true, uid));
      }
      agents.wake(node);
    };
  }

  async run(): Promise<Outcome> {
    this.#prepare();
    this.#schedule();
    const { calmAt } = this.#plan;
    const began = this.#time.ms;
    await this.#until(() => (this.#time.next ?? Number.POSITIVE_INFINITY) > began + calmAt);
    this.#fates.calm = true;
    this.#story.tell('calm', 'faults stop');
    const calmed = this.#time.ms;
    await this.#drain(calmed);
    // The agents look again by themselves, and so does one that an unreadable Network had stopped.
    this.#time.after(quietMs, () => {
      for (const { name } of this.#stage.nodes.all) this.#stage.agents.wake(name);
    });
    await this.#drain(calmed);
    this.#story.tell('sweep', 'the one after the last event');
    this.#sweep('all');
    await this.#drain(calmed);
    const rested = this.#time.ms - quietMs;
    if (this.#violation === undefined) this.#checkRest();
    this.#story.count('faults', this.#fates.struck.length);
    return {
      seed: this.#seed,
      violation: this.#violation,
      story: this.#story.lines,
      counts: this.#story.counts,
      ingredients: [...this.#done, ...this.#fates.struck],
      restMs: rested - calmed,
    };
  }

  #prepare(): void {
    const { compute, cluster, nodes } = this.#stage;
    const { kit } = compute;
    kit.addNetwork({ name: 'default' });
    kit.addSubnetwork({ name: 'default', network: 'default', range: '10.128.0.0/20' });
    kit.addNetwork({ name: blue.vpc });
    kit.addSubnetwork({ name: blue.subnet, network: blue.vpc, range: '172.16.0.0/20' });
    for (const address of external)
      kit.reserveAddress({ name: `ip-${address.replaceAll('.', '-')}`, address });
    for (const address of internal)
      kit.reserveAddress({ name: `ip-${address.replaceAll('.', '-')}`, address, subnetwork: 'default' });
    for (const [at, name] of nodeNames.entries()) nodes.add(name, zoneOf(name), at);
    compute.world.onAudit.add(({ principal, resourceName }) => {
      this.#computeWrites += 1;
      if (principal !== functionsUser && resourceName.includes('/backendServices/'))
        this.#tampered(resourceName);
    });
    compute.world.onInstance.add(() => {
      this.#computeWrites += 1;
    });
    followWrites(cluster, compute, this.#subscriptions.clusterEvents, this.#subscriptions.computeEvents);
  }

  #tampered(resourceName: string): void {
    const name = resourceName.split('/').at(-1);
    const route = this.#view.routes.find((one) => this.#view.serviceOf(one)?.name === name);
    if (route !== undefined) this.#chronicle.tampered.add(route.metadata.uid);
  }

  #schedule(): void {
    for (const [index, action] of this.#plan.actions.entries()) {
      if (this.#without.has(actionName(index))) continue;
      this.#done.push(actionName(index));
      this.#time.after(action.at, () => {
        this.#story.count(`action: ${action.kind}`);
        this.#story.tell('action', action.text);
        action.do(this.#stage);
      });
    }
    for (let at = 60_000; at < this.#plan.calmAt; at += 60_000) this.#time.after(at, () => this.#sweep());
  }

  #sweep(scope?: 'all'): void {
    const attributes = scope === undefined ? {} : { scope };
    this.#subscriptions.sweeps.publish({ label: 'sweep', data: '', attributes });
  }

  async #until(over: () => boolean): Promise<void> {
    while (this.#violation === undefined && this.#time.next !== undefined && !over()) {
      await this.#time.step();
      this.#check();
    }
  }

  /** Until nothing is waited for any more. */
  async #drain(calmed: number): Promise<void> {
    await this.#until(() => this.#time.ms - calmed > mostRestMs);
    if (this.#violation === undefined && this.#time.next !== undefined)
      this.#violate('rest', `after ${mostRestMs / 60_000} minutes without faults something still goes on`);
  }

  /** After every step, if it changed anything. */
  #check(): void {
    const { cluster } = this.#stage;
    const seen = `${cluster.store.version} ${this.#computeWrites} ${this.#busy.size}`;
    if (seen === this.#seen) return;
    this.#seen = seen;
    this.#chronicle.look(this.#view, this.#time.ms);
    this.#hold('always', (invariant) => invariant.always?.(this.#moment));
  }

  #checkRest(): void {
    this.#hold('atRest', (invariant) => invariant.atRest?.(this.#moment));
  }

  #statusWritten(delivery: Delivery): void {
    if (this.#violation !== undefined) return;
    const { before, status } = delivery.status ?? {};
    const said = status?.conditions
      .map(({ type, status: is, reason }) => `${type}=${is}/${reason}`)
      .join(' ');
    this.#story.count('status writes of routes');
    this.#story.tell(
      'status',
      `${before?.metadata.namespace}/${before?.metadata.name} [${status?.pods.join()}] ${said} (${delivery.label})`,
    );
    this.#hold('onStatus', (invariant) => invariant.onStatus?.(this.#moment, delivery));
  }

  #stepTaken(delivery: Delivery, step: CloudStep): void {
    if (this.#violation !== undefined) return;
    const {
      description: _,
      record,
      ...rest
    } = step as CloudStep & { description?: string; record?: { holder?: object } };
    this.#story.count(`step ${step.do}`);
    this.#story.tell(
      'step',
      `${JSON.stringify({ ...rest, ...(record && { holder: record.holder }) })} (${delivery.label})`,
    );
    this.#hold('onStep', (invariant) => invariant.onStep?.(this.#moment, delivery, step));
  }

  #hold(when: keyof Invariant, check: (invariant: Invariant) => string | undefined): void {
    for (const invariant of all) {
      if (invariant[when] === undefined || this.#violation !== undefined) continue;
      this.#story.count(`checked: invariant ${invariant.number} ${when}`);
      const text = check(invariant);
      if (text !== undefined) this.#violate(`${invariant.number} ${invariant.name}`, text);
    }
  }

  #violate(invariant: string, text: string): void {
    this.#violation ??= { invariant, text };
    this.#story.tell('VIOLATION', `${invariant}: ${text}`);
  }

  #begun(delivery: Delivery): void {
    this.#story.count(`deliveries of ${delivery.functionName}`);
    if (delivery.functionName === 'reconcile') this.#story.tell('delivery', `begins: ${delivery.label}`);
    const route = routeOf(delivery);
    if (route !== undefined) this.#busy.set(route, (this.#busy.get(route) ?? 0) + 1);
  }

  #ended(delivery: Delivery): void {
    const route = routeOf(delivery);
    if (route !== undefined) {
      const left = (this.#busy.get(route) ?? 1) - 1;
      if (left === 0) this.#busy.delete(route);
      else this.#busy.set(route, left);
    }
    if (delivery.functionName === 'reconcile') this.#story.tell('delivery', `ends: ${delivery.label}`);
    if (delivery.fault !== undefined)
      this.#violate('fault of our own', `${delivery.label}: ${String((delivery.fault as Error).stack)}`);
  }
}

/** `namespace/name` of the route that a delivery works on. */
const routeOf = ({ functionName, body }: Delivery): string | undefined => {
  if (functionName !== 'reconcile') return undefined;
  const { orderingKey = '' } = (body as { message: { orderingKey?: string } }).message;
  const [kind, namespace, name] = orderingKey.split('/').slice(-3);
  return kind === 'route' ? `${namespace}/${name}` : undefined;
};
