import type { Scheme } from './cloud.ts';
import { changedConditions, stamp } from './conditions.ts';
import type { Condition, Gateway, GatewayClass } from './objects.ts';
import type { VerdictOf } from './vocabulary.ts';

/** What a GatewayClass means to us. */
export type ClassMeaning =
  /** Another controller's: left alone, whatever its name. */
  | { readonly kind: 'foreign' }
  | { readonly kind: 'offered'; readonly scheme: Scheme }
  /** Named by the specification for a later release. */
  | { readonly kind: 'later'; readonly what: string; readonly scheme: Scheme }
  /** Its annotations do not say what it is. */
  | { readonly kind: 'unknown'; readonly problem: string };

const schemeAnnotation = 'persistent-ip.dev/scheme';

/** `reserve` gives a Gateway that names no address at all one that we reserve. */
const defaultAnnotation = 'persistent-ip.dev/default-address';

const offered = (scheme: Scheme): ClassMeaning => ({ kind: 'offered', scheme });
const later = (what: string, scheme: Scheme): ClassMeaning => ({ kind: 'later', what, scheme });
const fast = 'moves without Google Cloud (fast IP move)';
const balanced = 'load balancing over many Pods';

/** Source: design/concepts.md, table *GatewayClass*. */
const byName: Readonly<Record<string, ClassMeaning>> = {
  'gke-persistent-regional-external-managed': offered('EXTERNAL'),
  'gke-persistent-regional-internal-managed': offered('INTERNAL'),
  'gke-persistent-fast-regional-external-managed': later(fast, 'EXTERNAL'),
  'gke-persistent-fast-regional-internal-managed': later(fast, 'INTERNAL'),
  'gke-passthrough-lb-external-managed': later(balanced, 'EXTERNAL'),
  'gke-passthrough-lb-internal-managed': later(balanced, 'INTERNAL'),
};

const byScheme: Readonly<Record<string, ClassMeaning>> = {
  external: offered('EXTERNAL'),
  internal: offered('INTERNAL'),
};

/** The class that the install always creates, for messages. */
export const classFor = (scheme: Scheme): string => `persistent-ip-regional-${scheme.toLowerCase()}`;

const lookUp = (table: Readonly<Record<string, ClassMeaning>>, key: string): ClassMeaning | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

const noScheme: ClassMeaning = {
  kind: 'unknown',
  problem: `The class does not say its scheme: set its annotation ${schemeAnnotation} to "external" or "internal", or use ${classFor('EXTERNAL')} or ${classFor('INTERNAL')}`,
};

/** A class is ours by its controller name and by nothing else; then name first, annotation second. */
export const meaningOf = (gatewayClass: GatewayClass, controllerName: string): ClassMeaning => {
  if (gatewayClass.controllerName !== controllerName) return { kind: 'foreign' };
  const { name, annotations } = gatewayClass.metadata;
  const assigns = annotations[defaultAnnotation];
  if (assigns !== undefined && assigns !== 'reserve')
    return {
      kind: 'unknown',
      problem: `The annotation ${defaultAnnotation} holds "${assigns}", which is not "reserve": correct or remove it`,
    };
  return lookUp(byName, name) ?? lookUp(byScheme, annotations[schemeAnnotation] ?? '') ?? noScheme;
};

/**
 * The Gateway as its class means it. Source: Gateway API, *GatewaySpec.addresses*: where there are none, an
 * implementation may assign some. Ours does where the class says so; a pool is empty otherwise.
 */
export const withDefaultAddress = (gateway: Gateway, { metadata }: GatewayClass): Gateway =>
  gateway.addresses.length === 0 && metadata.annotations[defaultAnnotation] === 'reserve'
    ? { ...gateway, addresses: [{ type: 'IPAddress' }] }
    : gateway;

/** Whether another controller of persistent IPs has a class in this cluster (GKE's own, for one). */
export const hasOtherController = (classes: readonly GatewayClass[], controllerName: string): boolean =>
  classes.some(
    (c) => c.controllerName !== controllerName && c.controllerName.endsWith('/persistent-ip-controller'),
  );

/** Why no Gateway of a class can be used, and what to do about it. */
export const classProblem = (
  meaning: Extract<ClassMeaning, { kind: 'later' | 'unknown' }>,
): { readonly reason: 'Unsupported' | 'InvalidParameters'; readonly message: string } =>
  meaning.kind === 'later'
    ? {
        reason: 'Unsupported',
        message: `This release does not offer ${meaning.what}: set gatewayClassName to ${classFor(meaning.scheme)}, whose addresses follow one Pod`,
      }
    : { reason: 'InvalidParameters', message: meaning.problem };

/** The `Accepted` condition of a class of ours; `undefined` for a foreign one, which we leave alone. */
export const decideClass = (
  gatewayClass: GatewayClass,
  controllerName: string,
): VerdictOf<'GatewayClass'> | undefined => {
  const meaning = meaningOf(gatewayClass, controllerName);
  if (meaning.kind === 'foreign') return undefined;
  if (meaning.kind !== 'offered') return { type: 'Accepted', status: 'False', ...classProblem(meaning) };
  return {
    type: 'Accepted',
    status: 'True',
    reason: 'Accepted',
    message: `Gateways of this class hold static regional ${meaning.scheme.toLowerCase()} addresses`,
  };
};

/** The conditions to write on a class; `undefined`: it is not ours, or reads so already. */
export const classConditions = (
  gatewayClass: GatewayClass,
  controllerName: string,
  now: Date,
): readonly Condition[] | undefined => {
  const verdict = decideClass(gatewayClass, controllerName);
  if (verdict === undefined) return undefined;
  const conditions = stamp(gatewayClass.conditions, [verdict], gatewayClass.metadata.generation, now);
  return changedConditions(gatewayClass.conditions, conditions).length > 0 ? conditions : undefined;
};
