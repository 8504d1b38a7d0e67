import type { Clock } from '../clock.ts';
import { type Api, isRefusal } from './api.ts';
import type { Endpoints } from './endpoints.ts';
import { isOver, keyOf, type Pod } from './objects.ts';
import { courseOf, type Life } from './pod-stage.ts';
import { statusFor } from './pod-status.ts';
import { reflect } from './reflector.ts';
import { pods } from './resources.ts';
import { statusPatch } from './status-patch.ts';
import type { Timings } from './timings.ts';
import { startWorker } from './worker.ts';

export interface KubeletOptions {
  readonly api: Api;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly node: { readonly name: string; readonly ip: string };
  readonly endpoints: Endpoints;
  readonly timings: Timings;
  readonly onError: (error: unknown, key: string) => void;
}

interface Memory extends Life {
  readonly restarts: number;
}

/**
 * Runs the Pods that are bound to one node: watches them, plays their containers, and reports as
 * `system:node:NAME`: a strategic merge patch of /status with the uid, and, when a deleted Pod's containers have
 * ended, Ready=False and then the delete with a grace period of 0 that really removes it.
 * A kubelet that starts finds Pods it does not remember. Those whose interface still exists run on; after a
 * reboot there is none, and they start again: same uid, one restart more, a new IP.
 */
export const startKubelet = (options: KubeletOptions): { readonly ended: Promise<void> } => {
  const { api, clock, signal, node, endpoints, timings } = options;
  const memories = new Map<string, Memory>();
  const view = reflect<Pod>({
    api,
    resource: pods,
    query: `fieldSelector=${encodeURIComponent(`spec.nodeName=${node.name}`)}`,
    clock,
    signal,
  });

  const remember = (pod: Pod, now: number): Memory => {
    const known = memories.get(pod.metadata.uid);
    const running = pod.status?.phase === 'Running';
    const runsOn =
      running && (pod.spec.hostNetwork === true || endpoints.find(keyOf(pod))?.uid === pod.metadata.uid);
    const restarts = pod.status?.containerStatuses?.[0]?.restartCount ?? 0;
    const memory = known ?? {
      seenAt: runsOn ? now - timings.podStartMs - timings.podReadyMs : now,
      restarts: running && !runsOn ? restarts + 1 : restarts,
    };
    const leaving = pod.metadata.deletionTimestamp !== undefined && memory.endingAt === undefined;
    const current = leaving ? { ...memory, endingAt: now } : memory;
    memories.set(pod.metadata.uid, current);
    return current;
  };
  const ipOf = (pod: Pod): string => (pod.spec.hostNetwork === true ? node.ip : endpoints.ensure(pod).ip);

  const work = async (key: string): Promise<number | undefined> => {
    const pod = view.get(key);
    if (pod === undefined) return undefined;
    const now = clock.now();
    const memory = remember(pod, now.getTime());
    const { stage, nextAt } = courseOf(pod, memory, timings, now.getTime());
    const runs = stage === 'running' || stage === 'ready';
    const ref = { namespace: pod.metadata.namespace, name: pod.metadata.name };
    const { uid } = pod.metadata;
    if (isOver(pod) && stage !== 'ended') endpoints.release(uid);
    else {
      const sandbox = { ip: runs ? ipOf(pod) : undefined, hostIp: node.ip, restarts: memory.restarts };
      const wanted = statusFor(
        pod,
        isOver(pod) && pod.status?.phase === 'Failed' ? 'failed' : stage,
        sandbox,
        now,
      );
      const patch = statusPatch(pod.status ?? {}, wanted);
      if (patch !== undefined) {
        const body = { metadata: { uid }, status: patch };
        view.accept(await api.patch<Pod>(pods, { ...ref, subresource: 'status' }, body));
      }
    }
    if (stage === 'ended') {
      await api.remove(pods, ref, { gracePeriodSeconds: 0, preconditions: { uid } });
      return undefined;
    }
    if (!runs && stage !== 'starting') endpoints.release(uid);
    return nextAt === undefined ? undefined : nextAt - now.getTime();
  };
  const worker = startWorker({
    clock,
    signal,
    onError: options.onError,
    async work(key) {
      try {
        return await work(key);
      } catch (error) {
        // Gone: the watch tells. A conflict (another Pod of the same name) is looked at again.
        if (isRefusal(error, 404)) return undefined;
        throw error;
      }
    },
  });
  view.subscribe((pod, gone) => {
    if (gone) {
      memories.delete(pod.metadata.uid);
      endpoints.release(pod.metadata.uid);
    }
    worker.add(keyOf(pod));
  });
  return { ended: worker.ended };
};
