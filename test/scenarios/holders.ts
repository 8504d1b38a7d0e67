import { expect } from 'vitest';
import { until } from '../../infra/local/until.ts';
import type { Stage } from './stage.ts';

interface Pod {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly creationTimestamp: string;
    readonly deletionTimestamp?: string;
  };
  readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

const isCandidate = ({ metadata, status }: Pod): boolean =>
  metadata.deletionTimestamp === undefined &&
  (status.conditions ?? []).some(({ type, status: value }) => type === 'Ready' && value === 'True');

/** The Pod that the rules name, of those that live and are Ready: the newest, and of two as new the greater name. */
const choice = async (stage: Stage, namespace: string): Promise<Pod | undefined> => {
  const { items } = (await stage.admin.kubernetes(
    'GET',
    `/api/v1/namespaces/${namespace}/pods?labelSelector=app%3Dnat`,
  )) as { items: readonly Pod[] };
  const keyOf = ({ metadata }: Pod): string => `${metadata.creationTimestamp} ${metadata.name}`;
  return items.filter(isCandidate).toSorted((a, b) => (keyOf(a) < keyOf(b) ? 1 : -1))[0];
};

/**
 * Resolves when the route is Ready on the Pod that the rules name now, and nothing is under way; and then the audit
 * log tells it: each change of holder once, each from where the one before it went, the last to this Pod.
 * @returns the Pod
 */
export const onTheRightPod = async (stage: Stage, namespace: string, name: string): Promise<Pod> => {
  // Asked anew at each look: on a slow machine a Node may miss its heartbeats, and then the rules name another Pod.
  const chosen = await until(stage.cloud, `${namespace}/${name} is where the rules want it`, async () => {
    await stage.rest();
    const pod = await choice(stage, namespace);
    const route = await stage.route(namespace, name);
    return pod !== undefined && route?.ready === true && route.pod === pod.metadata.name ? pod : undefined;
  });
  const entries = stage.cloud.logging
    .list('logName:"persistent-ip-audit" AND jsonPayload.action=("allocate" OR "move" OR "release")')
    .filter(({ jsonPayload }) => (jsonPayload as { route: { name: string } }).route.name === name);
  const told = entries.map(
    ({ jsonPayload }) => jsonPayload as { from?: { uid: string }; to?: { uid: string } },
  );
  expect(new Set(entries.map(({ insertId, timestamp }) => `${insertId} ${timestamp}`)).size).toBe(
    entries.length,
  );
  expect(told.slice(1).map(({ from }) => from?.uid)).toEqual(told.slice(0, -1).map(({ to }) => to?.uid));
  expect(told.at(-1)?.to?.uid).toBe(chosen.metadata.uid);
  return chosen;
};
