import type { CloudStep } from '../../functions/persistent-ip/cloud.ts';
import { functionsUser } from './cloud/kubernetes-port.ts';
import { View } from './cloud/view.ts';
import type { Engine } from './engine/engine.ts';
import type { Delivery } from './functions/delivery.ts';
import type { Listener } from './functions/ports.ts';
import { invariants } from './invariants/all.ts';
import { Chronicle } from './invariants/chronicle.ts';
import type { Invariant, Moment } from './invariants/invariant.ts';
import type { Stage } from './plan/action.ts';

export interface Violation {
  /** `2 truthful Ready`; `rest`; `fault of our own`. */
  readonly invariant: string;
  readonly text: string;
}

/** Holds the invariants, each where it can be held, until the first is broken. */
export class Watch implements Listener {
  readonly #engine: Engine;
  readonly #chronicle = new Chronicle();
  /** Deliveries under way, by `namespace/name` of their route. */
  readonly #busy = new Map<string, number>();
  #moment: Moment | undefined;
  #writes = 0;
  #seen = '';
  #state: () => string = () => '';
  violation: Violation | undefined;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** What the functions have written so far, of statuses and in Google Cloud. */
  get writes(): number {
    return this.#writes;
  }

  begin({ cluster, compute, agents, audited }: Stage): void {
    const view = new View(cluster, compute);
    const { time } = this.#engine;
    this.#moment = {
      view,
      chronicle: this.#chronicle,
      get now() {
        return time.ms;
      },
      audited,
      busy: this.#busy,
      vouched: agents.vouched,
      stopped: agents.stopped,
    };
    let changes = 0;
    this.#state = () => `${cluster.store.version} ${changes} ${this.#busy.size}`;
    compute.world.onInstance.add(() => {
      changes += 1;
    });
    compute.world.onAudit.add(({ principal, resourceName }) => {
      changes += 1;
      if (principal !== functionsUser && resourceName.includes('/backendServices/'))
        this.#chronicle.tamper(resourceName.split('/').at(-1) ?? '');
    });
  }

  /** After a step, if it changed anything. */
  look(): void {
    const state = this.#state();
    if (state === this.#seen || this.#moment === undefined) return;
    this.#seen = state;
    this.#chronicle.look(this.#moment.view, this.#moment.now);
    this.#hold('always', (invariant, moment) => invariant.always?.(moment));
  }

  lookAtRest(): void {
    this.#hold('atRest', (invariant, moment) => invariant.atRest?.(moment));
  }

  violate(invariant: string, text: string): void {
    if (this.violation !== undefined) return;
    this.violation = { invariant, text };
    this.#engine.story.tell('VIOLATION', `${invariant}: ${text}`);
  }

  #hold(
    when: 'always' | 'onStatus' | 'onStep' | 'atRest',
    check: (invariant: Invariant, moment: Moment) => string | undefined,
  ): void {
    for (const invariant of invariants) {
      if (invariant[when] === undefined || this.violation !== undefined || this.#moment === undefined)
        continue;
      this.#engine.story.count(`checked: invariant ${invariant.number} ${invariant.name} ${when}`);
      const text = check(invariant, this.#moment);
      if (text !== undefined) this.violate(`${invariant.number} ${invariant.name}`, text);
    }
  }

  readonly onStatus = (delivery: Delivery): void => {
    this.#writes += 1;
    if (this.violation !== undefined || delivery.status === undefined) return;
    const { before, status } = delivery.status;
    const { story } = this.#engine;
    const said = status.conditions.map(({ type, status: is, reason }) => `${type}=${is}/${reason}`);
    story.count('status writes of routes');
    story.tell(
      'status',
      `${before.metadata.namespace}/${before.metadata.name} [${status.pods.join()}] ${said.join(' ')} (${delivery.label})`,
    );
    this.#hold('onStatus', (invariant, moment) => invariant.onStatus?.(moment, delivery));
  };

  readonly onStep = (delivery: Delivery, step: CloudStep): void => {
    this.#writes += 1;
    if (this.violation !== undefined) return;
    this.#engine.story.count(`step ${step.do}`);
    this.#engine.story.tell('step', `${textOf(step)} (${delivery.label})`);
    this.#hold('onStep', (invariant, moment) => invariant.onStep?.(moment, delivery, step));
  };

  readonly onBegin = (delivery: Delivery): void => {
    const { story } = this.#engine;
    story.count(`deliveries of ${delivery.functionName}`);
    if (delivery.functionName === 'reconcile') story.tell('delivery', `begins: ${delivery.label}`);
    const route = routeOf(delivery);
    if (route !== undefined) this.#busy.set(route, (this.#busy.get(route) ?? 0) + 1);
  };

  readonly onEnd = (delivery: Delivery): void => {
    const route = routeOf(delivery);
    const left = route === undefined ? 0 : (this.#busy.get(route) ?? 1) - 1;
    if (route !== undefined && left === 0) this.#busy.delete(route);
    else if (route !== undefined) this.#busy.set(route, left);
    if (delivery.functionName === 'reconcile') this.#engine.story.tell('delivery', `ends: ${delivery.label}`);
    const { fault } = delivery;
    if (fault !== undefined)
      this.violate(
        'fault of our own',
        `${delivery.label}: ${fault instanceof Error ? fault.message : String(fault)}`,
      );
  };
}

/** For people: who is to hold the addresses, and not the whole record. */
const textOf = (step: CloudStep): string => {
  if (!('record' in step))
    return JSON.stringify(step, (key, value) => (key === 'description' ? undefined : value));
  const { description: _, record, ...rest } = step;
  return JSON.stringify({ ...rest, holder: record.holder ?? 'nobody' });
};

/** `namespace/name` of the route that a delivery works on. */
const routeOf = ({ functionName, body }: Delivery): string | undefined => {
  if (functionName !== 'reconcile') return undefined;
  const { orderingKey = '' } = (body as { message: { orderingKey?: string } }).message;
  const [kind, namespace, name] = orderingKey.split('/').slice(-3);
  return kind === 'route' ? `${namespace}/${name}` : undefined;
};
