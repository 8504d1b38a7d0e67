import type { ClusterKey } from '../events/reconcile-request.ts';
import type { Refused } from './answer.ts';
import type { Reported } from './dispatch/report-unclear.ts';
import type { MovesReport } from './persistent-ip/moves.ts';
import type { AuditReads } from './persistent-ip/ports.ts';
import type { IdentityCheck } from './push-handler.ts';
import type { ClusterDependencies, ReadDependencies, Runtime } from './reconciler/dependencies.ts';

/** The function that people read; all others are pushed to. */
export const inventoryName = 'inventory';

/** What was found for a question about moves, and until when it is told again; milliseconds since 1970. */
export interface MovesSeen {
  until: number;
  readonly found: Promise<MovesReport | Refused>;
}

/** What the entry points work with: one deployment's configuration and its adapters, made at their first use. */
export interface Wiring {
  readonly runtime: Runtime;
  /** What the judges of events must know. */
  readonly judgement: {
    readonly clusters: readonly ClusterKey[];
    readonly projects: readonly string[];
    readonly ownPrincipal: string;
  };
  /** `undefined` for a cluster that is not configured. */
  cluster(key: ClusterKey): ClusterDependencies | undefined;
  clusters(): readonly ClusterDependencies[];
  /** The same, for who looks and never writes, whoever that is: the inventory's account, or a person. */
  readers(): readonly ReadDependencies[];
  clustersOfProject(project: string): readonly ClusterDependencies[];
  /** The check of pushes to one function. */
  identityOf(functionName: string): IdentityCheck;
  /** The check of whoever reads the inventory. */
  readerIdentity(): IdentityCheck;
  /** The audit log, read back: who held what. */
  readonly history: AuditReads;
  /** What was last read of the log for a question about moves. Saves reads, decides nothing. */
  readonly movesSeen: Map<string, MovesSeen>;
  /** When this instance's last settled look at an object began, by object. Saves reads, decides nothing. */
  readonly settledLooks: Map<string, number>;
  /** What this instance's sweeps have said of resources that nobody serves. Saves writes, decides nothing. */
  readonly reported: Reported;
}
