import { isObject, type Json } from '../objects/object.ts';
import { mergedSets, mergeKeys } from '../patch/merge-keys.ts';
import type { Structure } from '../schema/structure.ts';

/** How the value at one place of an object divides into fields that can have different owners. */
export interface Place {
  /** What tells a list's items apart: the fields of a key, or their values; an atomic list is one value. */
  readonly list: readonly string[] | 'set' | 'atomic';
  /** A map that is one value. */
  readonly atomic: boolean;
  /** What a key of a list's items is where they leave it out. */
  readonly keyDefault: (name: string) => Json | undefined;
  /** Whether the field is one of a struct, whose owner need not say so, and not a key of a map. */
  readonly declares: (name: string) => boolean;
  /** `undefined` for a field that nobody can own. */
  field(name: string): Place | undefined;
  item(): Place;
}

const fixed = (atomic: boolean): Place => {
  const place: Place = {
    list: 'atomic',
    atomic,
    keyDefault: () => undefined,
    declares: () => false,
    field: () => place,
    item: () => place,
  };
  return place;
};

/** Where no schema says more, maps divide and lists do not (structured-merge-diff, `DeducedParseableType`). */
const undescribed = fixed(false);
export const whole = fixed(true);

/**
 * Lists whose key for owners (`listMapKey`) says more than their key for strategic merges. A port has but one of its
 * numbers, by whose it is.
 */
const longerKeys: Readonly<Record<string, readonly string[]>> = {
  ports: ['containerPort', 'port', 'protocol'],
  topologySpreadConstraints: ['topologyKey', 'whenUnsatisfiable'],
};

/** Maps of built-in kinds with `+structType=atomic` or `+mapType=atomic`. */
const atomicMaps = new Set([
  'configMapKeyRef',
  'fieldRef',
  'involvedObject',
  'regarding',
  'labelSelector',
  'namespaceSelector',
  'nodeSelector',
  'related',
  'requiredDuringSchedulingIgnoredDuringExecution',
  'resourceFieldRef',
  'roleRef',
  'secretKeyRef',
  'selector',
]);

const atomicItems = new Set(['imagePullSecrets', 'ownerReferences']);

/** An object of a built-in kind, or a field of one that is not special: its fields are known by their names. */
const builtinPlace: Place = {
  list: 'atomic',
  atomic: false,
  keyDefault: (name) => (name === 'protocol' ? 'TCP' : undefined),
  declares: () => true,
  field: (name) => special.get(name) ?? builtinPlace,
  item: () => builtinPlace,
};

const listOf = (name: string): Place['list'] => {
  if (mergedSets.has(name)) return 'set';
  const key = mergeKeys[name];
  return longerKeys[name] ?? (key === undefined ? 'atomic' : [key]);
};

/** The fields whose name says something, as it does to strategic merges. */
const special = new Map<string, Place>(
  [...Object.keys(mergeKeys), ...mergedSets, ...atomicMaps].map((name) => [
    name,
    {
      ...builtinPlace,
      list: listOf(name),
      atomic: atomicMaps.has(name),
      item: () => (atomicItems.has(name) ? whole : builtinPlace),
    },
  ]),
);
// What is in `data` is the user's own: a name in it means nothing.
special.set('data', undescribed);

/** A place that a CRD's schema describes. */
const described = (structure: Structure): Place => {
  const type = structure['x-kubernetes-list-type'] ?? 'atomic';
  return {
    list: type === 'map' ? [...(structure['x-kubernetes-list-map-keys'] ?? [])].sort() : type,
    atomic: structure['x-kubernetes-map-type'] === 'atomic',
    keyDefault: (name) => structure.items?.properties?.[name]?.default,
    declares: (name) => structure.properties?.[name] !== undefined,
    field: (name) => {
      const { properties, additionalProperties } = structure;
      const inner = properties?.[name] ?? (isObject(additionalProperties) ? additionalProperties : undefined);
      return inner === undefined ? undescribed : described(inner as Structure);
    },
    item: () => (structure.items === undefined ? undescribed : described(structure.items)),
  };
};

/** What the server itself sets (`managedfields/internal/stripmeta.go`). */
const ofServer = new Set([
  'name',
  'namespace',
  'creationTimestamp',
  'selfLink',
  'uid',
  'generation',
  'managedFields',
  'resourceVersion',
]);

const metadataPlace: Place = {
  ...builtinPlace,
  field: (name) => (ofServer.has(name) ? undefined : builtinPlace.field(name)),
};

/**
 * A whole object.
 * @param by how its fields divide: the schema of a custom kind, or that it is built in
 * @param status whether its status can be owned: not by a write past the subresource of that name
 */
export const objectPlace = (by: Structure | 'builtin' | undefined, status: boolean): Place => {
  let place = undescribed;
  if (by === 'builtin') place = builtinPlace;
  else if (by !== undefined) place = described(by);
  return {
    ...place,
    field: (name) => {
      if (name === 'apiVersion' || name === 'kind' || (name === 'status' && !status)) return undefined;
      return name === 'metadata' ? metadataPlace : place.field(name);
    },
  };
};
