import { alreadyExists, ComputeError, inUse, invalid, required, staleFingerprint } from '../errors.ts';
import { isName, keyOf, namePattern } from '../resource-url.ts';
import { timestamp } from '../timestamp.ts';
import type { Collection, Collections, Json, JsonObject, Key } from '../types.ts';
import { fingerprintOf } from '../world/fingerprint.ts';
import type { Operation } from '../world/operations.ts';
import type { Call, World } from '../world/world.ts';
import { checkCommon } from './common-fields.ts';
import { compose, contentOf, outputOnly, pick, without } from './form.ts';
import type { At, Content, Draft, Kind } from './kind.ts';
import { mergePatch, withoutNulls } from './merge.ts';

const at = (world: World, call: Call, key: Key): At => ({
  world,
  scope: call.scope,
  project: call.params.project ?? world.project,
  key,
});

/** POST to a collection. */
export const insert = <C extends Collection>(kind: Kind<C>, call: Call, world: World): Operation => {
  const { name } = call.body;
  if (typeof name !== 'string' || name === '') throw required('resource.name');
  if (!isName(name)) throw invalid('resource.name', name, `Must be a match of regex '${namePattern}'`);
  const key = keyOf(call.scope, kind.collection, name);
  if (world.store.get(kind.collection, key) !== undefined) throw alreadyExists(key);
  if (world.locks.of(key) !== undefined) throw alreadyExists(key);
  const here = at(world, call, key);
  const draft = without(withoutNulls(call.body), outputOnly) as Draft<Collections[C]>;
  checkCommon(draft);
  const id = world.store.nextId();
  let resource: Collections[C] | undefined;
  let doomed: ComputeError | undefined;
  try {
    const content = kind.insert?.({ ...draft, name }, here);
    if (content === undefined) throw new Error(`${kind.service} has no insert`);
    resource = compose(kind, content, { id, key, creationTimestamp: timestamp(world.clock.now()) });
    world.store.claim(key, kind.claims?.(content, here) ?? []);
  } catch (error) {
    if (!(error instanceof ComputeError && error.inOperation)) throw error;
    doomed = error;
  }
  return world.accept(call, {
    target: key,
    targetId: id,
    hold: 'insert',
    apply: () => {
      if (doomed !== undefined) throw doomed;
      if (resource !== undefined) world.store.put(kind.collection, key, resource);
    },
    settled: (error) => {
      if (error !== undefined) world.store.claim(key, []);
    },
  });
};

/** PATCH and PUT of a resource. */
export const change = <C extends Collection>(
  kind: Kind<C>,
  call: Call,
  world: World,
  how: 'patch' | 'put',
): Operation => {
  const key = keyOf(call.scope, kind.collection, call.name);
  const current = world.find(kind.collection, key);
  world.locks.check(key, 'change');
  if (kind.fingerprint) checkFingerprint(current, call.body, how);
  const { name } = call.body;
  if (name !== undefined && name !== null && name !== current.name) {
    throw invalid('resource.name', name, 'The name of a resource cannot be changed.');
  }
  const body = without(call.body, outputOnly);
  const kept = contentOf(current);
  const merged =
    how === 'patch'
      ? mergePatch(kept, body)
      : { ...pick(kept, outputOnly), ...withoutNulls(body), ...keptLabels(kind, kept) };
  checkCommon(merged);
  const here = at(world, call, key);
  const validate = () => kind.change?.(merged as Draft<Collections[C]>, current, here);
  const before = world.store.claimsOf(key);
  const content = validate();
  if (content === undefined) throw new Error(`${kind.service} has no ${how}`);
  const after = kind.claims?.(content, here) ?? [];
  const operation = world.accept(call, {
    target: key,
    targetId: current.id,
    hold: 'change',
    apply: () => {
      // Its neighbours may have changed since it was accepted.
      const still = validate() ?? content;
      world.store.put(kind.collection, key, compose(kind, still, { ...current, key }));
    },
    settled: (error) => world.store.claim(key, error === undefined ? after : before),
  });
  world.store.claim(key, [...before, ...after]);
  return operation;
};

/** DELETE of a resource: refused while another one refers to it. */
export const remove = <C extends Collection>(kind: Kind<C>, call: Call, world: World): Operation => {
  const key = keyOf(call.scope, kind.collection, call.name);
  const resource = world.find(kind.collection, key);
  const users = [...world.store.usersOf(key), ...(kind.users?.(resource, at(world, call, key)) ?? [])];
  world.locks.check(key, 'delete');
  if (users[0] !== undefined) throw inUse(kind.title, key, users[0]);
  let undo: (() => void) | undefined;
  const operation = world.accept(call, {
    target: key,
    targetId: resource.id,
    hold: 'delete',
    apply: () => {
      world.store.remove(kind.collection, key);
      kind.removed?.(key, world);
    },
    settled: (error) => {
      if (error !== undefined) undo?.();
    },
  });
  undo = kind.removing?.(key, world);
  return operation;
};

/** POST of `setLabels`: the whole set, with the fingerprint of the set that it replaces. */
export const setLabels = <C extends Collection>(kind: Kind<C>, call: Call, world: World): Operation => {
  const key = keyOf(call.scope, kind.collection, call.name);
  const current = world.find(kind.collection, key);
  world.locks.check(key, 'change');
  const kept = contentOf(current);
  if (asStored(call.body.labelFingerprint) !== fingerprintOf(kept.labels ?? {})) {
    throw staleFingerprint('Labels fingerprint either invalid or resource labels have changed');
  }
  const labels = call.body.labels ?? {};
  checkCommon({ labels });
  const content = { ...kept, labels } as unknown as Content<Collections[C]>;
  return world.accept(call, {
    target: key,
    targetId: current.id,
    hold: 'change',
    apply: () => world.store.put(kind.collection, key, compose(kind, content, { ...current, key })),
  });
};

/**
 * *An up-to-date fingerprint must be provided in order to update* (proto). A PATCH without one merges onto
 * the present resource, whose fingerprint is then up to date; a PUT without one has none.
 */
const checkFingerprint = (current: JsonObject, body: JsonObject, how: 'patch' | 'put'): void => {
  const given = asStored(body.fingerprint ?? undefined);
  if (given === undefined && how === 'patch') return;
  if (given !== current.fingerprint) throw staleFingerprint();
};

/** Bytes may come in either alphabet of base64 (proto3 JSON mapping): gcloud sends that of URLs. */
const asStored = (given: Json | undefined): Json | undefined =>
  typeof given === 'string' ? given.replaceAll('-', '+').replaceAll('_', '/') : given;

const keptLabels = (kind: { readonly labels?: true }, kept: JsonObject): JsonObject =>
  kind.labels && kept.labels !== undefined ? { labels: kept.labels } : {};
