import { findCondition } from '../../../../../functions/persistent-ip/conditions.ts';
import { stemOfRoute } from '../../../../../functions/persistent-ip/observation.ts';
import { clusterKey } from '../../../fixtures.ts';
import type { World } from '../../../world.ts';

/** What somebody does to resources of ours behind our back. */
export type Drift = 'rule' | 'firewall' | 'leader';

/** Does it to one of the routes that are served; `which` is taken modulo their number. */
export const befall = (world: World, drift: Drift, which: number): void => {
  const served = [...world.routes.values()].filter(
    ({ status }) => findCondition(status.conditions, 'GCPReady')?.status === 'True',
  );
  const route = served[which % served.length];
  if (route === undefined) return;
  const stem = stemOfRoute(clusterKey, route);
  const service = world.services.get(stem);
  if (drift === 'firewall') world.firewalls.delete(stem);
  if (drift === 'rule') {
    const rule = [...world.rules.values()].find(({ backendService }) => backendService === stem);
    world.rules.delete(rule?.name ?? '');
  }
  if (drift === 'leader' && service?.leader !== undefined) {
    const leader = { ...service.leader, instance: 'vm-by-hand' };
    world.services.set(stem, { ...service, leader, fingerprint: `${service.fingerprint}-by-hand` });
  }
};
