import { KeyedStore } from '../../store/keyed-store.ts';
import { nameOf, type Scope, scopeOf } from '../resource-url.ts';
import type { Collection, Collections, Key } from '../types.ts';
import { type Claim, Claims } from './claims.ts';

/** All resources of the cloud, by key, and who refers to whom. */
export class Store {
  readonly #resources = new KeyedStore<Collections>();
  readonly #claims = new Claims();
  #serial = 0n;

  get<C extends Collection>(collection: C, key: Key): Collections[C] | undefined {
    return this.#resources.of(collection).get(scopeOf(key), nameOf(key));
  }

  put<C extends Collection>(collection: C, key: Key, resource: Collections[C]): void {
    this.#resources.of(collection).put(scopeOf(key), nameOf(key), resource);
  }

  remove(collection: Collection, key: Key): void {
    this.#resources.of(collection).delete(scopeOf(key), nameOf(key));
    this.claim(key, []);
  }

  /** The resources of a scope, in no order. */
  list<C extends Collection>(collection: C, scope: Scope): Iterable<Collections[C]> {
    return this.#resources.of(collection).values(scope);
  }

  /** The scopes of a project that have a resource of that collection. */
  scopes(collection: Collection, project: string): Scope[] {
    const { spaces } = this.#resources.of(collection);
    return (spaces as readonly Scope[]).filter((scope) => scope.startsWith(`projects/${project}/`));
  }

  /** Says what `user` refers to from now on, in place of what it referred to. */
  claim(user: Key, claims: readonly Claim[]): void {
    this.#claims.set(user, claims);
  }

  /** What `user` claims now. */
  claimsOf(user: Key): readonly Claim[] {
    return this.#claims.of(user);
  }

  /** Who refers to a resource or holds a claim, the earliest first. */
  usersOf(claim: Claim): Key[] {
    return this.#claims.usersOf(claim);
  }

  /** A new id: decimal, unique in this cloud. */
  nextId(): string {
    this.#serial += 1n;
    return String(7_000_000_000_000_000_000n + this.#serial * 7_919n);
  }
}
