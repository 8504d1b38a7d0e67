import { controllerOf, type Pod } from './objects.ts';
import type { Timings } from './timings.ts';

/** How far a Pod has come on its node. */
export type Stage = 'starting' | 'running' | 'ready' | 'succeeded' | 'failed' | 'ended';

/** What the kubelet remembers of a Pod beside the API; times in milliseconds. */
export interface Life {
  readonly seenAt: number;
  readonly endingAt?: number;
}

/** Where a Pod is now, and when it will be somewhere else if nothing happens. */
export interface Course {
  readonly stage: Stage;
  readonly nextAt: number | undefined;
}

const prefix = 'local.persistent-ip.dev/';

const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 };

/** `250ms`, `5s`, `2m` in milliseconds; `undefined` for anything else. */
export const duration = (text: string | undefined): number | undefined => {
  const [, amount, unit] = /^(\d+)(ms|s|m)$/.exec(text ?? '') ?? [];
  const factor = units[unit ?? ''];
  return amount === undefined || factor === undefined ? undefined : Number(amount) * factor;
};

/**
 * The stage of a Pod that ends by itself. With restartPolicy Always none does (Pod lifecycle, *Pod phase*); a Job's
 * does what it has to at once.
 */
const exitOf = (pod: Pod): 'succeeded' | 'failed' | undefined => {
  const ofJob = controllerOf(pod)?.kind === 'Job';
  const exit = pod.metadata.annotations?.[`${prefix}exit`] ?? (ofJob ? 'Succeeded' : undefined);
  const policy = pod.spec.restartPolicy ?? 'Always';
  if (exit === 'Succeeded' && policy !== 'Always') return 'succeeded';
  return exit === 'Failed' && policy === 'Never' ? 'failed' : undefined;
};

const alive = (pod: Pod, seenAt: number, timings: Timings, now: number): Course => {
  const note = (name: string): string | undefined => pod.metadata.annotations?.[prefix + name];
  const runsAt = seenAt + (duration(note('start-after')) ?? timings.podStartMs);
  if (now < runsAt) return { stage: 'starting', nextAt: runsAt };
  const exit = exitOf(pod);
  const exitAt = exit === undefined ? undefined : runsAt + (duration(note('exit-after')) ?? 0);
  if (exit !== undefined && exitAt !== undefined && now >= exitAt) return { stage: exit, nextAt: undefined };
  if (note('ready') === 'false') return { stage: 'running', nextAt: exitAt };
  const readyAt = runsAt + (duration(note('ready-after')) ?? timings.podReadyMs);
  return now >= readyAt
    ? { stage: 'ready', nextAt: exitAt }
    : { stage: 'running', nextAt: Math.min(readyAt, exitAt ?? readyAt) };
};

/**
 * The stage of `pod`, in this order: ended for good stays so; one that is being deleted runs on until its
 * containers have had their time; then starting, running, ready by the clock.
 * Annotations `local.persistent-ip.dev/...` play the application: `start-after: 2s` makes its image slow to pull,
 * `ready: "false"` fails its probe, `ready-after: 5s` delays it, `exit: Succeeded|Failed` with `exit-after: 2s` ends it, `terminate-after: 3s` makes
 * it slow to end.
 */
export const courseOf = (pod: Pod, life: Life, timings: Timings, now: number): Course => {
  const phase = pod.status?.phase;
  const leaving = pod.metadata.deletionTimestamp !== undefined;
  if (!leaving && phase === 'Succeeded') return { stage: 'succeeded', nextAt: undefined };
  if (!leaving && phase === 'Failed') return { stage: 'failed', nextAt: undefined };
  const course = alive(pod, life.seenAt, timings, now);
  if (!leaving) return course;
  const wanted = duration(pod.metadata.annotations?.[`${prefix}terminate-after`]) ?? timings.terminateMs;
  const granted = (pod.metadata.deletionGracePeriodSeconds ?? 30) * 1_000;
  const endsAt = (life.endingAt ?? now) + Math.min(wanted, granted);
  return now >= endsAt
    ? { stage: 'ended', nextAt: undefined }
    : { stage: course.stage, nextAt: Math.min(endsAt, course.nextAt ?? endsAt) };
};
