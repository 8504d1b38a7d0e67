import {
  ApiException,
  dumpYaml,
  type KubeConfig,
  type KubernetesObject,
  KubernetesObjectApi,
  VersionApi,
} from '@kubernetes/client-node';
import { parse } from 'yaml';
import { toClass, toGateway, toRoute } from '../../../functions/kubernetes/objects.ts';
import { object } from '../../../functions/kubernetes/read.ts';
import type { Gateway, GatewayClass, Route } from '../../../functions/persistent-ip/objects.ts';
import { everything, type Manifest, type Manifests, titleOf } from './manifests.ts';

/** What a cluster holds now, as far as an install or uninstall asks. */
export interface Survey {
  /** `v1.34.2-gke.100`. */
  readonly version: string;
  /** The objects that exist of those that the manifests name, by their title. */
  readonly present: ReadonlyMap<string, Manifest>;
  /** `undefined` where the cluster has no Gateway API. */
  readonly classes: readonly GatewayClass[] | undefined;
  readonly gateways: readonly Gateway[];
  /** `undefined` where the cluster has no GKEIPRoute. */
  readonly routes: readonly Route[] | undefined;
  /** ValidatingAdmissionPolicies are served (Kubernetes 1.30 and later). */
  readonly policies: boolean;
}

/** `undefined` for what the cluster does not have: neither the object nor its kind. @throws Error for everything else */
const absentAs = async <T>(read: () => Promise<T>): Promise<T | undefined> => {
  try {
    return await read();
  } catch (error) {
    // Of a kind that is not served, the client finds no resource by discovery and throws its own error.
    const unknownKind =
      error instanceof Error && error.message.startsWith('Unrecognized API version and kind');
    if (unknownKind || (error instanceof ApiException && error.code === 404)) return undefined;
    throw error;
  }
};

/** As the API server wrote it: the client's own models spell `x-kubernetes-validations` and `default` otherwise. */
const plain = (stored: KubernetesObject): Manifest => parse(dumpYaml(stored)) as Manifest;

/** Reads everything that the decision rests on; nothing is written. */
export const survey = async (configuration: KubeConfig, manifests: Manifests): Promise<Survey> => {
  const api = KubernetesObjectApi.makeApiClient(configuration);
  const { gitVersion } = await configuration.makeApiClient(VersionApi).getCode();
  const found = await Promise.all(
    everything(manifests).map(async ({ apiVersion, kind, metadata: { name } }) => {
      const header = { apiVersion, kind, metadata: { name } };
      const stored = await absentAs(() => api.read(header));
      return stored === undefined ? [] : [[titleOf(header), plain({ ...stored, apiVersion, kind })] as const];
    }),
  );
  const list = async <T>(apiVersion: string, kind: string, to: (raw: ReturnType<typeof object>) => T) => {
    const answer = await absentAs(() => api.list(apiVersion, kind));
    return answer?.items.map((item) => to(object(item)));
  };
  const [classes, gateways, routes, policies] = await Promise.all([
    list('gateway.networking.k8s.io/v1', 'GatewayClass', toClass),
    list('gateway.networking.k8s.io/v1', 'Gateway', toGateway),
    list('networking.gke.io/v1', 'GKEIPRoute', toRoute),
    list('admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicy', () => true),
  ]);
  return {
    version: gitVersion,
    present: new Map(found.flat()),
    classes,
    gateways: gateways ?? [],
    routes,
    policies: policies !== undefined,
  };
};
