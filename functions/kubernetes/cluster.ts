import {
  AuthenticationV1Api,
  CoreV1Api,
  CustomObjectsApi,
  PatchStrategy,
  setHeaderOptions,
} from '@kubernetes/client-node';
import { Failure } from '../persistent-ip/failure.ts';
import type { Metadata } from '../persistent-ip/objects.ts';
import type { KubernetesPort } from '../persistent-ip/ports.ts';
import { fieldManager } from '../persistent-ip/second-controller.ts';
import type { Narrow } from './calls.ts';
import { call, find } from './failure-of.ts';
import { type ConnectionOptions, connect } from './http.ts';
import { checkNamed, isIdentified, isPlace, type Place } from './identity.ts';
import {
  toClass,
  toGateway,
  toNamespace,
  toNetwork,
  toNetworkParamSet,
  toNode,
  toPod,
  toRoute,
} from './objects.ts';
import { allPages } from './pages.ts';
import { type Json, object, text } from './read.ts';
import { selectedPods } from './selected-pods.ts';
import { selectorText } from './selector-text.ts';
import { shareWaiting } from './share-waiting.ts';

const routes = { group: 'networking.gke.io', version: 'v1', plural: 'gkeiproutes' } as const;
const gateways = { group: 'gateway.networking.k8s.io', version: 'v1', plural: 'gateways' } as const;
const classes = { group: 'gateway.networking.k8s.io', version: 'v1', plural: 'gatewayclasses' } as const;

const networks = { group: 'networking.gke.io', version: 'v1', plural: 'networks' } as const;
const paramSets = { group: 'networking.gke.io', version: 'v1', plural: 'gkenetworkparamsets' } as const;

/** Without it the client sends JSON Patch. */
const mergePatch = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);

/** By this name `metadata.managedFields` tells our writes from another controller's. */
const ours = { fieldManager };

/** The fences of a write: the very object that was read, as it was read. */
const fenced = ({ uid, resourceVersion }: Metadata) => ({ uid, resourceVersion });

export interface ClusterOptions extends ConnectionOptions {
  /** Whom the API server must take us for; absent: whoever. */
  readonly user?: string;
}

/** One cluster's API server behind the port. */
export const createCluster = (options: ClusterOptions): KubernetesPort => {
  const configuration = connect(options);
  const core: Narrow<CoreV1Api, 'CoreV1Api'> = new CoreV1Api(configuration);
  const custom: Narrow<CustomObjectsApi, 'CustomObjectsApi'> = new CustomObjectsApi(configuration);
  /** A name that no object can have is nowhere, and is not sent: a URL would make something else of `..`. */
  const one = async <T>(place: Place, read: () => Promise<unknown>, to: (raw: Json) => T) => {
    const found = isPlace(place) ? await find(read) : undefined;
    return found === undefined ? undefined : to(checkNamed(object(found), place));
  };
  /** The object that a write answers with. */
  const written = async <T>(place: Metadata, write: () => Promise<unknown>, to: (raw: Json) => T) =>
    to(checkNamed(object(await call(write)), place));
  const listOf =
    (scope: 'namespaced' | 'cluster') =>
    <T>(page: Parameters<typeof allPages>[0], to: (raw: Json) => T): Promise<readonly T[]> =>
      allPages(page, (raw) => (isIdentified(raw, scope) ? [to(raw)] : []));
  const all = listOf('namespaced');
  const allOfCluster = listOf('cluster');
  /** Of one namespace; of all with the empty name. */
  const routesOf = shareWaiting((namespace: string) =>
    all(
      (page) =>
        namespace === ''
          ? custom.listClusterCustomObject({ ...routes, ...page })
          : custom.listNamespacedCustomObject({ ...routes, namespace, ...page }),
      toRoute,
    ),
  );
  let uid: Promise<string> | undefined;
  const readUid = async () => {
    const system = await call(() => core.readNamespace({ name: 'kube-system' }));
    const found = text(system.metadata?.uid);
    if (found === '') throw new Failure('retry', 'NoUid', 0, 'Namespace kube-system has no uid');
    return found;
  };
  const firstLook = async (): Promise<string> => {
    const [found] = await Promise.all([readUid(), checkName()]);
    return found;
  };
  /**
   * A token without the scope `userinfo.email` makes us a number to the API server: RBAC by e-mail address fails, and
   * the sink's filter lets our own writes back in. Source: design/architecture.md, *Deployment facts*.
   */
  const checkName = async (): Promise<void> => {
    if (options.user === undefined) return;
    const api: Narrow<AuthenticationV1Api, 'AuthenticationV1Api'> = new AuthenticationV1Api(configuration);
    const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
    const { status } = await call(() => api.createSelfSubjectReview({ body }));
    const name = text(status?.userInfo?.username);
    if (name !== options.user)
      throw new Failure(
        'user',
        'WrongIdentity',
        0,
        `the API server at ${options.endpoint} takes the functions for "${name}" and not for ${options.user}: their token needs the scopes cloud-platform and userinfo.email`,
      );
  };
  return {
    clusterUid: () => {
      // The uid of kube-system never changes while the cluster lives; a failed read is not remembered.
      uid ??= firstLook().catch((error: unknown) => {
        uid = undefined;
        throw error;
      });
      return uid;
    },
    route: (namespace, name) =>
      one(
        { namespace, name },
        () => custom.getNamespacedCustomObject({ ...routes, namespace, name }),
        toRoute,
      ),
    routes: (namespace = '') => routesOf(namespace),
    gateway: (namespace, name) =>
      one(
        { namespace, name },
        () => custom.getNamespacedCustomObject({ ...gateways, namespace, name }),
        toGateway,
      ),
    gateways: () => all((page) => custom.listClusterCustomObject({ ...gateways, ...page }), toGateway),
    gatewayClasses: () =>
      allOfCluster((page) => custom.listClusterCustomObject({ ...classes, ...page }), toClass),
    namespace: (name) => one({ name }, () => core.readNamespace({ name }), toNamespace),
    namespaces: () => allOfCluster((page) => core.listNamespace(page), toNamespace),
    networks: () =>
      allOfCluster((page) => custom.listClusterCustomObject({ ...networks, ...page }), toNetwork),
    networkParamSets: () =>
      allOfCluster((page) => custom.listClusterCustomObject({ ...paramSets, ...page }), toNetworkParamSet),
    pods: (namespace, selector) => {
      const labelSelector = selectorText(selector);
      return all((page) => core.listNamespacedPod({ namespace, labelSelector, ...page }), toPod);
    },
    pod: (namespace, name) =>
      one({ namespace, name }, () => core.readNamespacedPod({ namespace, name }), toPod),
    podsOnNode: (node) => {
      if (!isPlace({ name: node })) return Promise.resolve([]);
      const fieldSelector = `spec.nodeName=${node}`;
      return all((page) => core.listPodForAllNamespaces({ fieldSelector, ...page }), toPod);
    },
    node: (name) => one({ name }, () => core.readNode({ name }), toNode),
    podsSelected: (by) => selectedPods(core, by),
    nodes: () => allOfCluster((page) => core.listNode(page), toNode),

    writeRouteStatus: ({ metadata }, { pods, conditions }) => {
      const body = { metadata: fenced(metadata), status: { pods, conditions } };
      const { namespace, name } = metadata;
      return written(
        metadata,
        () =>
          custom.patchNamespacedCustomObjectStatus({ ...routes, namespace, name, ...ours, body }, mergePatch),
        toRoute,
      );
    },
    writeGatewayStatus: ({ metadata }, status) => {
      const { namespace, name } = metadata;
      const body = { metadata: fenced(metadata), status };
      return written(
        metadata,
        () =>
          custom.patchNamespacedCustomObjectStatus(
            { ...gateways, namespace, name, ...ours, body },
            mergePatch,
          ),
        toGateway,
      );
    },
    writeClassConditions: async ({ metadata }, conditions) => {
      const body = { metadata: fenced(metadata), status: { conditions } };
      const { name } = metadata;
      await call(() =>
        custom.patchClusterCustomObjectStatus({ ...classes, name, ...ours, body }, mergePatch),
      );
    },
    setGatewayFinalizers: async ({ metadata }, finalizers) => {
      const { namespace, name } = metadata;
      const body = { metadata: { ...fenced(metadata), finalizers } };
      await call(() =>
        custom.patchNamespacedCustomObject({ ...gateways, namespace, name, ...ours, body }, mergePatch),
      );
    },
    setRouteFinalizers: async ({ metadata }, finalizers) => {
      const { namespace, name } = metadata;
      const body = { metadata: { ...fenced(metadata), finalizers } };
      const route = await written(
        metadata,
        () => custom.patchNamespacedCustomObject({ ...routes, namespace, name, ...ours, body }, mergePatch),
        toRoute,
      );
      const gone = route.metadata.deletionTimestamp !== undefined && route.metadata.finalizers.length === 0;
      return gone ? undefined : route;
    },
  };
};
