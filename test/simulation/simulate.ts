import { findCondition } from '../../functions/persistent-ip/conditions.ts';
import { minutesBetweenTries } from '../../functions/persistent-ip/sweep-times.ts';
import { keys } from './cloud/kubernetes.ts';
import { read } from './cloud/kubernetes-port.ts';
import type { Engine } from './engine/engine.ts';
import { Fates } from './engine/fates.ts';
import { Story } from './engine/story.ts';
import { SimTime } from './engine/time.ts';
import type { Sabotage } from './functions/ports.ts';
import { type Plan, planOf } from './plan/plan.ts';
import { type Setting, settingOf } from './setting.ts';
import { type Violation, Watch } from './watch.ts';

export interface Options {
  /** Faults and actions, by their names, that are left out: for shrinking. */
  readonly without?: ReadonlySet<string>;
  readonly sabotage?: Sabotage;
}

export interface Outcome {
  readonly seed: number;
  readonly violation: Violation | undefined;
  readonly story: readonly string[];
  /** How often what kind of thing happened or was checked. */
  readonly counts: ReadonlyMap<string, number>;
  /** What may be left out: actions and faults by their names, in order. */
  readonly ingredients: readonly string[];
  /** Simulated milliseconds from the last fault to rest, the pauses before sweeps apart. */
  readonly restMs: number;
}

const start = new Date('2026-11-24T14:00:00.000Z');

/** Within this time after the last fault all must be at rest, simulated milliseconds. */
const mostRestMs = 20 * 60_000;

/** Flap protection, agents' patience and a second controller's minute are over by then, simulated milliseconds. */
const quietMs = 5 * 60_000;

/** After two pauses as long as this, and a sweep after each, no node waits to be let go, simulated milliseconds. */
const idleMs = 11 * 60_000;

/** One story, from its seed: the same each time. */
export const simulate = (seed: number, options: Options = {}): Promise<Outcome> =>
  new Simulation(seed, options).run();

class Simulation {
  readonly #seed: number;
  readonly #plan: Plan;
  readonly #without: ReadonlySet<string>;
  readonly #engine: Engine;
  readonly #watch: Watch;
  readonly #setting: Setting;
  readonly #actions: string[] = [];

  constructor(seed: number, { without = new Set(), sabotage = (ports) => ports }: Options) {
    this.#seed = seed;
    this.#plan = planOf(seed);
    this.#without = without;
    const { faultPercent, lostPercent } = this.#plan;
    const time = new SimTime(start);
    this.#engine = { time, fates: new Fates(seed, without), story: new Story(time), faultPercent };
    this.#watch = new Watch(this.#engine);
    this.#setting = settingOf({
      engine: this.#engine,
      seed,
      lostPercent,
      sabotage,
      listener: this.#watch,
    });
    this.#watch.begin(this.#setting);
  }

  async run(): Promise<Outcome> {
    const { time, fates, story } = this.#engine;
    this.#schedule();
    await this.#storm();
    fates.calm = true;
    story.tell('calm', 'faults stop');
    const restMs = (await this.#drain()) + (await this.#rest());
    // It takes half as long again, so every second story goes on to it.
    if (this.#watch.violation === undefined && this.#seed % 2 === 0) await this.#quiet();
    story.count('faults', fates.struck.length);
    story.count('simulated seconds', Math.round((time.ms - start.getTime()) / 1000));
    return {
      seed: this.#seed,
      violation: this.#watch.violation,
      story: story.lines,
      counts: story.counts,
      ingredients: [...this.#actions, ...fates.struck],
      restMs,
    };
  }

  #schedule(): void {
    const { time, story } = this.#engine;
    for (const [index, action] of this.#plan.actions.entries()) {
      const name = `action ${index}`;
      if (this.#without.has(name)) continue;
      this.#actions.push(name);
      time.after(action.at, () => {
        story.count(`action: ${action.kind}`);
        story.tell('action', action.text);
        action.do(this.#setting);
      });
    }
    for (let at = 60_000; at < this.#plan.calmAt; at += 60_000) time.after(at, () => this.#setting.sweep());
  }

  /** As long as faults strike. */
  async #storm(): Promise<void> {
    const end = start.getTime() + this.#plan.calmAt;
    await this.#stepUntil(() => (this.#engine.time.next ?? end) >= end);
  }

  /** One sweep after the last event all is as it must be. */
  async #rest(): Promise<number> {
    // The agents look again by themselves, also one that an unreadable Network had stopped.
    await this.#pause(quietMs, () => {
      for (const { name } of this.#setting.nodes.all) this.#setting.agents.wake(name);
    });
    const took = await this.#sweep('the one after the last event');
    await this.#tryAgain();
    if (this.#watch.violation === undefined) this.#watch.lookAtRest();
    return took;
  }

  /** What a refusal has left to a person is tried again within ten minutes, by the sweep of that minute. */
  async #tryAgain(): Promise<void> {
    const { time } = this.#engine;
    const failed = this.#setting.cluster.list(keys.routes).some((raw) => {
      const { conditions } = read.route(raw).status;
      return findCondition(conditions, 'GCPReady')?.reason === 'GCPFailed';
    });
    if (this.#watch.violation !== undefined || !failed) return;
    // In the middle of each minute of the clock, which counts them: the instances' clocks differ by less.
    const first = 90_000 - (time.ms % 60_000);
    for (let minute = 0; minute < minutesBetweenTries; minute += 1)
      time.after(first + minute * 60_000, () => this.#setting.sweep());
    await this.#drain(first + minutesBetweenTries * 60_000);
  }

  /** And a sweep over what is at rest writes nothing, once what had waited for its time is done. */
  async #quiet(): Promise<void> {
    for (let sweeps = 0; sweeps < 3; sweeps += 1) {
      await this.#pause(idleMs);
      await this.#sweep('later');
    }
    const before = this.#watch.writes;
    await this.#sweep('over what is at rest');
    const written = this.#watch.writes - before;
    if (written > 0) this.#watch.violate('rest', `a sweep over what is at rest writes ${written} times`);
    if (this.#watch.violation === undefined) this.#watch.lookAtRest();
  }

  async #pause(ms: number, then: () => void = () => {}): Promise<void> {
    this.#engine.time.after(ms, then);
    await this.#drain(ms);
  }

  async #sweep(what: string): Promise<number> {
    this.#engine.story.tell('sweep', what);
    this.#setting.sweep('full');
    return await this.#drain();
  }

  /**
   * Until nothing is waited for any more.
   * @returns how long that took, simulated milliseconds
   */
  async #drain(pauseMs = 0): Promise<number> {
    const { time } = this.#engine;
    const began = time.ms;
    await this.#stepUntil(() => time.ms - began > mostRestMs + pauseMs);
    if (this.#watch.violation === undefined && time.next !== undefined)
      this.#watch.violate(
        'rest',
        `after ${mostRestMs / 60_000} minutes without faults something still goes on`,
      );
    return time.ms - began;
  }

  async #stepUntil(over: () => boolean): Promise<void> {
    const { time } = this.#engine;
    while (this.#watch.violation === undefined && time.next !== undefined && !over()) {
      await time.step();
      this.#watch.look();
    }
  }
}
