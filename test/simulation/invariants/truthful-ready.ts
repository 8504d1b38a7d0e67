import type { BackendService } from '../../../functions/persistent-ip/cloud.ts';
import { findCondition } from '../../../functions/persistent-ip/conditions.ts';
import type { Pod, Route, RouteStatus } from '../../../functions/persistent-ip/objects.ts';
import { stemOfRoute } from '../../../functions/persistent-ip/observation.ts';
import { recordOf } from '../../../functions/persistent-ip/ownership.ts';
import { clusterKey } from '../../functions/fixtures.ts';
import type { Vouched } from '../actors/agents.ts';
import type { Invariant } from './invariant.ts';

interface Facts {
  readonly route: Route;
  readonly status: RouteStatus;
  readonly service: BackendService | undefined;
  readonly pods: readonly Pod[];
  readonly vouched: Vouched | undefined;
}

const untruth = ({ route, status, service, pods, vouched }: Facts): string | undefined => {
  const about = `${route.metadata.namespace}/${route.metadata.name} is Ready`;
  if (findCondition(status.conditions, 'Ready')?.status !== 'True') return undefined;
  const holder = recordOf(service?.description ?? '')?.holder;
  if (holder === undefined) return `${about}, and no holder record says for whom`;
  if (service?.leader?.instance !== holder.node)
    return `${about}, the leader is ${service?.leader?.instance}, the record says ${holder.node}`;
  const living = pods.find(({ metadata }) => metadata.uid === holder.uid);
  if (living === undefined || living.metadata.name !== status.pods[0])
    return `${about}, names ${status.pods.join()}, the record says ${holder.pod} (${holder.uid}), which ${living === undefined ? 'is gone' : 'is another'}`;
  if (vouched === undefined) return `${about}, and no agent has vouched for it`;
  const isDevice = vouched.uid === undefined && route.network !== 'default';
  const sees =
    isDevice || (vouched.node === holder.node && vouched.uid === holder.uid && vouched.ip === holder.podIP);
  return sees
    ? undefined
    : `${about}, and the agent that vouched for it was that of ${vouched.node}, for ${vouched.uid} with ${vouched.ip}, before ${holder.pod} (${holder.uid}) with ${holder.podIP} on ${holder.node} was chosen`;
};

/**
 * design/concepts.md, invariant 2: *`Ready=True` implies that the leader in Google Cloud is the node of the holder record,
 * that the record's uid is the living Pod that `status.pods[0]` names, and that `DPV2Ready` was set after that holder was
 * chosen.* Held at each of our status writes against what its delivery had read, and at rest against what is.
 *
 * Between the two: what changes the holder in Google Cloud, however late it comes, finds no route Ready, since "on a move,
 * one status write is answered before the PATCH of the leader is sent".
 */
export const truthfulReady: Invariant = {
  number: 2,
  name: 'truthful Ready',
  onStatus: ({ vouched }, delivery) => {
    if (delivery.status === undefined) return undefined;
    const { before: route, status } = delivery.status;
    return untruth({
      route,
      status,
      service: delivery.last<BackendService>('backendService', stemOfRoute(clusterKey, route)),
      pods: delivery.last<readonly Pod[]>('pods', route.metadata.namespace) ?? [],
      vouched: vouched.get(route.metadata.uid),
    });
  },
  always: ({ view, chronicle }) => {
    for (const { uid, record } of chronicle.fresh) {
      const route = view.routes.find(({ metadata }) => metadata.uid === uid);
      if (route === undefined || findCondition(route.status.conditions, 'Ready')?.status !== 'True') continue;
      return `${route.metadata.namespace}/${route.metadata.name} is Ready on ${route.status.pods.join()} while its holder becomes ${record.holder?.pod ?? 'nobody'}`;
    }
    return undefined;
  },
  atRest: ({ view, vouched }) => {
    for (const route of view.routes) {
      const found = untruth({
        route,
        status: route.status,
        service: view.serviceOf(route),
        pods: view.pods,
        vouched: vouched.get(route.metadata.uid),
      });
      if (found !== undefined) return found;
    }
    return undefined;
  },
};
