import type { Gateway, Pod, Route } from '../../../functions/persistent-ip/objects.ts';
import { listenerAdmits } from '../../functions/persistent-ip/model/acceptance.ts';
import type { AGateway, ANode, APod, ARoute, Cluster } from '../../functions/persistent-ip/model/cluster.ts';
import type { View } from '../cloud/view.ts';

/** The truth as the model of the specification knows it: test/functions/persistent-ip/model. */

const seconds = (time: string): number => Date.parse(time) / 1000;

const aGateway = ({ metadata, className, addresses, listeners }: Gateway): AGateway => {
  const ranges = metadata.annotations['persistent-ip.dev/source-ranges'];
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    className,
    generation: metadata.generation,
    deleting: metadata.deletionTimestamp !== undefined,
    addresses: [...addresses],
    listeners: listeners.map(({ name, from, selector, kinds }) => ({
      name,
      from,
      ...(selector === undefined ? {} : { selector }),
      kinds: [...kinds],
    })),
    ...(ranges === undefined ? {} : { sourceRanges: ranges }),
  };
};

export const aRoute = (route: Route): ARoute => {
  const { metadata, parentRefs, addresses, network, podSelector, reactionMode, extra } = route;
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    created: seconds(metadata.creationTimestamp),
    generation: metadata.generation,
    deleting: metadata.deletionTimestamp !== undefined,
    marks: [],
    parents: parentRefs.map(({ group, kind, namespace, name, sectionName }) => ({
      group,
      kind,
      namespace,
      name,
      ...(sectionName === undefined ? {} : { section: sectionName }),
    })),
    addresses: [...addresses],
    network,
    selector: podSelector,
    mode: reactionMode,
    extra: { ...extra },
  };
};

const aPod = (pod: Pod): APod => ({
  namespace: pod.metadata.namespace,
  name: pod.metadata.name,
  uid: pod.metadata.uid,
  created: seconds(pod.metadata.creationTimestamp),
  labels: { ...pod.metadata.labels },
  terminating: pod.metadata.deletionTimestamp !== undefined,
  phase: pod.phase,
  hostNetwork: pod.hostNetwork,
  ...(pod.nodeName === undefined ? {} : { node: pod.nodeName }),
  ready: pod.ready,
  ...(pod.podIP === undefined ? {} : { ip: pod.podIP }),
  networks: [...pod.networks],
});

/** The whole cluster. */
export const modelCluster = (view: View): Cluster => ({
  agents: 'answer',
  classes: view.classes.map(({ metadata, controllerName }) => {
    const scheme = metadata.annotations['persistent-ip.dev/scheme'];
    return { name: metadata.name, controller: controllerName, ...(scheme === undefined ? {} : { scheme }) };
  }),
  namespaces: view.namespaces.map(({ metadata }) => ({
    name: metadata.name,
    labels: { ...metadata.labels },
  })),
  networks: view.networks.map(({ metadata, type, paramSet = '', conditions }) => {
    const ready = conditions.find((condition) => condition.type === 'Ready')?.status;
    return { name: metadata.name, type, paramSet, ...(ready === undefined ? {} : { ready }) };
  }),
  paramSets: view.paramSets.map(({ metadata, vpc, vpcSubnet }) => ({
    name: metadata.name,
    vpc,
    subnet: vpcSubnet,
  })),
  nodes: view.nodes.flatMap(({ name, instance, ready }): ANode[] =>
    instance === undefined
      ? []
      : [
          {
            name,
            zone: instance.zone,
            ready,
            vm: view.runs(instance.zone, instance.name) ? 'running' : 'gone',
          },
        ],
  ),
  pods: view.pods.map(aPod),
  reserved: view.addresses
    .filter(({ description }) => description === '')
    .map(({ name, ip, scheme }) => ({ name, ip, scheme })),
  gateways: view.gateways.map(aGateway),
  routes: view.routes.map(aRoute),
  otherRules: [],
  squatted: [],
});

/** Whether a listener of one of its parents admits the route's namespace: the model's reading, not the rules'. */
export const isAdmitted = (view: View, route: Route): boolean => {
  const { namespaces } = view;
  const cluster = {
    namespaces: namespaces.map(({ metadata }) => ({ name: metadata.name, labels: { ...metadata.labels } })),
  } as unknown as Cluster;
  return view.gateways.some((gateway) =>
    route.parentRefs.some(
      ({ namespace, name, sectionName }) =>
        namespace === gateway.metadata.namespace &&
        name === gateway.metadata.name &&
        aGateway(gateway).listeners.some(
          (listener) =>
            (sectionName === undefined || sectionName === listener.name) &&
            listenerAdmits(cluster, aGateway(gateway), listener, route.metadata.namespace),
        ),
    ),
  );
};
