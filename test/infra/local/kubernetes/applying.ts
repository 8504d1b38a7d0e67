import { afterEach, beforeEach } from 'vitest';
import type { JsonObject, KubeObject } from '../../../../infra/local/kubernetes/objects/object.ts';
import { type Answer, Api, deployment, deployments } from './api.ts';

export let api: Api;

/** Another API server in the place of this one. */
export const replaceApi = async (...given: Parameters<typeof Api.start>): Promise<void> => {
  await api.close();
  api = await Api.start(...given);
};

export const apply = (path: string, config: object, query: string): Promise<Answer> =>
  api.call('PATCH', `${path}?${query}`, config, 'application/apply-patch+yaml');

export const applyAs = (manager: string, path: string, config: object): Promise<Answer> =>
  apply(path, config, `fieldManager=${manager}`);

export const web = `${deployments}/web`;

export const container = (name: string, more: JsonObject = {}): JsonObject => ({
  name,
  image: `example/${name}:1`,
  ...more,
});

/** A Deployment `web` with these containers. */
export const withContainers = (...containers: JsonObject[]): JsonObject => {
  const whole = deployment('web');
  const spec = whole.spec as JsonObject;
  return {
    ...whole,
    spec: { ...spec, template: { ...(spec.template as JsonObject), spec: { containers } } },
  };
};

/** A part of the Deployment `web`. */
export const part = (spec: JsonObject, metadata: JsonObject = {}): JsonObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', ...metadata },
  spec,
});

export const entries = ({ metadata }: KubeObject): JsonObject[] =>
  (metadata.managedFields ?? []) as JsonObject[];

export const setOf = (object: KubeObject, manager: string): unknown =>
  entries(object).find((entry) => entry.manager === manager)?.fieldsV1;

export const containersOf = ({ spec }: KubeObject): JsonObject[] =>
  ((spec as JsonObject).template as { spec: { containers: JsonObject[] } }).spec.containers;

export const message = ({ body }: Answer): unknown => (body as unknown as { message: string }).message;

/** Each test has an API server of its own. */
export const anEmptyApi = (): void => {
  beforeEach(async () => {
    api = await Api.start();
  });
  afterEach(() => api.close());
};
