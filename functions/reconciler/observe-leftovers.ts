import type { ReconcileRequest } from '../../events/reconcile-request.ts';
import type { Stage } from '../persistent-ip/cloud.ts';
import { Failure } from '../persistent-ip/failure.ts';
import type { HolderRecord } from '../persistent-ip/holder-record.ts';
import { recordOf } from '../persistent-ip/ownership.ts';
import { planGatewayLeftovers, planRouteLeftovers } from '../persistent-ip/plan-leftovers.ts';
import { lastRecord } from '../persistent-ip/plan-release.ts';
import type { KubernetesReads } from '../persistent-ip/ports.ts';
import { isRecordOf, type Recorded } from '../persistent-ip/recorded.ts';
import type { ReadDependencies } from './dependencies.ts';
import { observeCloud } from './observe-cloud.ts';

/** A request for one object and no other of its name. */
export type Identified = ReconcileRequest & { readonly uid: string };

/** What is to be done about a route or Gateway that is gone. */
export interface LeftoversSeen {
  readonly owner: Recorded;
  readonly stages: readonly Stage[];
  /** The last change of holder that Google Cloud has of it, or has refused to have. */
  readonly record?: HolderRecord;
}

/**
 * All read now, nothing remembered: the object is not there, by an answer that names it or shows another of its name, from
 * the very cluster that the records name. Whether that is so when the steps are made need not be asked again: what is
 * gone never comes back.
 *
 * @param refusedAt when Google Cloud refused the record that a release begins with: see plan-release.ts
 * @returns `undefined` when there is nothing to judge: the object exists
 * @throws Failure `retry` while nobody knows
 */
export const observeLeftovers = async (
  deps: ReadDependencies,
  request: Identified,
  refusedAt?: Date,
): Promise<LeftoversSeen | undefined> => {
  const { kubernetes, deployment, cluster } = deps;
  const [object, clusterUid] = await Promise.all([
    request.kind === 'route'
      ? kubernetes.route(request.namespace, request.name)
      : kubernetes.gateway(request.namespace, request.name),
    freshClusterUid(kubernetes),
  ]);
  if (object?.metadata.uid === request.uid) return undefined;
  const { namespace, name, uid } = request;
  const { project, location, name: clusterName } = cluster.key;
  const owner: Recorded = {
    kind: request.kind === 'route' ? 'route' : 'gateway',
    deployment,
    clusterUid,
    identity: { cluster: { project, location, name: clusterName }, namespace, name, uid },
  };
  return request.kind === 'route' ? ofRoute(deps, request, owner, refusedAt) : ofGateway(deps, owner);
};

const ofRoute = async (
  deps: ReadDependencies,
  request: Identified,
  owner: Recorded,
  refusedAt: Date | undefined,
): Promise<LeftoversSeen> => {
  const cloud = await observeCloud(deps, request, request.uid);
  const { description = '' } = cloud.backendService ?? {};
  const now = { now: refusedAt ?? deps.runtime.now(), cause: request.cause };
  const recordRefused = refusedAt !== undefined;
  const known = isRecordOf(owner, description) ? recordOf(description) : undefined;
  const record = recordRefused && known !== undefined ? lastRecord(cloud.backendService, now) : known;
  const stages = planRouteLeftovers(owner, cloud, now, recordRefused);
  return { owner, stages, ...(record === undefined ? {} : { record }) };
};

const ofGateway = async (
  { compute, kubernetes, cluster }: ReadDependencies,
  owner: Recorded,
): Promise<LeftoversSeen> => {
  const [addresses, gateways] = await Promise.all([compute.addresses(), kubernetes.gateways()]);
  return { owner, stages: planGatewayLeftovers(owner, addresses, gateways, cluster.region) };
};

/** Not the one that an instance remembers: the endpoint may have come to lead to another cluster. */
const freshClusterUid = async (kubernetes: Pick<KubernetesReads, 'namespace'>): Promise<string> => {
  const found = await kubernetes.namespace('kube-system');
  if (found === undefined)
    throw new Failure('retry', 'NoCluster', 404, 'the cluster has no Namespace kube-system');
  return found.metadata.uid;
};
