import { setMaxListeners } from 'node:events';
import { type Clock, systemClock } from '../clock.ts';
import { type Api, connect, isRefusal } from './api.ts';
import { startCloudNodes } from './cloud-nodes.ts';
import type { Entry } from './datapath-pass.ts';
import { startDeployments } from './deployment.ts';
import { startGarbageCollector } from './garbage-collector.ts';
import { startJobs } from './job.ts';
import { type Machinery, startMachinery } from './machinery.ts';
import { startNetworkController } from './network-controller.ts';
import { startNodeLifecycle } from './node-lifecycle.ts';
import type { NodeSpec } from './node-object.ts';
import { startPodGc } from './pod-gc.ts';
import { startReplicaSets } from './replica-set.ts';
import { namespaces } from './resources.ts';
import { startScheduler } from './scheduler.ts';
import { startStatefulSets } from './stateful-set.ts';
import { startTaintEviction } from './taint-eviction.ts';
import { defaultTimings, type Timings } from './timings.ts';
import { startVm } from './vm.ts';

export type { Entry } from './datapath-pass.ts';
export type { NodeSpec } from './node-object.ts';
export type { Timings } from './timings.ts';
export { agentUser } from './vm.ts';

export interface NodesOptions {
  /** Of the Kubernetes API, without a slash at its end. */
  readonly url: string;
  /** The token that a user speaks with; asked once for each user. */
  readonly tokenOf: (user: string, groups: readonly string[]) => string;
  readonly nodes: readonly NodeSpec[];
  readonly clock?: Clock;
  readonly timings?: Partial<Timings>;
  /**
   * `false` where a real scheduler and controller manager run: then only the nodes are ours, and the cloud's own
   * controller, which no Kubernetes brings.
   */
  readonly controlPlane?: boolean;
  /** The cluster has Networks: GKE's controller of them runs as well. */
  readonly multiNetwork?: boolean;
  /** For an API server behind TLS: a `fetch` that trusts its certificate. */
  readonly fetch?: typeof fetch;
  /** Told of every failure that is tried again. */
  readonly onError?: (who: string, error: unknown, key: string) => void;
}

/** A running set of nodes, and the machinery that a cluster has around them. A name that is no node's is ignored. */
export interface LocalNodes {
  /**
   * The kubelet and the agent die without a word, as when the VM loses its power.
   * With `vmGone` the VM is deleted as well: the cloud node controller removes its Node once that is not Ready.
   */
  stopKubelet(node: string, options?: { readonly vmGone?: boolean }): void;
  /** The VM boots (again), under its old name: Pods that are still bound to it keep their uids and get new IPs. */
  startKubelet(node: string): void;
  /** What the node's agent has programmed, by CIDR: `203.0.113.7/32` → Pod and its IP. A live view. */
  datapath(node: string): ReadonlyMap<string, Entry>;
  /** From now on the node's kernel refuses entries with `error`; `undefined` mends it. */
  breakDatapath(node: string, error: string | undefined): void;
  /** Stops everything and waits until nothing is under way. */
  close(): Promise<void>;
}

const groupsOf = (user: string): string[] => {
  if (user.startsWith('system:node:')) return ['system:nodes'];
  const namespace = /^system:serviceaccount:([^:]+):/.exec(user)?.[1];
  return namespace === undefined ? [] : ['system:serviceaccounts', `system:serviceaccounts:${namespace}`];
};

const agents: Readonly<Record<string, string>> = {
  'system:kube-scheduler': 'kube-scheduler/v1.34.2 (linux/amd64) kubernetes/local/scheduler',
};

const userAgentOf = (user: string): string =>
  user.startsWith('system:node:')
    ? 'kubelet/v1.34.2 (linux/amd64) kubernetes/local'
    : (agents[user] ?? `kube-controller-manager/v1.34.2 (linux/amd64) kubernetes/local/${user}`);

/** Where leases live; a real API server makes it by itself, moments after its start. */
const ensureLeaseNamespace = async (api: Api): Promise<void> => {
  const name = 'kube-node-lease';
  try {
    await api.get(namespaces, { name });
  } catch (error) {
    if (!isRefusal(error, 404)) throw error;
    await api.create(namespaces, {}, { metadata: { name } }).catch((refused: unknown) => {
      if (!isRefusal(refused, 409)) throw refused;
    });
  }
};

const startControlPlane = (machinery: Machinery): void => {
  startScheduler(machinery);
  startReplicaSets(machinery);
  startDeployments(machinery);
  startStatefulSets(machinery);
  startJobs(machinery);
  startGarbageCollector(machinery);
  startNodeLifecycle(machinery);
  startTaintEviction(machinery);
  startPodGc(machinery);
};

/** Starts nodes, and with them scheduler and controllers; resolves when every Node is registered and Ready. */
export const startNodes = async (options: NodesOptions): Promise<LocalNodes> => {
  const { url, tokenOf, clock = systemClock, onError = () => {} } = options;
  const timings = { ...defaultTimings, ...options.timings };
  const ending = new AbortController();
  const { signal } = ending;
  setMaxListeners(0, signal);
  const api = (user: string, until: AbortSignal): Api =>
    connect({
      url,
      token: tokenOf(user, groupsOf(user)),
      signal: until,
      userAgent: userAgentOf(user),
      fetch: options.fetch,
    });
  const machinery = startMachinery({ clock, signal, timings, as: (user) => api(user, signal), onError });
  if (options.controlPlane !== false) startControlPlane(machinery);
  if (options.multiNetwork === true) startNetworkController(machinery);
  const cloud = startCloudNodes(machinery);
  await ensureLeaseNamespace(api('system:kube-controller-manager', signal));
  const vms = new Map(
    options.nodes.map((node) => [node.name, startVm({ node, api, clock, timings, onError })]),
  );
  await Promise.all([...vms.values()].map((vm) => vm.boot()));
  return {
    stopKubelet(name, { vmGone = false } = {}) {
      void vms.get(name)?.stop();
      if (vmGone) cloud.setVm(name, 'absent');
    },
    startKubelet(name) {
      cloud.setVm(name, 'present');
      void vms.get(name)?.boot();
    },
    datapath: (name) => vms.get(name)?.datapath() ?? new Map(),
    breakDatapath: (name, error) => vms.get(name)?.breakDatapath(error),
    async close() {
      await Promise.all([...vms.values()].map((vm) => vm.stop()));
      ending.abort();
      await machinery.ended();
    },
  };
};
