import { beforeEach } from 'vitest';
import { findCondition } from '../../../functions/persistent-ip/conditions.ts';
import type { Gateway } from '../../../functions/persistent-ip/objects.ts';
import { reconcile } from '../../../functions/reconciler/reconcile.ts';
import { cause, clusterKey, gateway, gatewayClass } from '../fixtures.ts';
import { World } from '../world.ts';

export let world: World;

export const ask = { type: 'IPAddress' };

export const present = (): Gateway => world.gateways.get('infra/pool')!;

export const condition = (type: string) => findCondition(present().status.conditions, type);

export const offered = () => present().status.addresses.map(({ value }) => value);

export const deliver = () =>
  reconcile(world.deps, { cluster: clusterKey, kind: 'gateway', namespace: 'infra', name: 'pool', cause });

/** The user writes the Gateway's entries. */
export const write = (...addresses: Gateway['addresses']): void => {
  world.putGateway({ ...present(), addresses });
};

export const remove = (): void => {
  const { metadata: meta, ...rest } = present();
  world.putGateway({ ...rest, metadata: { ...meta, deletionTimestamp: '2026-11-24T14:05:00Z' } });
};

export const inUse = (ip: string, by = 'pip-edge-nat-0123456789ab-22c8000a'): void => {
  const at = world.reserved.findIndex((one) => one.ip === ip);
  world.reserved[at] = { ...world.reserved[at]!, users: [`https://x/regions/r/forwardingRules/${by}`] };
};

/** Before each test: Gateway infra/pool, to whose class nothing has been said but that it is accepted. */
export const aGateway = (): void => {
  beforeEach(async () => {
    world = new World();
    world.classes.push(gatewayClass());
    world.putGateway(
      gateway([], { addresses: [ask], status: { addresses: [], conditions: [], listeners: [] } }),
    );
    await deliver();
  });
};
