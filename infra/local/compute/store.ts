import { createHash } from 'node:crypto';
import { nameOf, type Scope, scopeOf } from './resource-url.ts';
import type { Collection, Collections, Json, Key } from './types.ts';

/** Something that at most one resource holds besides the resources themselves: an IP of a network. */
export type Claim = Key | (string & { readonly __claim: unique symbol });

/** All resources of the cloud, by key, and who refers to whom. */
export class Store {
  readonly #lists = new Map<string, Map<string, unknown>>();
  readonly #users = new Map<Claim, Set<Key>>();
  readonly #claims = new Map<Key, readonly Claim[]>();
  readonly #scopes = new Map<Collection, Set<Scope>>();
  #serial = 0n;

  get<C extends Collection>(collection: C, key: Key): Collections[C] | undefined {
    return this.#list(collection, scopeOf(key))?.get(nameOf(key));
  }

  put<C extends Collection>(collection: C, key: Key, resource: Collections[C]): void {
    const scope = scopeOf(key);
    const path = `${scope}/${collection}`;
    let list = this.#lists.get(path);
    if (list === undefined) {
      list = new Map();
      this.#lists.set(path, list);
      this.#scopes.set(collection, (this.#scopes.get(collection) ?? new Set()).add(scope));
    }
    list.set(nameOf(key), resource);
  }

  remove(collection: Collection, key: Key): void {
    this.#list(collection, scopeOf(key))?.delete(nameOf(key));
    this.claim(key, []);
  }

  /** The resources of a scope, in no order. */
  list<C extends Collection>(collection: C, scope: Scope): Iterable<Collections[C]> {
    return this.#list(collection, scope)?.values() ?? [];
  }

  /** The scopes of a project that ever had a resource of that collection. */
  scopes(collection: Collection, project: string): Scope[] {
    return [...(this.#scopes.get(collection) ?? [])].filter((s) => s.startsWith(`projects/${project}/`));
  }

  /** Says what `user` refers to from now on, in place of what it referred to. */
  claim(user: Key, claims: readonly Claim[]): void {
    for (const claim of this.#claims.get(user) ?? []) this.#users.get(claim)?.delete(user);
    if (claims.length === 0) this.#claims.delete(user);
    else this.#claims.set(user, claims);
    for (const claim of claims) this.#users.set(claim, (this.#users.get(claim) ?? new Set()).add(user));
  }

  /** What `user` claims now. */
  claimsOf(user: Key): readonly Claim[] {
    return this.#claims.get(user) ?? [];
  }

  /** Who refers to a resource or holds a claim, the earliest first. */
  usersOf(claim: Claim): Key[] {
    return [...(this.#users.get(claim) ?? [])];
  }

  /** A new id: decimal, unique in this cloud. */
  nextId(): string {
    this.#serial += 1n;
    return String(7_000_000_000_000_000_000n + this.#serial * 7_919n);
  }

  // The one cast: `put` is the only writer, and ties each collection to its type.
  #list<C extends Collection>(collection: C, scope: Scope): Map<string, Collections[C]> | undefined {
    return this.#lists.get(`${scope}/${collection}`) as Map<string, Collections[C]> | undefined;
  }
}

/** Where an IP address means something: a network (its key), or the internet. */
export type IpSpace = Key | 'internet';

/** The use of an IP address: by an instance's interface or by a forwarding rule. */
export const ipClaim = (space: IpSpace, ip: string): Claim => `ip:${space}/${ip}` as Claim;

/** The reservation of an IP address: by an address resource. */
export const reservation = (space: IpSpace, ip: string): Claim => `reserved:${space}/${ip}` as Claim;

/**
 * *A hash of the contents stored in this object* (proto comment of `fingerprint`): equal contents have equal
 * fingerprints, so a write that changes nothing keeps it, and a change taken back brings it back.
 */
export const fingerprintOf = (contents: Json): string =>
  createHash('sha256')
    .update(JSON.stringify(contents, sortedKeys))
    .digest()
    .subarray(0, 8)
    .toString('base64');

const sortedKeys = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/** A time as the Compute API writes it: RFC 3339 with the offset of the Pacific coast. */
export const timestamp = (at: Date): string =>
  new Date(at.getTime() - 7 * 3_600_000).toISOString().replace('Z', '-07:00');
