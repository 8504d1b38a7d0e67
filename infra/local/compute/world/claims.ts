import type { Key } from '../types.ts';

/** Something that at most one resource holds besides the resources themselves: an IP of a network. */
export type Claim = Key | (string & { readonly __claim: unique symbol });

/** Who refers to what: at most one set of claims for each user, and for each claim its users. */
export class Claims {
  readonly #users = new Map<Claim, Set<Key>>();
  readonly #claims = new Map<Key, readonly Claim[]>();

  /** Says what `user` refers to from now on, in place of what it referred to. */
  set(user: Key, claims: readonly Claim[]): void {
    for (const claim of this.#claims.get(user) ?? []) this.#users.get(claim)?.delete(user);
    if (claims.length === 0) this.#claims.delete(user);
    else this.#claims.set(user, claims);
    for (const claim of claims) this.#users.set(claim, (this.#users.get(claim) ?? new Set()).add(user));
  }

  /** What `user` claims now. */
  of(user: Key): readonly Claim[] {
    return this.#claims.get(user) ?? [];
  }

  /** Who refers to a resource or holds a claim, the earliest first. */
  usersOf(claim: Claim): Key[] {
    return [...(this.#users.get(claim) ?? [])];
  }
}

/** Where an IP address means something: a network (its key), or the internet. */
export type IpSpace = Key | 'internet';

/** The use of an IP address: by an instance's interface or by a forwarding rule. */
export const ipClaim = (space: IpSpace, ip: string): Claim => `ip:${space}/${ip}` as Claim;

/** The reservation of an IP address: by an address resource. */
export const reservation = (space: IpSpace, ip: string): Claim => `reserved:${space}/${ip}` as Claim;
