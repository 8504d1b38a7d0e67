import type { ClusterFacts } from '../persistent-ip/observation.ts';
import type {
  AuditPort,
  ComputeLists,
  ComputePort,
  ComputeReads,
  EventPort,
  KubernetesLists,
  KubernetesPort,
  KubernetesReads,
  RequestPort,
} from '../persistent-ip/ports.ts';

/** Clock, chance and the process's own log: parameters, so that a test decides them. */
export interface Runtime {
  now(): Date;
  /** Resolves after `ms` milliseconds. */
  sleep(ms: number): Promise<void>;
  /** In [0, 1). */
  random(): number;
  /** One structured line for operators; never a token, never an object's body. */
  log(
    severity: 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR',
    message: string,
    fields?: Readonly<Record<string, unknown>>,
  ): void;
}

/** A clock beside the time of day, which somebody sets: it only ever goes on. */
export interface Elapsed {
  /** Milliseconds since some moment. */
  elapsed(): number;
}

/** What an observation of one cluster needs, be it of live reads or of a sweep's lists; nothing can be written with it. */
export interface ObservationDependencies {
  readonly deployment: string;
  readonly controllerName: string;
  readonly cluster: ClusterFacts;
  readonly kubernetes: Omit<KubernetesReads, 'pod' | 'podsOnNode'>;
  readonly compute: ComputeReads;
  readonly runtime: Pick<Runtime, 'now'>;
}

/** The same by live reads. */
export interface ReadDependencies extends ObservationDependencies {
  readonly kubernetes: KubernetesReads;
}

/** What a sweep of one cluster needs. */
export interface SweepDependencies extends ReadDependencies {
  readonly kubernetes: KubernetesReads & KubernetesLists;
  readonly lists: ComputeLists;
}

/** Everything one cluster's reconciles need. */
export interface ClusterDependencies extends SweepDependencies {
  readonly kubernetes: KubernetesPort;
  readonly compute: ComputePort;
  readonly audit: AuditPort;
  readonly events: EventPort;
  readonly requests: RequestPort;
  readonly runtime: Runtime;
}

/**
 * How a delivery ended. `settled`: acknowledge. `later`: time is over and work is left: publish a successor and
 * acknowledge. `unreadable`: nothing could be observed: nack.
 */
export type Outcome =
  | { readonly kind: 'settled' }
  | { readonly kind: 'later'; readonly why: string }
  | { readonly kind: 'unreadable'; readonly why: string };
