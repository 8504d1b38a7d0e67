import type { ClusterFacts } from '../persistent-ip/observation.ts';
import type {
  AuditPort,
  ComputeLists,
  ComputePort,
  ComputeReads,
  EventPort,
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

/** What an observation of one cluster needs; nothing can be written with it. */
export interface ReadDependencies {
  readonly deployment: string;
  readonly controllerName: string;
  readonly cluster: ClusterFacts;
  readonly kubernetes: KubernetesReads;
  readonly compute: ComputeReads;
  readonly lists: ComputeLists;
  readonly runtime: Pick<Runtime, 'now'>;
}

/** Everything one cluster's reconciles need. */
export interface ClusterDependencies extends ReadDependencies {
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
