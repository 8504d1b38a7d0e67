import type { AuditEntry } from '../../../functions/persistent-ip/audit.ts';
import type { CloudStep } from '../../../functions/persistent-ip/cloud.ts';
import type { Vouched } from '../actors/agents.ts';
import type { View } from '../cloud/view.ts';
import type { Delivery } from '../functions/delivery.ts';
import type { Chronicle } from './chronicle.ts';

/** What an invariant looks at. */
export interface Moment {
  readonly view: View;
  readonly chronicle: Chronicle;
  /** Milliseconds. */
  readonly now: number;
  readonly audited: readonly AuditEntry[];
  /** `namespace/name` of the routes for which a delivery is under way. */
  readonly busy: ReadonlyMap<string, number>;
  /** By the uid of the route. */
  readonly vouched: ReadonlyMap<string, Vouched>;
  /** By node: why its agent's latest pass stopped. */
  readonly stopped: ReadonlyMap<string, string>;
}

/** One of design/concepts.md's invariants, where it can be held; each function returns what is wrong, or nothing. */
export interface Invariant {
  readonly number: 1 | 2 | 3 | 4 | 5 | 6 | 7;
  readonly name: string;
  /** After every step. */
  readonly always?: (moment: Moment) => string | undefined;
  /** After one of our status writes, against what its delivery had read. */
  readonly onStatus?: (moment: Moment, delivery: Delivery) => string | undefined;
  /** Before one of our changes of Google Cloud, against what its delivery had read. */
  readonly onStep?: (moment: Moment, delivery: Delivery, step: CloudStep) => string | undefined;
  /** When faults have stopped, the sweep has run and the queues are empty. */
  readonly atRest?: (moment: Moment) => string | undefined;
}
