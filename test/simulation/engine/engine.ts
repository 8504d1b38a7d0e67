import type { Fates } from './fates.ts';
import type { Story } from './story.ts';
import type { SimTime } from './time.ts';

/** What the simulation is made of. */
export interface Engine {
  readonly time: SimTime;
  readonly fates: Fates;
  readonly story: Story;
  /** Of 100 calls, how many meet a fault. */
  readonly faultPercent: number;
}
