import type { CloudStep } from '../../../functions/persistent-ip/cloud.ts';
import type {
  AuditPort,
  ComputeLists,
  ComputePort,
  KubernetesPort,
} from '../../../functions/persistent-ip/ports.ts';
import type { Delivery } from './delivery.ts';

/** What a delivery reads and writes. */
export interface Ports {
  readonly kubernetes: KubernetesPort;
  readonly compute: ComputePort;
  readonly lists: ComputeLists;
  readonly audit: AuditPort;
}

/** A fault that is planted between the functions and the cloud, to see an invariant fail. */
export type Sabotage = (ports: Ports) => Ports;

/** Told of what every delivery does. */
export interface Listener {
  readonly onBegin: (delivery: Delivery) => void;
  readonly onEnd: (delivery: Delivery) => void;
  /** After a status of a route was written. */
  readonly onStatus: (delivery: Delivery) => void;
  /** Before a change of Google Cloud is asked for. */
  readonly onStep: (delivery: Delivery, step: CloudStep) => void;
}
