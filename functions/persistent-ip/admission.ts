import type { Gateway, Listener, Namespace, ParentRef } from './objects.ts';
import { selectorProblem, selects } from './selector.ts';

/** The one kind of route that our Gateways take. */
export const routeKind = { group: 'networking.gke.io', kind: 'GKEIPRoute' } as const;

const admitsKind = (listener: Listener): boolean =>
  listener.kinds.length === 0 ||
  listener.kinds.some(({ group, kind }) => group === routeKind.group && kind === routeKind.kind);

const admitsNamespace = (listener: Listener, gatewayNamespace: string, namespace: Namespace): boolean => {
  switch (listener.from) {
    case 'All':
      return true;
    case 'Same':
      return namespace.metadata.name === gatewayNamespace;
    case 'Selector':
      return (
        listener.selector !== undefined &&
        listenerProblem(listener) === undefined &&
        selects(listener.selector, namespace.metadata.labels)
      );
  }
};

/** Why a listener can admit nobody, whatever asks; `undefined` when it can. */
export const listenerProblem = ({ from, selector }: Listener): string | undefined => {
  if (from !== 'Selector') return undefined;
  if (selector === undefined)
    return 'allowedRoutes.namespaces.from is Selector: add the selector, or write from: Same or All';
  const problem = selectorProblem(selector);
  return problem === undefined ? undefined : `allowedRoutes.namespaces.selector: ${problem}`;
};

/** Listeners of `gateway` that a parent reference means: the one its `sectionName` names, else all. */
export const meantListeners = (gateway: Gateway, ref: ParentRef): readonly Listener[] =>
  gateway.listeners.filter((listener) => ref.sectionName === undefined || listener.name === ref.sectionName);

/** Of those, the ones that admit GKEIPRoutes of this namespace. Source: Gateway API, *AllowedRoutes*. */
export const admittingListeners = (
  gateway: Gateway,
  ref: ParentRef,
  namespace: Namespace,
): readonly Listener[] =>
  meantListeners(gateway, ref).filter(
    (listener) => admitsKind(listener) && admitsNamespace(listener, gateway.metadata.namespace, namespace),
  );

/** Whether a parent reference names this Gateway. */
export const names = (ref: ParentRef, gateway: Gateway): boolean =>
  isGatewayRef(ref) && ref.namespace === gateway.metadata.namespace && ref.name === gateway.metadata.name;

export const isGatewayRef = (ref: ParentRef): boolean =>
  ref.group === 'gateway.networking.k8s.io' && ref.kind === 'Gateway';
