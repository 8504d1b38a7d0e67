import { beforeEach } from 'vitest';
import { findCondition } from '../../../functions/persistent-ip/conditions.ts';
import type { Route } from '../../../functions/persistent-ip/objects.ts';
import { recordOf } from '../../../functions/persistent-ip/ownership.ts';
import { reconcile } from '../../../functions/reconciler/reconcile.ts';
import {
  address,
  cause,
  clusterKey,
  gateway,
  gatewayClass,
  namespace,
  node,
  pod,
  route,
} from '../fixtures.ts';
import { World } from '../world.ts';

export const sixteen = Array.from({ length: 16 }, (_, i) => `34.1.2.${i}`);

export let world: World;

export const present = (): Route => world.routes.get('edge/nat')!;

export const reason = (type: string): string | undefined =>
  findCondition(present().status.conditions, type)?.reason;

export const record = () => recordOf([...world.services.values()][0]?.description ?? '');

export const deliver = (event = 'event-1', uid: string | undefined = 'uid-nat') =>
  reconcile(world.deps, {
    cluster: clusterKey,
    kind: 'route',
    namespace: 'edge',
    name: 'nat',
    ...(uid === undefined ? {} : { uid }),
    cause: { ...cause, insertId: event },
  });

/** What the node agent does when it has made the datapath of the Pod that `status.pods` names. */
export const agentAnswers = (): void => {
  const { status, ...rest } = present();
  const conditions = status.conditions.map((c) =>
    c.type === 'DPV2Ready'
      ? { ...c, status: 'True' as const, reason: 'DPV2Ready', message: 'programmed' }
      : c,
  );
  world.put({ ...rest, status: { ...status, conditions } });
};

export const allocate = async (): Promise<void> => {
  await deliver();
  agentAnswers();
  await deliver('agent-1');
  world.calls.length = 0;
  world.audited.length = 0;
};

export const replaceOnNodeB = (): void => {
  world.pods.delete('edge/nat-1');
  world.pods.set('edge/nat-2', pod('nat-2', { nodeName: 'node-b', podIP: '10.0.1.9' }));
};

/** Before each test: route edge/nat claims sixteen addresses, and Pod nat-1 on node-a may hold them. Nothing has been delivered. */
export const aRoute = (): void => {
  beforeEach(() => {
    world = new World();
    world.classes.push(gatewayClass());
    world.gateways.set('infra/pool', gateway(sixteen));
    world.namespaces.set('edge', namespace('edge'));
    world.nodes.set('node-a', node('node-a', 'us-central1-a'));
    world.nodes.set('node-b', node('node-b', 'us-central1-b'));
    world.reserved.push(...sixteen.map((ip) => address(ip)));
    world.put(route(sixteen));
    world.pods.set('edge/nat-1', pod('nat-1'));
  });
};
