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
  if (!isDevice && (vouched.node !== holder.node || vouched.uid !== holder.uid))
    return `${about}, and the agent that vouched for it was that of ${vouched.node} for ${vouched.uid}, before ${holder.pod} (${holder.uid}) on ${holder.node} was chosen`;
  return undefined;
};

/**
 * design/concepts.md, invariant 2: *`Ready=True` implies that the leader in Google Cloud is the node of the holder record,
 * that the record's uid is the living Pod that `status.pods[0]` names, and that `DPV2Ready` was set after that holder was
 * chosen.* Held at each of our status writes against what its delivery had read, and at rest against what is.
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
