import type { Scope } from '../resource-url.ts';
import type { Collection, Collections, JsonObject, Key, Resource } from '../types.ts';
import type { Claim } from '../world/claims.ts';
import type { Call, World } from '../world/world.ts';

/** Fields that the service sets, whatever a body says. */
type Made = keyof Resource | 'fingerprint' | 'labelFingerprint';

/** A resource as a client may describe it: checked against the descriptors, its nulls removed. */
export type Draft<R extends Resource> = Partial<Omit<R, Made>> & { readonly name?: string };

/** A resource without what the service adds to every one. */
export type Content<R extends Resource> = Omit<R, Made>;

/** Where a resource is made or changed. */
export interface At {
  readonly world: World;
  readonly project: string;
  readonly scope: Scope;
  readonly key: Key;
}

/** What is particular about one kind of resource; `crud.ts` does what all have in common. */
export interface Kind<C extends Collection> {
  readonly collection: C;
  /** The service of its methods: `RegionBackendServices`. */
  readonly service: string;
  /** Its message: `BackendService`. Its `kind` is `compute#backendService`. */
  readonly message: string;
  /** How error texts call it: `backend_service`. */
  readonly title: string;
  /** In which sorts of scope the API has it: what an aggregated list shows. */
  readonly scopes: readonly ('global' | 'regions' | 'zones')[];
  /** It comes from the world, not from this API: get and list only. */
  readonly readOnly?: true;
  readonly fingerprint?: true;
  readonly labels?: true;
  /**
   * The content of a new resource.
   * @throws ComputeError when the real service refuses it
   */
  insert?(draft: Draft<Collections[C]>, at: At): Content<Collections[C]>;
  /** The content after a change; `next` is already merged. @throws ComputeError as `insert` */
  change?(next: Draft<Collections[C]>, current: Collections[C], at: At): Content<Collections[C]>;
  /** What it refers to, which cannot be deleted meanwhile, and what only one may have. */
  claims?(content: Content<Collections[C]>, at: At): readonly Claim[];
  /** Who keeps it from being deleted, beyond those that refer to it. */
  users?(resource: Collections[C], at: At): readonly Key[];
  /** Called when its deletion is accepted; what it returns undoes that, should the operation fail. */
  removing?(key: Key, world: World): () => void;
  /** Called when it is gone. */
  removed?(key: Key, world: World): void;
  /** Fields that are computed when it is read: `users`, `size`. */
  show?(resource: Collections[C], key: Key, world: World): JsonObject;
  /** Methods that only this kind has: `AttachNetworkEndpoints`. */
  readonly methods?: Readonly<Record<string, (call: Call, world: World) => JsonObject>>;
}
