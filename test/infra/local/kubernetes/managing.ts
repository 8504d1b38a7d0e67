import { afterEach, beforeEach } from 'vitest';
import type { JsonObject, KubeObject } from '../../../../infra/local/kubernetes/objects/object.ts';
import { Api } from './api.ts';

export let api: Api;

export const by = (path: string, manager: string): string => `${path}?fieldManager=${manager}`;

export const entries = ({ metadata }: KubeObject): JsonObject[] =>
  (metadata.managedFields ?? []) as JsonObject[];

/** The sets by their managers: `manager` or `manager/subresource`. */
export const sets = (object: KubeObject): Record<string, unknown> =>
  Object.fromEntries(
    entries(object).map(({ manager, subresource, fieldsV1 }) => [
      [manager, subresource].filter(Boolean).join('/'),
      fieldsV1,
    ]),
  );

export const labels = (entries: Record<string, string | null>): JsonObject => ({
  metadata: { labels: entries },
});

export const condition = (type: string, status: string): JsonObject => ({
  type,
  status,
  reason: 'Tested',
  message: '',
  lastTransitionTime: '2026-01-01T00:00:00Z',
});

/** Each test has an API server of its own. */
export const anEmptyApi = (): void => {
  beforeEach(async () => {
    api = await Api.start();
  });
  afterEach(() => api.close());
};
