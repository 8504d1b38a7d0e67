import { setTimeout } from 'node:timers/promises';
import {
  ApiException,
  type KubeConfig,
  type KubernetesObject,
  KubernetesObjectApi,
  loadYaml,
  PatchStrategy,
} from '@kubernetes/client-node';
import { stringify } from 'yaml';
import type { Action } from './plan.ts';

/** Who the objects' `managedFields` name. */
const fieldManager = 'persistent-ip-install';

/** Tries of one write; between two of them one second, as the API server asks (`Retry-After`). */
const tries = 30;

/** A definition that was just made, or an API server under load, says 429: it may be asked again. */
const patiently = async <T>(write: () => Promise<T>): Promise<T> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof ApiException) || error.code !== 429 || attempt >= tries) throw error;
      await setTimeout(1_000);
    }
  }
};

/**
 * Carries an action out. Objects that are ours are taken over by server-side apply (`force`): a hand's edit of a field
 * that the manifest sets is undone. An object that is already gone is deleted.
 * @throws ApiException with the API server's own words
 */
export const carryOut = async (configuration: KubeConfig, { do: what, manifest }: Action): Promise<void> => {
  const api = KubernetesObjectApi.makeApiClient(configuration);
  const { apiVersion, kind, metadata } = manifest;
  switch (what) {
    case 'create':
    case 'update':
      await patiently(() =>
        api.patch(
          // Through the client's own models, or it drops every field that they spell otherwise.
          loadYaml<KubernetesObject>(stringify(manifest)),
          undefined,
          undefined,
          fieldManager,
          true,
          PatchStrategy.ServerSideApply,
        ),
      );
      return;
    case 'delete':
      try {
        await patiently(() => api.delete({ apiVersion, kind, metadata: { name: metadata.name } }));
      } catch (error) {
        if (!(error instanceof ApiException) || error.code !== 404) throw error;
      }
      return;
    default:
      return;
  }
};
