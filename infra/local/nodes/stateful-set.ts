import { isDeepStrictEqual } from 'node:util';
import { isRefusal } from './api.ts';
import { type Machinery, serviceAccount } from './machinery.ts';
import { controllerOf, isLeaving, isTrue, keyOf, type Pod } from './objects.ts';
import { type Member, type OrderedSpec, planMoves } from './ordered-set.ts';
import { pods, statefulSets } from './resources.ts';
import { templateHash } from './template-hash.ts';
import type { StatefulSet } from './workloads.ts';

const revisionLabel = 'controller-revision-hash';

const specOf = ({ metadata, spec }: StatefulSet): OrderedSpec => ({
  replicas: spec.replicas ?? 1,
  start: spec.ordinals?.start ?? 0,
  ordered: spec.podManagementPolicy !== 'Parallel',
  partition:
    spec.updateStrategy?.type === 'OnDelete'
      ? undefined
      : (spec.updateStrategy?.rollingUpdate?.partition ?? 0),
  revision: `${metadata.name}-${templateHash(spec.template)}`,
});

const memberOf = (set: StatefulSet, pod: Pod): Member[] => {
  const ordinal = /-(\d+)$/.exec(pod.metadata.name)?.[1];
  if (ordinal === undefined || pod.metadata.name !== `${set.metadata.name}-${ordinal}`) return [];
  return [{ ordinal: Number(ordinal), revision: pod.metadata.labels?.[revisionLabel] ?? '', pod }];
};

/** The Pod of one ordinal: its name, host name and labels are its identity (Kubernetes, *Pod Identity*). */
const podOf = (set: StatefulSet, ordinal: number, revision: string): object => {
  const { template, serviceName } = set.spec;
  const name = `${set.metadata.name}-${ordinal}`;
  return {
    metadata: {
      ...template.metadata,
      name,
      labels: {
        ...template.metadata?.labels,
        [revisionLabel]: revision,
        'statefulset.kubernetes.io/pod-name': name,
        'apps.kubernetes.io/pod-index': String(ordinal),
      },
      ownerReferences: [
        {
          apiVersion: statefulSets.apiVersion,
          kind: statefulSets.kind,
          name: set.metadata.name,
          uid: set.metadata.uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: {
      ...template.spec,
      hostname: name,
      ...(serviceName === undefined ? {} : { subdomain: serviceName }),
    },
  };
};

const statusOf = (set: StatefulSet, members: readonly Member[], revision: string): object => {
  const ready = members.filter(({ pod }) => isTrue(pod.status, 'Ready') && !isLeaving(pod)).length;
  const updated = members.filter((member) => member.revision === revision).length;
  const complete = updated === members.length && ready === (set.spec.replicas ?? 1);
  const current = complete ? revision : (set.status?.currentRevision ?? revision);
  const ofCurrent = members.filter((member) => member.revision === current).length;
  return {
    observedGeneration: set.metadata.generation,
    replicas: members.length,
    ...(ready === 0 ? {} : { readyReplicas: ready }),
    availableReplicas: ready,
    ...(ofCurrent === 0 ? {} : { currentReplicas: ofCurrent }),
    ...(updated === 0 ? {} : { updatedReplicas: updated }),
    currentRevision: current,
    updateRevision: revision,
    collisionCount: 0,
  };
};

/**
 * Runs StatefulSets as `statefulset-controller`. It keeps no ControllerRevisions: a Pod made below an update's
 * partition gets the present template.
 */
export const startStatefulSets = (machinery: Machinery): void => {
  const api = machinery.as(serviceAccount('statefulset-controller'));
  const membersOf = (set: StatefulSet): Member[] =>
    machinery.pods
      .all()
      .filter((pod) => controllerOf(pod)?.uid === set.metadata.uid)
      .flatMap((pod) => memberOf(set, pod));

  const remove = async ({ metadata: { namespace, name, uid } }: Pod): Promise<void> => {
    try {
      const answer = await api.remove<Pod>(pods, { namespace, name }, { preconditions: { uid } });
      if (answer.metadata.deletionTimestamp !== undefined) machinery.pods.accept(answer);
    } catch (error) {
      if (!isRefusal(error, 404)) throw error;
    }
  };
  const worker = machinery.worker('statefulset-controller', async (key) => {
    await machinery.synced;
    const set = machinery.statefulSets.get(key);
    if (set === undefined) return;
    const spec = specOf(set);
    const { namespace } = set.metadata;
    if (!isLeaving(set)) {
      for (const move of planMoves(spec, membersOf(set))) {
        if (move.do === 'delete') await remove(move.pod);
        else {
          const body = podOf(set, move.ordinal, spec.revision);
          machinery.pods.accept(await api.create<Pod>(pods, { namespace }, body));
        }
      }
    }
    const status = statusOf(set, membersOf(set), spec.revision);
    if (isDeepStrictEqual(set.status, status)) return;
    machinery.statefulSets.accept(
      await api.update(statefulSets, { ...set, status } as StatefulSet, 'status'),
    );
  });
  machinery.statefulSets.subscribe((set) => worker.add(keyOf(set)));
  machinery.pods.subscribe((pod) => {
    const owner = controllerOf(pod);
    if (owner?.kind === statefulSets.kind) worker.add(`${pod.metadata.namespace}/${owner.name}`);
  });
};
