import { type PushOutcome, statusOf } from '../../../functions/push-handler.ts';
import type { Wiring } from '../../../functions/wiring.ts';
import type { Answer, Push } from '../cloud/messages.ts';
import type { Caller } from '../engine/call.ts';
import { Delivery } from './delivery.ts';
import type { Listener } from './ports.ts';
import { type Instance, type Surroundings, wiringOf } from './wiring.ts';

/** One deployed function: it is called with what was pushed. */
export type Entry = (wiring: Wiring, body: object) => Promise<PushOutcome>;

export type PlatformOptions = Surroundings & Listener;

/** What a function may take before the platform answers for it, milliseconds; its code may go on all the same. */
const functionTimeout = 60_000;

/** Instances of a function that run side by side. */
const width = 3;

/** Cloud Run: the functions' instances, and what each delivery does in one of them. */
export class Platform {
  readonly #options: PlatformOptions;
  readonly #instances = new Map<string, Instance>();
  readonly #running = new Map<Instance, Set<Delivery>>();
  #born = 0;

  constructor(options: PlatformOptions) {
    this.#options = options;
  }

  /** Runs one push in one of the function's instances, with others that are there at the time. */
  call(functionName: string, entry: Entry, { label, body }: Push): Promise<Answer> {
    const { time, fates } = this.#options.engine;
    const place = `${functionName}/${Math.floor(fates.draw(`${label} instance`) * width)}`;
    const instance = this.#instance(place);
    const delivery = new Delivery(label, functionName, body, time.ms);
    const { promise, resolve } = Promise.withResolvers<Answer>();
    const end = (answer: Answer): void => {
      if (delivery.over) return;
      delivery.over = true;
      this.#running.get(instance)?.delete(delivery);
      resolve(answer);
      this.#options.onEnd(delivery);
    };
    delivery.onCrash = () => end('nack');
    this.#running.get(instance)?.add(delivery);
    time.after(functionTimeout, () => resolve('nack'));
    this.#options.onBegin(delivery);
    void this.#run(instance, delivery, entry).then(end);
    return promise;
  }

  async #run(instance: Instance, delivery: Delivery, entry: Entry): Promise<Answer> {
    const { story } = this.#options.engine;
    const caller: Caller = {
      label: delivery.label,
      get alive() {
        return instance.alive;
      },
      crash: () => this.#crash(instance),
    };
    try {
      const outcome = await entry(wiringOf(this.#options, instance, delivery, caller), delivery.body);
      story.count(`deliveries of ${delivery.functionName}: ${outcome.kind}`);
      if (outcome.kind === 'retry')
        story.tell('delivery', `to be repeated: ${outcome.why}: ${delivery.label}`);
      // Nothing here is forged or malformed.
      if (outcome.kind === 'refused') throw new Error(`refused: ${JSON.stringify(outcome.refusal)}`);
      return statusOf[outcome.kind] < 300 ? 'ack' : 'nack';
    } catch (error) {
      delivery.fault = error;
      return 'nack';
    }
  }

  #instance(place: string): Instance {
    const known = this.#instances.get(place);
    if (known?.alive === true) return known;
    this.#born += 1;
    const instance: Instance = {
      skewMs: Math.round(this.#options.engine.fates.between(`${place} ${this.#born} skew`, -800, 800)),
      settledLooks: new Map(),
      reported: new Map(),
      cached: {},
      alive: true,
    };
    this.#instances.set(place, instance);
    this.#running.set(instance, new Set());
    return instance;
  }

  /** All that runs in it ends where it stands. */
  #crash(instance: Instance): void {
    instance.alive = false;
    for (const delivery of [...(this.#running.get(instance) ?? [])]) delivery.onCrash();
    this.#running.delete(instance);
  }
}
