import {
  type Condition,
  type ContainerStatus,
  conditionOf,
  isTrue,
  type Pod,
  type PodStatus,
  timestamp,
} from './objects.ts';
import type { Stage } from './pod-stage.ts';

/** What the node knows about a Pod's sandbox. */
export interface Sandbox {
  /** Absent until the containers run. */
  readonly ip: string | undefined;
  readonly hostIp: string;
  readonly restarts: number;
}

const phases = {
  starting: 'Pending',
  running: 'Running',
  ready: 'Running',
  // A Pod that ends because it was deleted is judged by its exit code; these obey SIGTERM.
  ended: 'Succeeded',
  succeeded: 'Succeeded',
  failed: 'Failed',
} satisfies Record<Stage, string>;

const containerState = (
  stage: Stage,
  now: string,
  before: ContainerStatus | undefined,
): ContainerStatus['state'] => {
  if (stage === 'starting') return { waiting: { reason: 'ContainerCreating' } };
  if (stage === 'running' || stage === 'ready') {
    const running = before?.state.running;
    return { running: running ?? { startedAt: now } };
  }
  const failed = stage === 'failed';
  const terminated = before?.state.terminated;
  return {
    terminated: terminated ?? {
      exitCode: failed ? 1 : 0,
      reason: failed ? 'Error' : 'Completed',
      finishedAt: now,
    },
  };
};

const containersOf = (pod: Pod, stage: Stage, { restarts }: Sandbox, now: string): ContainerStatus[] =>
  (pod.spec.containers ?? []).map(({ name, image }) => {
    const known = pod.status?.containerStatuses?.find((status) => status.name === name);
    const before = known?.restartCount === restarts ? known : undefined;
    return {
      name,
      image,
      imageID: stage === 'starting' ? '' : `local/${image}`,
      ...(stage === 'starting'
        ? {}
        : { containerID: `containerd://${pod.metadata.uid}-${name}-${restarts}` }),
      lastState: {},
      ready: stage === 'ready',
      restartCount: restarts,
      started: stage === 'running' || stage === 'ready',
      state: containerState(stage, now, before),
    };
  });

type Verdict = Pick<Condition, 'type' | 'status' | 'reason' | 'message'>;

const truth = (value: boolean): 'True' | 'False' => (value ? 'True' : 'False');

/** The conditions that the kubelet owns, in its order (`pkg/kubelet/status/generate.go`). */
const verdictsOf = (pod: Pod, stage: Stage): Verdict[] => {
  const names = (pod.spec.containers ?? []).map(({ name }) => name).join(' ');
  const completed = stage === 'succeeded' || stage === 'ended';
  const why =
    stage === 'ready'
      ? {}
      : completed
        ? { reason: 'PodCompleted' }
        : stage === 'failed'
          ? { reason: 'PodFailed' }
          : { reason: 'ContainersNotReady', message: `containers with unready status: [${names}]` };
  const shut = (pod.spec.readinessGates ?? []).filter(
    ({ conditionType }) => !isTrue(pod.status, conditionType),
  );
  const gated = stage === 'ready' && shut.length > 0;
  const gates = shut.map(
    ({ conditionType }) =>
      `corresponding condition of pod readiness gate "${conditionType}" does not exist or is not "True".`,
  );
  return [
    { type: 'PodReadyToStartContainers', status: truth(stage === 'running' || stage === 'ready') },
    { type: 'Initialized', status: 'True', ...(completed ? { reason: 'PodCompleted' } : {}) },
    {
      type: 'Ready',
      status: truth(stage === 'ready' && !gated),
      ...(gated ? { reason: 'ReadinessGatesNotReady', message: gates.join(', ') } : why),
    },
    { type: 'ContainersReady', status: truth(stage === 'ready'), ...why },
  ];
};

const owned = new Set(['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady']);

/** The status that the kubelet wants `pod` to have at `stage`; `lastTransitionTime` changes only with `status`. */
export const statusFor = (pod: Pod, stage: Stage, sandbox: Sandbox, at: Date): PodStatus => {
  const now = timestamp(at);
  const conditions = verdictsOf(pod, stage).map((verdict): Condition => {
    const before = conditionOf(pod.status, verdict.type);
    const since = before?.status === verdict.status ? before.lastTransitionTime : now;
    return { lastProbeTime: null, lastTransitionTime: since ?? now, ...verdict };
  });
  const others = (pod.status?.conditions ?? []).filter(({ type }) => !owned.has(type));
  const { ip, hostIp } = sandbox;
  return {
    // A Pod that starts again, after a reboot of its node, has not gone back to Pending.
    phase: stage === 'starting' && sandbox.restarts > 0 ? 'Running' : phases[stage],
    conditions: [...conditions, ...others],
    ...(ip === undefined ? {} : { podIP: ip, podIPs: [{ ip }] }),
    hostIP: hostIp,
    hostIPs: [{ ip: hostIp }],
    startTime: pod.status?.startTime ?? now,
    containerStatuses: containersOf(pod, stage, sandbox, now),
  };
};
