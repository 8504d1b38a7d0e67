import { randomBytes } from 'node:crypto';

/** Who speaks: a Kubernetes user name or a Google principal (an e-mail address), with its groups. */
export interface Principal {
  readonly name: string;
  readonly groups: readonly string[];
}

/** The bearer tokens of one local cloud: one for each principal, known to all of its APIs. */
export class Identities {
  readonly #byToken = new Map<string, Principal>();
  readonly #byName = new Map<string, string>();

  /** The token of `name`, made at its first use. */
  tokenOf(name: string, groups: readonly string[] = []): string {
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    const token = `local-${randomBytes(18).toString('base64url')}`;
    this.#byName.set(name, token);
    this.#byToken.set(token, { name, groups: [...groups, 'system:authenticated'] });
    return token;
  }

  /** The principal of an `Authorization` header, or `undefined` when it names none that is known. */
  principalOf(authorization: string | undefined): Principal | undefined {
    const token = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1];
    return token === undefined ? undefined : this.#byToken.get(token);
  }
}
