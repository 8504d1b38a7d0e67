import { isGatewayRef } from './admission.ts';
import { findCondition } from './conditions.ts';
import { hasOtherController, meaningOf } from './gateway-class.ts';
import type { Gateway, GatewayClass, Route } from './objects.ts';

/** On a route or Gateway before its first Google Cloud resource exists, and until its last one is gone. */
export const releaseFinalizer = 'persistent-ip.dev/release';

const gkeFinalizer = 'networking.gke.io/gke-ipr-controller';
const gkeAnnotation = /^networking\.gke\.io\/pip-/;

/** `namespace/name`, the key under which observations hold Gateways. */
export const gatewayKey = ({
  namespace,
  name,
}: {
  readonly namespace: string;
  readonly name: string;
}): string => `${namespace}/${name}`;

export interface ParentsSeen {
  readonly route: Route;
  readonly controllerName: string;
  readonly classes: readonly GatewayClass[];
  /** The Gateways that exist among those that `parentRefs` name. */
  readonly gateways: ReadonlyMap<string, Gateway>;
}

/** GKE's controller owns it. */
export const hasGkeMarks = (route: Route): boolean =>
  route.metadata.finalizers.includes(gkeFinalizer) ||
  Object.keys(route.metadata.annotations).some((key) => gkeAnnotation.test(key));

export const hasOurFinalizer = ({ metadata }: Route | Gateway): boolean =>
  metadata.finalizers.includes(releaseFinalizer);

/** A parent of ours: the Gateway exists and its class is one of our controller's. */
export const ourParents = ({ route, controllerName, classes, gateways }: ParentsSeen): readonly Gateway[] =>
  route.parentRefs.flatMap((ref) => {
    const gateway = isGatewayRef(ref) ? gateways.get(gatewayKey(ref)) : undefined;
    const gatewayClass = classes.find(({ metadata }) => metadata.name === gateway?.className);
    const ours = gatewayClass !== undefined && meaningOf(gatewayClass, controllerName).kind !== 'foreign';
    return gateway !== undefined && ours ? [gateway] : [];
  });

/**
 * Whose route it is.
 * - `ours`: we write its status and make its resources
 * - `let-go`: GKE's, but it carries our finalizer: release what we hold, drop the finalizer, write no status
 * - `not-ours`: nothing is written
 *
 * Source: design/concepts.md, *Whose route it is*.
 */
export const whoseRoute = (seen: ParentsSeen): 'ours' | 'let-go' | 'not-ours' => {
  const { route, classes, controllerName, gateways } = seen;
  if (hasGkeMarks(route)) return hasOurFinalizer(route) ? 'let-go' : 'not-ours';
  if (hasOurFinalizer(route) || ourParents(seen).length > 0) return 'ours';
  const resolvable = route.parentRefs.some((ref) => isGatewayRef(ref) && gateways.has(gatewayKey(ref)));
  return resolvable || hasOtherController(classes, controllerName) ? 'not-ours' : 'ours';
};

/**
 * Since when a mark of GKE's keeps us from a route that a Gateway of ours would serve, RFC 3339; `undefined` when none
 * does. The route's age or the acceptance of the Gateway, whichever came later: a time that follows from state, so
 * that everybody who says so in the audit log says it at the same time, and it counts once.
 */
export const stoppedSince = (seen: ParentsSeen): string | undefined => {
  if (!hasGkeMarks(seen.route)) return undefined;
  const parents = ourParents(seen);
  if (parents.length === 0) return undefined;
  const accepted = parents.flatMap(
    ({ status }) => findCondition(status.conditions, 'Accepted')?.lastTransitionTime ?? [],
  );
  return [seen.route.metadata.creationTimestamp, ...accepted].sort().at(-1);
};
