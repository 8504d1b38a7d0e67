import type { Ground } from '../ground.ts';

/** What each queue's messages are pushed to. Source: infra/terraform/pubsub.tf. */
export const functionOfQueue: Readonly<Record<string, string>> = {
  'cluster-events': 'on-cluster-event',
  'compute-events': 'on-compute-event',
  requests: 'reconcile',
  sweeps: 'sweep',
};

/** What is deployed. Source: infra/terraform/configuration.tf. */
export const functionNames: readonly string[] = [...Object.values(functionOfQueue), 'inventory'];

/** The project's number, which Cloud Run's deterministic URLs hold; `undefined` where there are none. */
export const projectNumber = ({ config: { push } }: Pick<Ground, 'config'>): string | undefined => {
  for (const url of Object.values(push.audiences).flat()) {
    const [, number] = /-(\d+)\.[a-z0-9-]+\.run\.app$/.exec(new URL(url).hostname) ?? [];
    if (number !== undefined) return number;
  }
  return undefined;
};

/** `projects/P/topics/T` as its last part. */
export const shortName = (name: string): string => name.split('/').at(-1) ?? name;
