import { nameOf, urlOf } from '../resource-url.ts';
import type { Collection, Collections, JsonObject, Key } from '../types.ts';
import { fingerprintOf } from '../world/fingerprint.ts';
import type { World } from '../world/world.ts';
import type { Content, Kind } from './kind.ts';

/** Fields that only the service sets: accepted in a body and ignored, as GET's body may be sent back. */
export const outputOnly = [
  ...['kind', 'id', 'name', 'creationTimestamp', 'selfLink', 'selfLinkWithId', 'region', 'zone', 'status'],
  ...['users', 'usedBy', 'size', 'fingerprint', 'labelFingerprint'],
];

/** The fields but those named. */
export const without = (object: JsonObject, names: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));

/** Only the fields named. */
export const pick = (object: JsonObject, names: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([name]) => names.includes(name)));

/** A resource as GET shows it. */
export const shown = <C extends Collection>(
  kind: Kind<C>,
  world: World,
  resource: Collections[C],
): JsonObject => {
  const key = resource.selfLink.slice(urlOf('').length) as Key;
  return { ...resource, ...kind.show?.(resource, key, world) };
};

/** Adds what the service adds; the fingerprint is that of everything else. */
export const compose = <C extends Collection>(
  kind: Kind<C>,
  content: Content<Collections[C]>,
  made: { readonly id: string; readonly key: Key; readonly creationTimestamp: string },
): Collections[C] => {
  const { id, key, creationTimestamp } = made;
  const simple = kind.message.charAt(0).toLowerCase() + kind.message.slice(1);
  const fields: JsonObject = {
    kind: `compute#${simple}`,
    id,
    creationTimestamp,
    name: nameOf(key),
    ...withoutEmpty(content),
    selfLink: urlOf(key),
  };
  const labels = kind.labels && { labelFingerprint: fingerprintOf(fields.labels ?? {}) };
  const fingerprint = kind.fingerprint && { fingerprint: fingerprintOf(fields) };
  // `content` and the fields above are the whole of the resource's type, which the compiler cannot add up.
  return { ...fields, ...labels, ...fingerprint } as unknown as Collections[C];
};

/** proto3 JSON shows no empty list and no empty map: the Node client's `"metadatas":{}` leaves no trace. */
const withoutEmpty = (content: object): JsonObject =>
  Object.fromEntries(
    Object.entries(content).filter(
      ([, value]) => !(typeof value === 'object' && value !== null && Object.keys(value).length === 0),
    ),
  );

/** Removes what is computed, so that what is left can be merged, compared and composed again. */
export const contentOf = <C extends Collection>(resource: Collections[C]): JsonObject =>
  without(resource, made);

const made = ['kind', 'id', 'name', 'creationTimestamp', 'selfLink', 'fingerprint', 'labelFingerprint'];
