import { keyOf, nameOf, scopeOf, urlOf } from '../resource-url.ts';
import type { Instance, InstanceStatus, Key } from '../types.ts';
import { ipClaim } from '../world/claims.ts';
import type { Operation } from '../world/operations.ts';
import type { Call, World } from '../world/world.ts';
import type { Kind } from './kind.ts';

/** Puts an instance into a state and says so. */
export const setStatus = (world: World, key: Key, status: InstanceStatus): void => {
  const instance = world.store.get('instances', key);
  if (instance === undefined || instance.status === status) return;
  world.store.put('instances', key, { ...instance, status });
  world.instanceIs(key, status);
};

/**
 * An instance is gone: its endpoints go with it, a service's `haPolicy.leader` that names it stays as it is.
 * The first is documented for network endpoint groups; what happens to the leader is unverified.
 */
export const instanceGone = (key: Key, world: World): void => {
  world.store.remove('instances', key);
  world.endpoints.dropInstance(scopeOf(key), nameOf(key));
  world.instanceIs(key, 'DELETED');
};

const transition = (
  call: Call,
  world: World,
  from: InstanceStatus,
  during: InstanceStatus | undefined,
  to: InstanceStatus,
): Operation => {
  const key = keyOf(call.scope, 'instances', call.name);
  const instance = world.find('instances', key);
  const operation = world.accept(call, {
    target: key,
    targetId: instance.id,
    hold: 'change',
    // Stopping what is stopped is no error: the operation succeeds and changes nothing.
    apply: () => setStatus(world, key, to),
    settled: (error) => {
      if (error !== undefined) setStatus(world, key, instance.status);
    },
  });
  if (instance.status === from && during !== undefined) setStatus(world, key, during);
  return operation;
};

/** Zonal VMs. There is no `insert`: this cloud's machines come from its node pools. */
export const instances: Kind<'instances'> = {
  collection: 'instances',
  service: 'Instances',
  message: 'Instance',
  title: 'instance',
  scopes: ['zones'],
  removing: (key, world) => {
    const before = world.store.get('instances', key)?.status;
    setStatus(world, key, 'STOPPING');
    return () => setStatus(world, key, before ?? 'RUNNING');
  },
  removed: instanceGone,
  methods: {
    Stop: (call, world) => transition(call, world, 'RUNNING', 'STOPPING', 'TERMINATED'),
    Start: (call, world) => transition(call, world, 'TERMINATED', undefined, 'RUNNING'),
  },
};

/** The addresses that an instance uses: in each of its networks, and on the internet. */
export const instanceClaims = (instance: Instance) =>
  instance.networkInterfaces.flatMap((nic) => [
    ipClaim(nic.network.slice(urlOf('').length) as Key, nic.networkIP),
    ...(nic.accessConfigs ?? []).map(({ natIP }) => ipClaim('internet', natIP)),
  ]);
