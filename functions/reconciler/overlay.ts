import type { Answers } from '../load-later.ts';
import type { Gateway, Metadata, Namespace, Route } from '../persistent-ip/objects.ts';
import type { KubernetesReads } from '../persistent-ip/ports.ts';

/** Objects as they would be, each in place of the one of its name. */
export interface Overlay {
  readonly routes: readonly Route[];
  readonly gateways: readonly Gateway[];
  readonly namespaces: readonly Namespace[];
}

/** The cluster as it would be with these objects: everything else is as it is. */
export const overlaid = (reads: KubernetesReads, over: Overlay): KubernetesReads => ({
  clusterUid: () => reads.clusterUid(),
  route: async (namespace, name) =>
    over.routes.find(isNamed(namespace, name)) ?? reads.route(namespace, name),
  routes: async (namespace) =>
    replaced(
      await reads.routes(namespace),
      over.routes.filter(({ metadata }) => namespace === undefined || metadata.namespace === namespace),
    ),
  gateway: async (namespace, name) =>
    over.gateways.find(isNamed(namespace, name)) ?? reads.gateway(namespace, name),
  gateways: async () => replaced(await reads.gateways(), over.gateways),
  namespace: async (name) => over.namespaces.find(isNamed('', name)) ?? reads.namespace(name),
  namespaces: async () => replaced(await reads.namespaces(), over.namespaces),
  gatewayClasses: () => reads.gatewayClasses(),
  networks: () => reads.networks(),
  networkParamSets: () => reads.networkParamSets(),
  pods: (namespace, selector) => reads.pods(namespace, selector),
  pod: (namespace, name) => reads.pod(namespace, name),
  podsOnNode: (node) => reads.podsOnNode(node),
  node: (name) => reads.node(name),
});

interface Named {
  readonly metadata: Metadata;
}

const isNamed =
  (namespace: string, name: string) =>
  ({ metadata }: Named): boolean =>
    metadata.namespace === namespace && metadata.name === name;

/** In the places of those that they replace, for a list's order decides which of several rivals a message names. */
const replaced = <T extends Named>(live: readonly T[], over: readonly T[]): readonly T[] => {
  const named = (all: readonly T[], { metadata }: T) => all.find(isNamed(metadata.namespace, metadata.name));
  return [
    ...live.map((one) => named(over, one) ?? one),
    ...over.filter((one) => named(live, one) === undefined),
  ];
};

/**
 * The same reads, each answered once: what one question looks at several times is one state, and costs one call. Not for
 * who waits for a change.
 */
export const readOnce = <Port extends Answers<Port>>(reads: Port): Port => {
  const answers = new Map<string, Promise<unknown>>();
  const once =
    (name: keyof Port & string) =>
    (...given: never[]): Promise<unknown> => {
      const key = JSON.stringify([name, ...given]);
      const known = answers.get(key);
      if (known !== undefined) return known;
      const answer = reads[name](...given);
      answers.set(key, answer);
      return answer;
    };
  const handler = {
    get: (_: object, name: string | symbol) =>
      typeof name === 'symbol' || name === 'then' ? undefined : once(name as keyof Port & string),
  };
  return new Proxy({}, handler) as Port;
};
