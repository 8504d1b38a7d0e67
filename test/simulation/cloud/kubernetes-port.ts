import { ApiException } from '@kubernetes/client-node';
import { toFailure } from '../../../functions/kubernetes/failure-of.ts';
import {
  toClass,
  toGateway,
  toNamespace,
  toNetwork,
  toNetworkParamSet,
  toNode,
  toPod,
  toRoute,
} from '../../../functions/kubernetes/objects.ts';
import { selectorText } from '../../../functions/kubernetes/selector-text.ts';
import type { Metadata, Route, RouteStatus } from '../../../functions/persistent-ip/objects.ts';
import type { KubernetesPort } from '../../../functions/persistent-ip/ports.ts';
import { fieldManager } from '../../../functions/persistent-ip/second-controller.ts';
import type { JsonObject, KubeObject } from '../../../infra/local/kubernetes/objects/object.ts';
import { labelSelector } from '../../../infra/local/kubernetes/objects/selector.ts';
import type { Api, CallOptions, Refusal } from '../engine/call.ts';
import type { Calls } from '../engine/calls.ts';
import { keys, pathOf, type SimCluster } from './kubernetes.ts';

/** Objects are never changed in place, so each is read into the rules' form once. */
const remembered = <T>(to: (raw: KubeObject) => T): ((raw: KubeObject) => T) => {
  const known = new WeakMap<KubeObject, T>();
  return (raw) => {
    let found = known.get(raw);
    if (found === undefined) {
      found = to(raw);
      known.set(raw, found);
    }
    return found;
  };
};

/** The rules' form of the objects of each resource. */
export const read = {
  route: remembered(toRoute),
  gateway: remembered(toGateway),
  gatewayClass: remembered(toClass),
  namespace: remembered(toNamespace),
  network: remembered(toNetwork),
  paramSet: remembered(toNetworkParamSet),
  pod: remembered(toPod),
  node: remembered(toNode),
};

const failure = (code: number, body: JsonObject): Error =>
  toFailure(new ApiException(code, String(body.message ?? ''), body, {}));

const refusal = (code: number, reason: string): Refusal => ({
  name: `${code} ${reason}`,
  error: () => failure(code, { kind: 'Status', reason, message: `simulated ${code} ${reason}`, code }),
});

const temporary = [
  refusal(401, 'Unauthorized'),
  refusal(403, 'Forbidden'),
  refusal(429, 'TooManyRequests'),
  refusal(500, 'InternalError'),
  refusal(503, 'ServiceUnavailable'),
  refusal(504, 'Timeout'),
  // A page of something in between, or a definition that is not served at the moment: it names no object.
  refusal(404, ''),
];

export const kubernetesApi: Api = {
  name: 'Kubernetes',
  latency: [3, 40],
  timeout: 15_000,
  refusals: { read: temporary, write: [...temporary, refusal(409, 'Conflict'), refusal(409, 'Conflict')] },
  noAnswer: () => toFailure(new TypeError('fetch failed')),
};

const mergePatch = 'application/merge-patch+json';

/** Whom the functions write as. */
export const functionsUser = 'persistent-ip@p.iam.gserviceaccount.com';

/**
 * The API server behind the functions' port: each call takes its time and meets its fate.
 *
 * @param onRouteStatus told when a status is sent; what it gives back, when it is written, which is before the answer and
 *   perhaps without one
 */
export const simKubernetes = (
  cluster: SimCluster,
  calls: Calls,
  cached: { uid?: string },
  onRouteStatus: (before: Route) => (written: RouteStatus) => void,
): KubernetesPort => {
  const call = <T>(what: string, kind: CallOptions['kind'], run: () => T): Promise<T> =>
    calls.make(kubernetesApi, { what, kind }, run);
  const one = <T>(key: string, namespace: string, name: string, to: (raw: KubeObject) => T) =>
    call(`get ${key.split('/')[1]} ${namespace}/${name}`, 'read', () => {
      const found = cluster.get(key, namespace, name);
      return found && to(found);
    });
  const list = <T>(
    key: string,
    to: (raw: KubeObject) => T,
    namespace = '',
    keep: (raw: KubeObject) => boolean = () => true,
  ) => call(`list ${key.split('/')[1]}`, 'read', () => cluster.list(key, namespace).filter(keep).map(to));
  const patch = (
    key: string,
    { namespace, name, uid, resourceVersion }: Metadata,
    sub: string,
    body: JsonObject,
    then: (written: KubeObject) => void = () => {},
  ) =>
    call(`patch ${key.split('/')[1]} ${namespace}/${name}${sub}`, 'write', () => {
      const metadata = { ...(body.metadata as JsonObject | undefined), uid, resourceVersion };
      const path = `${pathOf(key, namespace, name)}${sub}?fieldManager=${fieldManager}`;
      const answer = cluster.send(functionsUser, 'PATCH', path, { ...body, metadata }, mergePatch);
      if (answer.code >= 300) throw failure(answer.code, answer.body);
      then(answer.body as KubeObject);
      return answer.body as KubeObject;
    });
  return {
    clusterUid: async () => {
      cached.uid ??= (await one(keys.namespaces, '', 'kube-system', read.namespace))?.metadata.uid ?? '';
      return cached.uid;
    },
    route: (namespace, name) => one(keys.routes, namespace, name, read.route),
    routes: (namespace) => list(keys.routes, read.route, namespace),
    gateway: (namespace, name) => one(keys.gateways, namespace, name, read.gateway),
    gateways: () => list(keys.gateways, read.gateway),
    gatewayClasses: () => list(keys.classes, read.gatewayClass),
    namespace: (name) => one(keys.namespaces, '', name, read.namespace),
    namespaces: () => list(keys.namespaces, read.namespace),
    networks: () => list(keys.networks, read.network),
    networkParamSets: () => list(keys.paramSets, read.paramSet),
    pods: (namespace, selector) =>
      list(keys.pods, read.pod, namespace, labelSelector(selectorText(selector))),
    pod: (namespace, name) => one(keys.pods, namespace, name, read.pod),
    podsOnNode: (node) => list(keys.pods, read.pod, '', (raw) => read.pod(raw).nodeName === node),
    node: (name) => one(keys.nodes, '', name, read.node),
    podsSelected: (by) => {
      const selected = new Map(
        [...by].map(([namespace, those]) => [
          namespace,
          those.map((one) => labelSelector(selectorText(one))),
        ]),
      );
      return list(
        keys.pods,
        read.pod,
        '',
        (raw) => selected.get(read.pod(raw).metadata.namespace)?.some((selects) => selects(raw)) === true,
      );
    },
    nodes: () => list(keys.nodes, read.node),
    writeRouteStatus: async (route, status) => {
      const written = onRouteStatus(route);
      const body = { status: plain(status) };
      return read.route(
        await patch(keys.routes, route.metadata, '/status', body, (raw) => written(read.route(raw).status)),
      );
    },
    writeGatewayStatus: async ({ metadata }, status) =>
      read.gateway(await patch(keys.gateways, metadata, '/status', { status: plain(status) })),
    writeClassConditions: async ({ metadata }, conditions) => {
      await patch(keys.classes, metadata, '/status', { status: plain({ conditions }) });
    },
    setGatewayFinalizers: async ({ metadata }, finalizers) => {
      await patch(keys.gateways, metadata, '', { metadata: plain({ finalizers }) });
    },
    setRouteFinalizers: async ({ metadata }, finalizers) => {
      const written = read.route(await patch(keys.routes, metadata, '', { metadata: plain({ finalizers }) }));
      const gone =
        written.metadata.deletionTimestamp !== undefined && written.metadata.finalizers.length === 0;
      return gone ? undefined : written;
    },
  };
};

/** What arrives of it over the wire. */
const plain = (value: object): JsonObject => JSON.parse(JSON.stringify(value)) as JsonObject;
