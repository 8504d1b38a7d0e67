import type { Clock } from '../clock.ts';
import type { Api } from './api.ts';
import type { KubeObject, Lease, Node, Pod } from './objects.ts';
import { reflect, type View } from './reflector.ts';
import * as resources from './resources.ts';
import type { Timings } from './timings.ts';
import { startWorker, type Worker, type WorkerOptions } from './worker.ts';
import type { Deployment, Job, ReplicaSet, StatefulSet } from './workloads.ts';

/** What every controller works with: one set of views for all of them, as in kube-controller-manager. */
export interface Machinery {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly timings: Timings;
  readonly pods: View<Pod>;
  readonly nodes: View<Node>;
  readonly leases: View<Lease>;
  readonly deployments: View<Deployment>;
  readonly replicaSets: View<ReplicaSet>;
  readonly statefulSets: View<StatefulSet>;
  readonly jobs: View<Job>;
  /** The API as a user sees it, to write with. */
  as(user: string): Api;
  /** A worker that ends with the machinery. */
  worker(name: string, work: WorkerOptions['work']): Worker;
  /** Resolves when all the views have read their first list. */
  readonly synced: Promise<void>;
  /** Resolves, after the signal, when nothing is under way any more. */
  ended(): Promise<void>;
}

export interface MachineryOptions extends Pick<Machinery, 'clock' | 'signal' | 'timings' | 'as'> {
  readonly onError: (who: string, error: unknown, key: string) => void;
}

export const startMachinery = (options: MachineryOptions): Machinery => {
  const { clock, signal, as, onError } = options;
  const api = as('system:kube-controller-manager');
  const view = <T extends KubeObject>(resource: resources.Resource): View<T> =>
    reflect<T>({ api, resource, clock, signal });
  const views = {
    pods: view<Pod>(resources.pods),
    nodes: view<Node>(resources.nodes),
    leases: view<Lease>(resources.leases),
    deployments: view<Deployment>(resources.deployments),
    replicaSets: view<ReplicaSet>(resources.replicaSets),
    statefulSets: view<StatefulSet>(resources.statefulSets),
    jobs: view<Job>(resources.jobs),
  };
  const workers: Worker[] = [];
  return {
    ...options,
    ...views,
    worker(name, work) {
      const worker = startWorker({ clock, signal, work, onError: (error, key) => onError(name, error, key) });
      workers.push(worker);
      return worker;
    },
    synced: Promise.all(Object.values(views).map(({ synced }) => synced)).then(() => undefined),
    ended: async () => {
      await Promise.all(workers.map(({ ended }) => ended));
    },
  };
};

/** The user that a controller of kube-controller-manager writes as. */
export const serviceAccount = (name: string): string => `system:serviceaccount:kube-system:${name}`;
