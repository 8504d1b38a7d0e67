import { latencies } from './latencies.ts';

/** What a peer does to move addresses, one thing after the other, as its source has it. */
interface Step {
  readonly call: string;
  readonly on: 'compute' | 'kubernetes';
  readonly mutates?: true;
  /** A mutation of Compute that is waited for. */
  readonly waited?: true;
  /** File and line. */
  readonly at: string;
}

export interface Peer {
  readonly name: string;
  readonly source: string;
  readonly mutations: number;
  readonly waits: number;
  readonly calls: number;
  /** From the moment it is told until the call that gives the address away is sent, and until it says that it is done. */
  readonly sentMs: number;
  readonly doneMs: number;
}

const msOf = ({ on, waited }: Step): number =>
  latencies[on] + (waited === undefined ? 0 : latencies.operation);

const sum = (steps: readonly Step[]): number => steps.reduce((total, step) => total + msOf(step), 0);

const countsOf = (steps: readonly Step[]) => {
  const waits = steps.filter(({ waited }) => waited).length;
  return {
    waits,
    mutations: steps.filter(({ on, mutates }) => on === 'compute' && mutates).length,
    calls: steps.length + waits,
  };
};

const access = (call: string, at: string): Step => ({ call, on: 'compute', mutates: true, waited: true, at });
const read = (call: string, at: string): Step => ({ call, on: 'compute', at });

/** The agent of the node that loses the address (`Unassign`), then that of the node which gets it, under a cluster-wide lease. */
const kubeipSteps: readonly Step[] = [
  read('instances.get', 'internal/address/gcp.go:333'),
  read('addresses.list', 'internal/address/gcp.go:338'),
  access('instances.deleteAccessConfig', 'internal/address/gcp.go:167'),
  read('instances.get', 'internal/address/gcp.go:356'),
  access('instances.addAccessConfig (ephemeral)', 'internal/address/gcp.go:193'),
  { call: 'leases.create', on: 'kubernetes', mutates: true, at: 'internal/lease/lock.go:63' },
  read('instances.get', 'internal/address/gcp.go:276'),
  read('addresses.list', 'internal/address/gcp.go:280'),
  read('addresses.list', 'internal/address/gcp.go:228'),
  access('instances.deleteAccessConfig', 'internal/address/gcp.go:167'),
  read('instances.get', 'internal/address/gcp.go:248'),
  read('addresses.get', 'internal/address/gcp.go:209'),
  access('instances.addAccessConfig (static)', 'internal/address/gcp.go:193'),
];

/** In its best case: both agents act at once, and nobody else holds the lease. A node can hold one address. */
export const kubeip = (): Peer => {
  const last = kubeipSteps.at(-1);
  const done = sum(kubeipSteps);
  return {
    name: 'kubeip',
    source: 'github.com/doitintl/kubeip at a78270d',
    ...countsOf(kubeipSteps),
    sentMs: done - (last === undefined ? 0 : msOf(last)),
    doneMs: done,
  };
};

const statusWrite = (at: string): Step => ({
  call: 'cloudprivateipconfigs.updateStatus',
  on: 'kubernetes',
  mutates: true,
  at,
});
const controller = 'pkg/controller/cloudprivateipconfig/cloudprivateipconfig_controller.go';

const release: readonly Step[] = [
  read('instances.get', 'pkg/cloudprovider/gcp.go:175'),
  access('instances.updateNetworkInterface', 'pkg/cloudprovider/gcp.go:209'),
];
const assign: readonly Step[] = [
  read('instances.get', 'pkg/cloudprovider/gcp.go:138'),
  access('instances.updateNetworkInterface', 'pkg/cloudprovider/gcp.go:160'),
];
const around: readonly Step[] = [
  statusWrite(`${controller}:334`),
  statusWrite(`${controller}:417`),
  statusWrite(`${controller}:454`),
  statusWrite(`${controller}:504`),
];

/**
 * Each address is released and then assigned (`computeOp`, controller line 596); a lock for each node is held over the call
 * and its wait (gcp.go:172 and 135), so the releases queue at the one node and the assignments at the other.
 */
export const cloudNetworkConfigController = (addresses: number): Peer => {
  const write = latencies.kubernetes;
  const told = latencies.kubernetes;
  let released = told + write;
  let assigned = 0;
  for (let address = 0; address < addresses; address += 1) {
    released += sum(release);
    // Its status is written, the watch tells it so, and it writes that the next thing is pending.
    assigned = Math.max(assigned, released + write + told + write) + sum(assign);
  }
  const one = countsOf([...release, ...assign, ...around]);
  return {
    name: 'cloud-network-config-controller',
    source: 'github.com/openshift/cloud-network-config-controller at 2d69ad9',
    mutations: one.mutations * addresses,
    waits: one.waits * addresses,
    calls: one.calls * addresses,
    sentMs: assigned - latencies.compute - latencies.operation,
    doneMs: assigned + write,
  };
};
