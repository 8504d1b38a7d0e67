import { findCondition } from '../../../../../functions/persistent-ip/conditions.ts';
import { stemOfRoute } from '../../../../../functions/persistent-ip/observation.ts';
import { recordOf } from '../../../../../functions/persistent-ip/ownership.ts';
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

/** As if every route had moved so often in the last minute, its last move a second ago. */
export const moveOften = (world: World, times: number): void => {
  if (times === 0) return;
  for (const [name, service] of world.services) {
    const record = recordOf(service.description);
    if (record === undefined) continue;
    // The times stand as milliseconds before the record's own.
    const at = world.now.getTime() - 1_000;
    const moves = Array.from({ length: times }, (_, i) => (i * 7_000).toString(36).padStart(4, '0')).join('');
    const written = JSON.parse(service.description);
    written.holder = { ...written.holder, at: new Date(at).toISOString(), moves };
    world.services.set(name, { ...service, description: JSON.stringify(written) });
  }
};
