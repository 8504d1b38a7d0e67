import type { Store, StoreEvent } from '../store/store.ts';
import { builtinResources } from './builtin.ts';
import { customResourceDefinitions, resourceOf } from './custom-resource.ts';
import { type Resource, resourceKey, servedKey } from './resource.ts';

/**
 * Which resources are served now: the built-in ones, and those whose CustomResourceDefinition is in the store.
 * A definition never replaces a built-in resource.
 */
export class Catalog {
  readonly #builtin = new Map(builtinResources.map((resource) => [servedKey(resource), resource]));
  readonly #custom = new Map<string, Resource>();

  constructor(store: Store) {
    store.subscribe(resourceKey(customResourceDefinitions), (event) => this.#follow(event));
  }

  #follow({ type, object }: StoreEvent): void {
    const resource = resourceOf(object);
    if (type === 'DELETED') this.#custom.delete(servedKey(resource));
    else this.#custom.set(servedKey(resource), resource);
  }

  find(group: string, version: string, plural: string): Resource | undefined {
    const key = servedKey({ group, plural });
    const resource = this.#builtin.get(key) ?? this.#custom.get(key);
    return resource?.versions.includes(version) === true ? resource : undefined;
  }

  /** The resource of an object by its own words, for manifests. */
  ofKind(apiVersion: string, kind: string): { resource: Resource; version: string } | undefined {
    const [group, version] = apiVersion.includes('/') ? apiVersion.split('/', 2) : ['', apiVersion];
    if (group === undefined || version === undefined) return undefined;
    for (const resource of this.all()) {
      if (resource.group === group && resource.kind === kind && resource.versions.includes(version)) {
        return { resource, version };
      }
    }
    return undefined;
  }

  *all(): Generator<Resource> {
    yield* this.#builtin.values();
    for (const [key, resource] of this.#custom) if (!this.#builtin.has(key)) yield resource;
  }
}
