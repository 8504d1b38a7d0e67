import { type Condition, conditionOf, timestamp } from './objects.ts';
import { strategyOf } from './rollout.ts';
import type { Deployment, ReplicaSet } from './workloads.ts';

const total = (
  sets: readonly ReplicaSet[],
  field: 'replicas' | 'readyReplicas' | 'availableReplicas',
): number => sets.reduce((sum, { status }) => sum + (status?.[field] ?? 0), 0);

/** `count` under `name`, and nothing when it is 0: the Go types leave empty numbers out. */
const counted = (name: string, count: number): Record<string, number> =>
  count === 0 ? {} : { [name]: count };

const conditions = (deployment: Deployment, done: boolean, available: number, at: Date): Condition[] => {
  const now = timestamp(at);
  const replicas = deployment.spec.replicas ?? 1;
  const enough = available >= replicas - strategyOf(deployment.spec.strategy, replicas).maxUnavailable;
  const verdicts: readonly Pick<Condition, 'type' | 'status' | 'reason' | 'message'>[] = [
    enough
      ? {
          type: 'Available',
          status: 'True',
          reason: 'MinimumReplicasAvailable',
          message: 'Deployment has minimum availability.',
        }
      : {
          type: 'Available',
          status: 'False',
          reason: 'MinimumReplicasUnavailable',
          message: 'Deployment does not have minimum availability.',
        },
    done
      ? {
          type: 'Progressing',
          status: 'True',
          reason: 'NewReplicaSetAvailable',
          message: 'The newest ReplicaSet has successfully progressed.',
        }
      : {
          type: 'Progressing',
          status: 'True',
          reason: 'ReplicaSetUpdated',
          message: 'The newest ReplicaSet is progressing.',
        },
  ];
  return verdicts.map((verdict) => {
    const before = conditionOf(deployment.status, verdict.type);
    const unchanged = before?.status === verdict.status && before.reason === verdict.reason;
    if (unchanged && before.message === verdict.message) return before;
    const since = before?.status === verdict.status ? (before.lastTransitionTime ?? now) : now;
    return { ...verdict, lastUpdateTime: now, lastTransitionTime: since };
  });
};

/** What `kubectl rollout status` reads (`pkg/controller/deployment/sync.go`, calculateStatus). */
export const deploymentStatus = (
  deployment: Deployment,
  current: ReplicaSet | undefined,
  sets: readonly ReplicaSet[],
  at: Date,
): object => {
  const wanted = deployment.spec.replicas ?? 1;
  const replicas = total(sets, 'replicas');
  const updated = current?.status?.replicas ?? 0;
  const available = total(sets, 'availableReplicas');
  const done = updated === wanted && replicas === wanted && available === wanted;
  return {
    observedGeneration: deployment.metadata.generation,
    ...counted('replicas', replicas),
    ...counted('updatedReplicas', updated),
    ...counted('readyReplicas', total(sets, 'readyReplicas')),
    ...counted('availableReplicas', available),
    ...counted(
      'unavailableReplicas',
      Math.max(0, sets.reduce((sum, { spec }) => sum + (spec.replicas ?? 1), 0) - available),
    ),
    conditions: conditions(deployment, done, available, at),
  };
};
