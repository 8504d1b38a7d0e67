import { afterEach, beforeEach } from 'vitest';
import { Api } from './api.ts';
import { Kubectl } from './kubectl.ts';

export let api: Api;

export let kubectl: Kubectl;

export const start = async (...given: Parameters<typeof Api.start>): Promise<void> => {
  api = await Api.start(...given);
  kubectl = await Kubectl.start(api, ['admin', { name: 'tenant', namespace: 'team', groups: ['tenants'] }]);
};

export const node = (name: string): object => ({ apiVersion: 'v1', kind: 'Node', metadata: { name } });

export const ready = (status: string): object => ({
  conditions: [
    { type: 'Ready', status, reason: 'Settled', message: '', lastTransitionTime: '2026-01-01T00:00:00Z' },
  ],
});

/** Each test has a cluster and a kubectl of its own. */
export const aCluster = (): void => {
  beforeEach(() => start());
  afterEach(async () => {
    await kubectl.end();
    await api.close();
  });
};
