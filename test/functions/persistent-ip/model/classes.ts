import {
  type AClass,
  type AGateway,
  type ARoute,
  type Cluster,
  controllerName,
  gatewayGroup,
} from './cluster.ts';

/** Whose a class, a Gateway and a route are. design/concepts.md, *Objects*. */

export type Meaning = 'foreign' | 'EXTERNAL' | 'INTERNAL' | 'later' | 'unknown';

export const meaningOfClass = (one: AClass): Meaning => {
  // "A class is ours if `spec.controllerName` (immutable) equals the configured controller name; every other class is
  // left alone, whatever its name."
  if (one.controller !== controllerName) return 'foreign';
  // The table of names.
  if (one.name === 'gke-persistent-regional-external-managed') return 'EXTERNAL';
  if (one.name === 'gke-persistent-regional-internal-managed') return 'INTERNAL';
  if (one.name === 'gke-persistent-fast-regional-external-managed') return 'later';
  if (one.name === 'gke-persistent-fast-regional-internal-managed') return 'later';
  if (one.name === 'gke-passthrough-lb-external-managed') return 'later';
  if (one.name === 'gke-passthrough-lb-internal-managed') return 'later';
  // "scheme by the annotation `persistent-ip.dev/scheme: external|internal`"
  if (one.scheme === 'external') return 'EXTERNAL';
  if (one.scheme === 'internal') return 'INTERNAL';
  // "A class of ours with neither a known name nor the annotation"
  return 'unknown';
};

/** `Accepted` of a class; `undefined`: it is not for us to say. */
export const classVerdict = (one: AClass): string | undefined => {
  switch (meaningOfClass(one)) {
    case 'foreign':
      return undefined;
    case 'later':
      return 'False/Unsupported';
    case 'unknown':
      return 'False/InvalidParameters';
    default:
      return 'True/Accepted';
  }
};

/** What a Gateway's class means; `missing` when no such class exists. */
export const meaningFor = (cluster: Cluster, gateway: AGateway): Meaning | 'missing' => {
  for (const one of cluster.classes) if (one.name === gateway.className) return meaningOfClass(one);
  return 'missing';
};

/** The Gateways that a route's parentRefs name, in their order; a reference to nothing is `undefined`. */
export const parentsOf = (
  cluster: Cluster,
  route: ARoute,
): { ref: ARoute['parents'][number]; gateway: AGateway | undefined }[] => {
  const parents = [];
  for (const ref of route.parents) {
    // "parents of other kinds ... are ignored"
    if (ref.group !== gatewayGroup || ref.kind !== 'Gateway') continue;
    const gateway = cluster.gateways.find(
      ({ namespace, name }) => namespace === ref.namespace && name === ref.name,
    );
    // "... or of foreign classes are ignored"
    if (gateway !== undefined && meaningFor(cluster, gateway) === 'foreign') continue;
    parents.push({ ref, gateway });
  }
  return parents;
};

export type Whose = 'ours' | 'let-go' | 'not-ours';

/** "A route with GKE's own marks (finalizer `networking.gke.io/gke-ipr-controller`, annotations `networking.gke.io/pip-*`)" */
export const isGkes = ({ marks }: ARoute): boolean =>
  marks.includes('gke-finalizer') || marks.includes('gke-annotation');

/** "Whose route it is." `finalizer`: it carries ours. */
export const whoseIs = (cluster: Cluster, route: ARoute, finalizer: boolean): Whose => {
  // "A route with GKE's own marks is GKE's: we read it for conflicts and write nothing on it, except: if it also carries
  // our finalizer, we release our cloud resources and remove our finalizer."
  if (isGkes(route)) return finalizer ? 'let-go' : 'not-ours';
  // "Ours if a resolvable parent Gateway has a class of ours, or if it carries our finalizer."
  if (finalizer) return 'ours';
  let resolvable = false;
  for (const ref of route.parents) {
    if (ref.group !== gatewayGroup || ref.kind !== 'Gateway') continue;
    const gateway = cluster.gateways.find(
      ({ namespace, name }) => namespace === ref.namespace && name === ref.name,
    );
    if (gateway === undefined) continue;
    resolvable = true;
    const meaning = meaningFor(cluster, gateway);
    if (meaning !== 'foreign' && meaning !== 'missing') return 'ours';
  }
  if (resolvable) return 'not-ours';
  // "A route with no resolvable parent and no finalizer of ours gets a status from us only if the cluster has no
  // GatewayClass of another persistent-IP controller (`*/persistent-ip-controller`)."
  for (const { controller } of cluster.classes)
    if (controller !== controllerName && controller.endsWith('/persistent-ip-controller')) return 'not-ours';
  return 'ours';
};
