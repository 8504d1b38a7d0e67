import type { PlainVerdict } from './conditions.ts';
import type { GatewayClass } from './objects.ts';

/** What a GatewayClass means to us. */
export type ClassMeaning =
  /** Another controller's: left alone, whatever its name. */
  | { readonly kind: 'foreign' }
  | { readonly kind: 'external' }
  | { readonly kind: 'unsupported'; readonly what: string }
  | { readonly kind: 'unknown' };

const schemeAnnotation = 'persistent-ip.dev/scheme';

/** Source: design/concepts.md, table *GatewayClass*. */
const byName: Readonly<Record<string, ClassMeaning>> = {
  'gke-persistent-regional-external-managed': { kind: 'external' },
  'gke-persistent-regional-internal-managed': { kind: 'unsupported', what: 'internal addresses' },
  'gke-persistent-fast-regional-external-managed': { kind: 'unsupported', what: 'fast IP move' },
  'gke-persistent-fast-regional-internal-managed': { kind: 'unsupported', what: 'fast IP move' },
  'gke-passthrough-lb-external-managed': { kind: 'unsupported', what: 'load balancing over many Pods' },
  'gke-passthrough-lb-internal-managed': { kind: 'unsupported', what: 'load balancing over many Pods' },
};

const byScheme: Readonly<Record<string, ClassMeaning>> = {
  external: { kind: 'external' },
  internal: { kind: 'unsupported', what: 'internal addresses' },
};

const lookUp = (table: Readonly<Record<string, ClassMeaning>>, key: string): ClassMeaning | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

/** A class is ours by its controller name and by nothing else; then name first, annotation second. */
export const meaningOf = (gatewayClass: GatewayClass, controllerName: string): ClassMeaning => {
  if (gatewayClass.controllerName !== controllerName) return { kind: 'foreign' };
  const { name, annotations } = gatewayClass.metadata;
  return lookUp(byName, name) ?? lookUp(byScheme, annotations[schemeAnnotation] ?? '') ?? { kind: 'unknown' };
};

/** Whether another controller of persistent IPs has a class in this cluster (GKE's own, for one). */
export const hasOtherController = (classes: readonly GatewayClass[], controllerName: string): boolean =>
  classes.some(
    (c) => c.controllerName !== controllerName && c.controllerName.endsWith('/persistent-ip-controller'),
  );

/** The `Accepted` condition of a class of ours; `undefined` for a foreign one, which we leave alone. */
export const decideClass = (gatewayClass: GatewayClass, controllerName: string): PlainVerdict | undefined => {
  const meaning = meaningOf(gatewayClass, controllerName);
  switch (meaning.kind) {
    case 'foreign':
      return undefined;
    case 'external':
      return {
        type: 'Accepted',
        status: 'True',
        reason: 'Accepted',
        message: 'Gateways of this class hold static regional external addresses',
      };
    case 'unsupported':
      return {
        type: 'Accepted',
        status: 'False',
        reason: 'Unsupported',
        message: `This release does not offer ${meaning.what} yet: use a class for external addresses, such as persistent-ip-regional-external`,
      };
    case 'unknown':
      return {
        type: 'Accepted',
        status: 'False',
        reason: 'InvalidParameters',
        message: `Set the annotation ${schemeAnnotation} to "external", or use a class name that says the scheme`,
      };
  }
};
