import type { Key } from '../types.ts';

/** An endpoint of a GCE_VM_IP group: an instance of its zone and that instance's IP in its subnetwork. */
export type Endpoint = { readonly instance: string; readonly ipAddress: string };

/** Which instances are attached to which network endpoint group. */
export class Endpoints {
  readonly #groups = new Map<Key, Map<string, Endpoint>>();

  of(group: Key): Endpoint[] {
    return [...(this.#groups.get(group)?.values() ?? [])].sort((a, b) => (a.instance < b.instance ? -1 : 1));
  }

  has(group: Key, instance: string): boolean {
    return this.#groups.get(group)?.has(instance) ?? false;
  }

  count(group: Key): number {
    return this.#groups.get(group)?.size ?? 0;
  }

  attach(group: Key, endpoints: readonly Endpoint[]): void {
    const attached = this.#groups.get(group) ?? new Map<string, Endpoint>();
    for (const endpoint of endpoints) attached.set(endpoint.instance, endpoint);
    this.#groups.set(group, attached);
  }

  detach(group: Key, instances: readonly string[]): void {
    for (const instance of instances) this.#groups.get(group)?.delete(instance);
  }

  dropGroup(group: Key): void {
    this.#groups.delete(group);
  }

  /** An instance is gone: its endpoints in the groups of its zone go with it. */
  dropInstance(zone: string, instance: string): void {
    for (const [group, attached] of this.#groups) {
      if (group.startsWith(`${zone}/`)) attached.delete(instance);
    }
  }
}
