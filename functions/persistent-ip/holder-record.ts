import type { Cause } from '../../events/reconcile-request.ts';

/** Who holds a route's addresses. Never a name alone: a Pod recreated under its name is another holder. */
export interface Holder {
  readonly pod: string;
  readonly uid: string;
  readonly node: string;
  readonly zone: string;
  /** Empty while a Pod of reaction mode `Exists` has none yet. */
  readonly podIP: string;
}

/**
 * The last change of holder, stored in the backend service's description by the same PATCH that moves the
 * leader. Every audit entry of a change of holder is made from it and from nothing else.
 * Source: design/concepts.md, *Choosing the Pod*; design/architecture.md, *Audit log*.
 */
export interface HolderRecord {
  /** `undefined`: nobody. */
  readonly holder: Holder | undefined;
  readonly before: Holder | undefined;
  /** When the change was decided, RFC 3339 with milliseconds. */
  readonly at: string;
  readonly cause: Cause;
  /** The fingerprint that the PATCH replaced; empty when the backend service was created with this record. */
  readonly replaced: string;
  /** When the record was last written: another PATCH of the same leader changes this and nothing else. */
  readonly written: string;
  /** The addresses at that time, IPv4 without prefix. */
  readonly addresses: readonly string[];
  /** When the addresses last went from one Pod to another, milliseconds since 1970, newest first; of one minute. */
  readonly moves: readonly number[];
  /**
   * The how-manieth change of holder of this backend service it is, from 1: a number that is left out in the audit log is an
   * entry that was lost. Absent in records of earlier releases, from which counting begins anew.
   */
  readonly changes?: number;
  /** Absent when every attached node is needed. */
  readonly idle?: IdleNodes;
}

/** Attached nodes that nothing needs: see plan-idle.ts. */
export interface IdleNodes {
  /** Since when, milliseconds since 1970, whole seconds. */
  readonly since: number;
  /** Their marks; few, for a description is short. */
  readonly nodes: readonly string[];
}

/** Whom the addresses belonged to last, whether or not somebody has them now. */
export const lastHolder = ({ holder, before }: HolderRecord): Holder | undefined => holder ?? before;

/** The same Pod, in the same place, with the same IP. */
export const sameHolder = (a: Holder | undefined, b: Holder | undefined): boolean =>
  a === b ||
  (a !== undefined &&
    b !== undefined &&
    a.uid === b.uid &&
    a.pod === b.pod &&
    a.node === b.node &&
    a.podIP === b.podIP);
