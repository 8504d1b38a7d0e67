import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

interface Field {
  readonly type: string;
  readonly rule?: 'repeated';
  readonly keyType?: string;
}
interface Message {
  readonly fields: Readonly<Record<string, Field>>;
  readonly nested?: Readonly<Record<string, { readonly values?: Readonly<Record<string, number>> }>>;
}
type HttpRule = Partial<Record<'get' | 'post' | 'put' | 'patch' | 'delete' | 'body', string>>;
interface RawMethod {
  readonly requestType: string;
  readonly parsedOptions: readonly { readonly '(google.api.http)'?: HttpRule }[];
}
type Entry = Message & { readonly methods?: Readonly<Record<string, RawMethod>> };

/** One method of the API, as its descriptor says. */
export interface Method {
  /** `RegionBackendServices` */
  readonly service: string;
  /** `Patch` */
  readonly name: string;
  /** `compute.regionBackendServices.patch`: how errors and audit entries name it */
  readonly id: string;
  readonly verb: string;
  /** Segments of the path below `/compute/v1/`; `{name}` for a parameter. */
  readonly path: readonly string[];
  /** The message of the body, if it has one. */
  readonly body?: string;
  /** Fields of the request that are neither in the path nor the body: its query parameters. */
  readonly query: Readonly<Record<string, Field>>;
}

const camel = (snake: string): string => snake.replace(/_([a-z0-9])/g, (_, c: string) => c.toUpperCase());
const lowerFirst = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);
const prefix = '/compute/v1/';

const methodOf = (service: string, name: string, raw: RawMethod, request: Message): Method | undefined => {
  const rule = raw.parsedOptions.find((option) => option['(google.api.http)'])?.['(google.api.http)'];
  if (rule === undefined) return undefined;
  const { body, ...verbs } = rule;
  const [verb, template] = Object.entries(verbs)[0] ?? [];
  if (verb === undefined || template === undefined) return undefined;
  const path = template.slice(prefix.length).split('/');
  const bound = new Set(path.filter((s) => s.startsWith('{')).map((s) => camel(s.slice(1, -1))));
  const bodyField = body === undefined ? undefined : camel(body);
  const query: Record<string, Field> = {};
  for (const [field, type] of Object.entries(request.fields)) {
    if (!bound.has(field) && field !== bodyField) query[field] = type;
  }
  const bodyType = bodyField === undefined ? undefined : request.fields[bodyField]?.type;
  return {
    service,
    name,
    id: `compute.${lowerFirst(service)}.${lowerFirst(name)}`,
    verb: verb.toUpperCase(),
    path,
    query,
    ...(bodyType === undefined ? {} : { body: bodyType }),
  };
};

const shape = (verb: string, path: readonly string[]): string => `${verb} ${path.length}`;
const isParameter = (segment: string): boolean => segment.startsWith('{');
const fits = (template: readonly string[], path: readonly string[]): boolean =>
  template.every((segment, i) => isParameter(segment) || segment === path[i]);
const literals = (template: readonly string[]): number => template.filter((s) => !isParameter(s)).length;

/**
 * The Compute API's own descriptors, from the file that `@google-cloud/compute` ships: its field names are
 * the JSON names (`IPAddress`), its enums are strings whose values are nested enums named after the field.
 */
export class Descriptors {
  readonly #types: Readonly<Record<string, Entry>>;
  readonly #methods = new Map<string, Method[]>();
  readonly #byName = new Map<string, Method>();

  constructor(types: Readonly<Record<string, Entry>>) {
    this.#types = types;
    for (const [service, { methods = {} }] of Object.entries(types)) {
      for (const [name, raw] of Object.entries(methods)) {
        const method = methodOf(service, name, raw, types[raw.requestType] ?? { fields: {} });
        if (method === undefined) continue;
        this.#byName.set(`${service} ${name}`, method);
        const key = shape(method.verb, method.path);
        const same = this.#methods.get(key);
        if (same === undefined) this.#methods.set(key, [method]);
        else same.push(method);
      }
    }
  }

  /** The message of that name, or `undefined`. */
  message(name: string): Message | undefined {
    const entry = this.#types[name];
    return entry?.fields === undefined ? undefined : entry;
  }

  /**
   * The method of a request; a literal segment is preferred to a parameter (`backendServices/listUsable`).
   * @param path segments below `/compute/v1/`
   */
  match(verb: string, path: readonly string[]): Method | undefined {
    const all = (this.#methods.get(shape(verb, path)) ?? []).filter((m) => fits(m.path, path));
    return all.sort((a, b) => literals(b.path) - literals(a.path))[0];
  }

  /** The method of a service: `Insert` of `Addresses`. */
  named(service: string, name: string): Method | undefined {
    return this.#byName.get(`${service} ${name}`);
  }

  /** The values a string field may have, when it stands for an enum; else `undefined`. */
  enumOf(message: string, field: string): readonly string[] | undefined {
    const nested = this.#types[message]?.nested;
    const pascal = field.charAt(0).toUpperCase() + field.slice(1);
    const values = (nested?.[pascal] ?? nested?.[`${pascal}Enum`])?.values;
    return values && Object.keys(values).filter((value) => !value.startsWith('UNDEFINED_'));
  }
}

let loaded: Descriptors | undefined;

/** Reads the descriptors once a process: 12 MB, about a tenth of a second. */
export const loadDescriptors = (): Descriptors => {
  if (loaded === undefined) {
    const file = createRequire(import.meta.url).resolve('@google-cloud/compute/build/protos/protos.json');
    const root = JSON.parse(readFileSync(file, 'utf8'));
    loaded = new Descriptors(root.nested.google.nested.cloud.nested.compute.nested.v1.nested);
  }
  return loaded;
};
