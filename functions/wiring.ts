import type { ClusterKey } from '../events/reconcile-request.ts';
import type { Refused } from './answer.ts';
import type { Reported } from './dispatch/report-unclear.ts';
import type { RouteExplained } from './explain-route.ts';
import type { PoolView, RouteView } from './persistent-ip/inventory.ts';
import type { MovesReport } from './persistent-ip/moves.ts';
import type { AuditReads } from './persistent-ip/ports.ts';
import type { IdentityCheck } from './push-handler.ts';
import type { ClusterDependencies, ReadDependencies, Runtime } from './reconciler/dependencies.ts';
import type { Look } from './shared-look.ts';

/** The function that people read; all others are pushed to. */
export const inventoryName = 'inventory';

/** What the page's overview rests on. */
export interface OverviewSeen {
  readonly pools: readonly PoolView[];
  readonly routes: readonly RouteView[];
  /** Why a cluster could not be read. */
  readonly unreadable: readonly string[];
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
  readonly movesSeen: Map<string, Look<MovesReport | Refused>>;
  /** What a page was last shown of the clusters, and of single routes. Saves reads, decides nothing. */
  readonly overviewSeen: Map<string, Look<OverviewSeen>>;
  readonly routesSeen: Map<string, Look<RouteExplained | Refused>>;
  /** When this instance's last settled look at an object began, by object. Saves reads, decides nothing. */
  readonly settledLooks: Map<string, number>;
  /** What this instance's sweeps have said of resources that nobody serves. Saves writes, decides nothing. */
  readonly reported: Reported;
}
