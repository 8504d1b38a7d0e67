import { isDeepStrictEqual } from 'node:util';
import { deploymentStatus } from './deployment-status.ts';
import { type Machinery, serviceAccount } from './machinery.ts';
import { controllerOf, isLeaving, isOver, keyOf } from './objects.ts';
import { deployments, replicaSets } from './resources.ts';
import { planRollout, type SetSize, type Step, strategyOf } from './rollout.ts';
import { templateHash } from './template-hash.ts';
import type { Deployment, ReplicaSet } from './workloads.ts';

const hashLabel = 'pod-template-hash';
const revision = 'deployment.kubernetes.io/revision';

const size = (set: ReplicaSet): SetSize => ({
  name: set.metadata.name,
  replicas: set.spec.replicas ?? 1,
  available: set.status?.availableReplicas ?? 0,
});

const revisionOf = ({ metadata }: ReplicaSet | Deployment): number =>
  Number(metadata.annotations?.[revision] ?? 0);

const setOf = (deployment: Deployment, hash: string, replicas: number, number: number): object => {
  const { selector, template, minReadySeconds } = deployment.spec;
  const labels = { ...template.metadata?.labels, [hashLabel]: hash };
  return {
    metadata: {
      name: `${deployment.metadata.name}-${hash}`,
      namespace: deployment.metadata.namespace,
      labels,
      annotations: { [revision]: String(number) },
      ownerReferences: [
        {
          apiVersion: deployments.apiVersion,
          kind: deployments.kind,
          name: deployment.metadata.name,
          uid: deployment.metadata.uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: {
      replicas,
      ...(minReadySeconds === undefined ? {} : { minReadySeconds }),
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [hashLabel]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
};

/** Turns Deployments into ReplicaSets, one for each template, as `deployment-controller`. */
export const startDeployments = (machinery: Machinery): void => {
  const api = machinery.as(serviceAccount('deployment-controller'));

  const apply = async (
    deployment: Deployment,
    hash: string,
    sets: readonly ReplicaSet[],
    step: Step,
  ): Promise<void> => {
    if (step.do === 'create') {
      const number = Math.max(0, ...sets.map(revisionOf)) + 1;
      const body = setOf(deployment, hash, step.replicas, number);
      const { namespace } = deployment.metadata;
      machinery.replicaSets.accept(await api.create<ReplicaSet>(replicaSets, { namespace }, body));
      return;
    }
    const set = sets.find(({ metadata }) => metadata.name === step.name);
    if (set === undefined) return;
    const next = { ...set, spec: { ...set.spec, replicas: step.replicas } };
    machinery.replicaSets.accept(await api.update(replicaSets, next));
  };
  /** A template that comes back is the newest revision again (`kubectl rollout undo`). */
  const number = async (
    deployment: Deployment,
    current: ReplicaSet,
    old: readonly ReplicaSet[],
  ): Promise<void> => {
    const newest = Math.max(revisionOf(current), ...old.map((set) => revisionOf(set) + 1));
    const mark = <T extends ReplicaSet | Deployment>(object: T): T => ({
      ...object,
      metadata: {
        ...object.metadata,
        annotations: { ...object.metadata.annotations, [revision]: String(newest) },
      },
    });
    if (revisionOf(current) !== newest)
      machinery.replicaSets.accept(await api.update(replicaSets, mark(current)));
    if (revisionOf(deployment) !== newest)
      machinery.deployments.accept(await api.update(deployments, mark(deployment)));
  };
  const worker = machinery.worker('deployment-controller', async (key) => {
    await machinery.synced;
    const deployment = machinery.deployments.get(key);
    if (deployment === undefined) return;
    const sets = machinery.replicaSets
      .all()
      .filter((set) => controllerOf(set)?.uid === deployment.metadata.uid && !isLeaving(set))
      .sort((a, b) => revisionOf(a) - revisionOf(b));
    const hash = templateHash(deployment.spec.template);
    const current = sets.find(({ metadata }) => metadata.labels?.[hashLabel] === hash);
    const old = sets.filter((set) => set !== current);
    const replicas = deployment.spec.replicas ?? 1;
    if (!isLeaving(deployment) && deployment.spec.paused !== true) {
      const uids = new Set(old.map(({ metadata }) => metadata.uid));
      const oldPods = machinery.pods
        .all()
        .filter((pod) => uids.has(controllerOf(pod)?.uid ?? '') && !isOver(pod)).length;
      const strategy = strategyOf(deployment.spec.strategy, replicas);
      const steps = planRollout(replicas, strategy, current && size(current), old.map(size), oldPods);
      for (const step of steps) await apply(deployment, hash, sets, step);
      if (current !== undefined && steps.length === 0) await number(deployment, current, old);
    }
    const known = machinery.deployments.get(key) ?? deployment;
    const status = deploymentStatus(known, current, sets, machinery.clock.now());
    if (isDeepStrictEqual(known.status, status)) return;
    machinery.deployments.accept(await api.update(deployments, { ...known, status } as Deployment, 'status'));
  });
  machinery.deployments.subscribe((deployment) => worker.add(keyOf(deployment)));
  const wake = (set: ReplicaSet): void => {
    const owner = controllerOf(set);
    if (owner?.kind === deployments.kind) worker.add(`${set.metadata.namespace}/${owner.name}`);
  };
  machinery.replicaSets.subscribe(wake);
  // Recreate waits for the old Pods to be gone, which no ReplicaSet's status shows.
  machinery.pods.subscribe((pod, gone) => {
    const owner = controllerOf(pod);
    const set =
      gone && owner?.kind === replicaSets.kind
        ? machinery.replicaSets.get(`${pod.metadata.namespace}/${owner.name}`)
        : undefined;
    if (set !== undefined) wake(set);
  });
};
