import type {
  Condition,
  Gateway,
  GatewayClass,
  LabelSelector,
  Listener,
  ListenerStatus,
  Metadata,
  Namespace,
  Network,
  NetworkParamSet,
  Node,
  Pod,
  Route,
  StatusWriter,
} from '../persistent-ip/objects.ts';
import { fieldManager } from '../persistent-ip/second-controller.ts';
import { count, type Json, list, object, optionalText, text, textList, texts } from './read.ts';

/** Raw API objects as the rules see them, with the values that the API server would default. */

/** The client makes Dates of the timestamps of core objects and leaves those of custom ones as they are. */
const time = (value: unknown): string | undefined => {
  if (!(value instanceof Date)) return optionalText(value);
  return Number.isNaN(value.getTime()) ? undefined : value.toISOString().replace('.000Z', 'Z');
};

const metadata = (raw: Json): Metadata => {
  const meta = object(raw.metadata);
  const deletionTimestamp = time(meta.deletionTimestamp);
  return {
    name: text(meta.name),
    namespace: text(meta.namespace),
    uid: text(meta.uid),
    resourceVersion: text(meta.resourceVersion),
    generation: count(meta.generation),
    creationTimestamp: time(meta.creationTimestamp) ?? '',
    ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
    finalizers: textList(meta.finalizers),
    labels: texts(meta.labels),
    annotations: texts(meta.annotations),
  };
};

const condition = (raw: unknown): Condition => {
  const { type, status, reason, message, observedGeneration, lastTransitionTime } = object(raw);
  return {
    type: text(type),
    status: status === 'True' || status === 'False' ? status : 'Unknown',
    reason: text(reason),
    message: text(message),
    ...(typeof observedGeneration === 'number' ? { observedGeneration } : {}),
    lastTransitionTime: text(lastTransitionTime),
  };
};

const conditions = (raw: unknown): readonly Condition[] => list(raw).map(condition);

const selector = (raw: unknown): LabelSelector => {
  const { matchLabels, matchExpressions } = object(raw);
  return {
    matchLabels: texts(matchLabels),
    matchExpressions: list(matchExpressions).map((expression) => {
      const { key, operator, values } = object(expression);
      return { key: text(key), operator: text(operator), values: textList(values) };
    }),
  };
};

export const toClass = (raw: Json): GatewayClass => ({
  metadata: metadata(raw),
  controllerName: text(object(raw.spec).controllerName),
  conditions: conditions(object(raw.status).conditions),
});

const listener = (raw: unknown): Listener => {
  const { name, allowedRoutes } = object(raw);
  const { namespaces, kinds } = object(allowedRoutes);
  const { from, selector: namespaceSelector } = object(namespaces);
  return {
    name: text(name),
    from: from === 'All' || from === 'Selector' ? from : 'Same',
    ...(namespaceSelector === undefined ? {} : { selector: selector(namespaceSelector) }),
    kinds: list(kinds).map(routeKind),
  };
};

const routeKind = (raw: unknown) => ({
  group: text(object(raw).group, 'gateway.networking.k8s.io'),
  kind: text(object(raw).kind),
});

const listenerStatus = (raw: unknown): ListenerStatus => {
  const it = object(raw);
  return {
    name: text(it.name),
    supportedKinds: list(it.supportedKinds).map(routeKind),
    attachedRoutes: count(it.attachedRoutes),
    conditions: conditions(it.conditions),
  };
};

const gatewayAddress = (raw: unknown) => {
  const { type, value } = object(raw);
  return { type: text(type, 'IPAddress'), ...(typeof value === 'string' ? { value } : {}) };
};

export const toGateway = (raw: Json): Gateway => {
  const spec = object(raw.spec);
  const status = object(raw.status);
  return {
    metadata: metadata(raw),
    className: text(spec.gatewayClassName),
    addresses: list(spec.addresses).map(gatewayAddress),
    listeners: list(spec.listeners).map(listener),
    status: {
      addresses: list(status.addresses).map((address) => ({
        type: text(object(address).type, 'IPAddress'),
        value: text(object(address).value),
      })),
      conditions: conditions(status.conditions),
      listeners: list(status.listeners).map(listenerStatus),
    },
  };
};

export const toRoute = (raw: Json): Route => {
  const meta = metadata(raw);
  const spec = object(raw.spec);
  const status = object(raw.status);
  const loadBalancing = object(spec.loadBalancing);
  return {
    metadata: meta,
    parentRefs: list(spec.parentRefs).map((entry) => {
      const ref = object(entry);
      const sectionName = optionalText(ref.sectionName);
      return {
        group: text(ref.group, 'gateway.networking.k8s.io'),
        kind: text(ref.kind, 'Gateway'),
        namespace: text(ref.namespace, meta.namespace),
        name: text(ref.name),
        ...(sectionName === undefined ? {} : { sectionName }),
      };
    }),
    addresses: list(spec.addresses).map((entry) => ({
      type: text(object(entry).type, 'IPAddress'),
      value: text(object(entry).value),
    })),
    network: text(spec.network, 'default'),
    podSelector: selector(spec.podSelector),
    reactionMode: spec.reactionMode === 'Exists' ? 'Exists' : 'ReadyCondition',
    extra: {
      ...(typeof spec.allowGlobalAccess === 'boolean' ? { allowGlobalAccess: spec.allowGlobalAccess } : {}),
      ...(typeof spec.haPolicy === 'boolean' ? { haPolicy: spec.haPolicy } : {}),
      ...(spec.nodeSelector === undefined ? {} : { nodeSelector: selector(spec.nodeSelector) }),
      ...(spec.loadBalancing === undefined
        ? {}
        : { loadBalancing: { healthCheckName: text(loadBalancing.healthCheckName) } }),
    },
    status: { pods: textList(status.pods), conditions: conditions(status.conditions) },
    statusWriters: list(object(raw.metadata).managedFields).flatMap(statusWriter),
  };
};

/** What of a route's status nobody but its controller writes, as field sets call it. */
const controllersConditions = ['Accepted', 'GCPReady', 'Ready'].map((type) => `k:{"type":"${type}"}`);

const statusWriter = (raw: unknown): readonly StatusWriter[] => {
  const { manager, time: at, fieldsV1 } = object(raw);
  const fields = object(object(fieldsV1)['f:status']);
  const owned = object(fields['f:conditions']);
  // Who writes back takes what it changes from our entry; what is left of that, if only a condition of the node agents
  // that we made, still has the time of our last write.
  const writes =
    manager === fieldManager
      ? Object.keys(fields).length > 0
      : 'f:pods' in fields || controllersConditions.some((key) => key in owned);
  return writes ? [{ manager: text(manager), at: time(at) ?? '' }] : [];
};

export const toNamespace = (raw: Json): Namespace => ({ metadata: metadata(raw) });

const statusOf = (raw: Json, type: string): string | undefined =>
  optionalText(
    list(object(raw.status).conditions)
      .map(object)
      .find((entry) => entry.type === type)?.status,
  );

export const toNetwork = (raw: Json): Network => {
  const spec = object(raw.spec);
  const { group, kind, name } = object(spec.parametersRef);
  const meant = group === 'networking.gke.io' && text(kind).toLowerCase() === 'gkenetworkparamset';
  return {
    metadata: metadata(raw),
    type: text(spec.type),
    ...(meant && text(name) !== '' ? { paramSet: text(name) } : {}),
    conditions: conditions(object(raw.status).conditions),
  };
};

export const toNetworkParamSet = (raw: Json): NetworkParamSet => {
  const { vpc, vpcSubnet } = object(raw.spec);
  return { metadata: metadata(raw), vpc: text(vpc), vpcSubnet: text(vpcSubnet) };
};

/** The networks that an annotation lists, as `[{"network": "blue", ...}]`; none when it holds anything else. */
const networksIn = (raw: Json, annotation: string): readonly string[] => {
  const value = metadata(raw).annotations[annotation];
  if (value === undefined) return [];
  try {
    return list(JSON.parse(value)).flatMap((entry) => optionalText(object(entry).network) ?? []);
  } catch {
    return [];
  }
};

export const toPod = (raw: Json): Pod => {
  const spec = object(raw.spec);
  const status = object(raw.status);
  const nodeName = text(spec.nodeName);
  const podIP = text(status.podIP);
  return {
    metadata: metadata(raw),
    ...(nodeName === '' ? {} : { nodeName }),
    hostNetwork: spec.hostNetwork === true,
    networks: networksIn(raw, 'networking.gke.io/interfaces'),
    phase: text(status.phase),
    ...(podIP === '' ? {} : { podIP }),
    ready: statusOf(raw, 'Ready') === 'True',
  };
};

/** `gce://PROJECT/ZONE/INSTANCE`, zone and instance named as Compute names. Source: design/google-cloud.md, *Nodes and networks*. */
const providerId =
  /^gce:\/\/([^/]+)\/([a-z](?:[-a-z0-9]{0,61}[a-z0-9])?)\/([a-z](?:[-a-z0-9]{0,61}[a-z0-9])?)$/;

export const toNode = (raw: Json): Node => {
  const { name, labels } = metadata(raw);
  const [, project, zone, instance] = providerId.exec(text(object(raw.spec).providerID)) ?? [];
  const ready = statusOf(raw, 'Ready');
  const subnetwork = labels['cloud.google.com/gke-node-pool-subnet'];
  return {
    name,
    ...(project && zone && instance ? { instance: { project, zone, name: instance } } : {}),
    ready: ready === 'True' || ready === 'False' ? ready : 'Unknown',
    ...(subnetwork ? { subnetwork } : {}),
    networks: networksIn(raw, 'networking.gke.io/north-interfaces'),
  };
};
