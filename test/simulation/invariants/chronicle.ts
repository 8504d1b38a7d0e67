import {
  type Holder,
  type HolderRecord,
  sameHolder,
} from '../../../functions/persistent-ip/holder-record.ts';
import type { Route } from '../../../functions/persistent-ip/objects.ts';
import { recordOf } from '../../../functions/persistent-ip/ownership.ts';
import type { View } from '../cloud/view.ts';
import { isAdmitted } from './model-cluster.ts';

/** One change of holder, as Google Cloud has it. */
export interface Change {
  readonly from: Holder | undefined;
  readonly record: HolderRecord;
}

/** What has been so: for invariants that speak of more than one moment. */
export class Chronicle {
  /** By the uid of the route. */
  readonly changes = new Map<string, Change[]>();
  /** The changes of holder that were seen at the latest look, by the uid of their routes. */
  readonly fresh: { readonly uid: string; readonly record: HolderRecord }[] = [];
  /** Routes, by uid, whose backend service somebody else wrote to. */
  readonly tampered = new Set<string>();
  /** The uid of the route that a backend service was made for, by the service's name: also of one that is gone since. */
  readonly #services = new Map<string, string>();
  readonly #records = new Map<string, HolderRecord>();
  readonly #fights = new Map<string, readonly number[]>();
  readonly #admitted = new Map<string, number>();

  /** Takes down what is new. */
  look(view: View, now: number): void {
    this.fresh.length = 0;
    for (const { name, description } of view.services) {
      const record = recordOf(description);
      const uid = routeUid(description);
      if (uid !== undefined) this.#services.set(name, uid);
      if (record === undefined || uid === undefined) continue;
      const before = this.#records.get(uid);
      if (before !== undefined && before.at === record.at && sameHolder(before.holder, record.holder))
        continue;
      this.#records.set(uid, record);
      if (sameHolder(before?.holder, record.holder)) continue;
      const known = this.changes.get(uid) ?? [];
      known.push({ from: before?.holder, record });
      this.fresh.push({ uid, record });
      this.changes.set(uid, known);
    }
    for (const route of view.routes) {
      const { uid } = route.metadata;
      if (isAdmitted(view, route)) this.#admitted.set(uid, Number.POSITIVE_INFINITY);
      // Until this change it was.
      else if (this.#admitted.get(uid) === Number.POSITIVE_INFINITY) this.#admitted.set(uid, now);
    }
  }

  /** Somebody else has written to this backend service, or deleted it. */
  tamper(service: string): void {
    const uid = this.#services.get(service);
    if (uid !== undefined) this.tampered.add(uid);
  }

  /** One more write of ours on a rewritten status. @returns how many lie in the last `window` milliseconds */
  fought(uid: string, now: number, window: number): number {
    const writes = [...(this.#fights.get(uid) ?? []), now].filter((at) => now - at < window);
    this.#fights.set(uid, writes);
    return writes.length;
  }

  /** When a listener of the route's parents last admitted it, milliseconds; infinite: it does; `undefined`: never. */
  lastAdmitted({ metadata }: Route): number | undefined {
    return this.#admitted.get(metadata.uid);
  }
}

const uids = new Map<string, string | undefined>();

/** The route that a description of ours is about. */
export const routeUid = (description: string): string | undefined => {
  if (!description.startsWith('{')) return undefined;
  if (!uids.has(description)) {
    if (uids.size > 10_000) uids.clear();
    uids.set(description, (JSON.parse(description) as { route?: { uid?: string } }).route?.uid);
  }
  return uids.get(description);
};
