import { setTimeout as pause } from 'node:timers/promises';
import { parseAllDocuments } from 'yaml';

/** Asks the API server as an administrator. */
export type Ask = (
  method: string,
  path: string,
  body?: object,
  contentType?: string,
) => Promise<{ readonly code: number; readonly body: { readonly [key: string]: unknown } }>;

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: unknown;
}

interface DefinitionSpec {
  readonly group: string;
  readonly names: { readonly plural: string };
  readonly versions: readonly { readonly name: string }[];
}

interface ApiResource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** A CRD is served moments after it is there, and its kind is discovered moments later. */
const patienceMs = 15_000;

const soon = async <T>(what: string, look: () => Promise<T | undefined>): Promise<T> => {
  for (const until = Date.now() + patienceMs; Date.now() < until; await pause(20)) {
    const found = await look();
    if (found !== undefined) return found;
  }
  throw new Error(what);
};

const rootOf = (apiVersion: string): string => (apiVersion.includes('/') ? '/apis/' : '/api/') + apiVersion;

/** Creates or merges the objects of a manifest one after the other, over a real API server: its kinds are discovered. */
export const manifestApplier = (ask: Ask): ((yaml: string) => Promise<void>) => {
  const known = new Map<string, ApiResource>();
  const resourceOf = async ({ apiVersion, kind }: Manifest): Promise<ApiResource> => {
    const key = `${apiVersion}/${kind}`;
    const found =
      known.get(key) ??
      (await soon(`no kind ${kind} in ${apiVersion} is served: is its CRD installed?`, async () => {
        const { resources = [] } = (await ask('GET', rootOf(apiVersion))).body as {
          resources?: readonly ApiResource[];
        };
        return resources.find(({ name, kind: of }) => of === kind && !name.includes('/'));
      }));
    known.set(key, found);
    return found;
  };
  /** Established, and its storage begun: for some moments more it answers 429 (`storage is (re)initializing`). */
  const isServed = async (path: string, { group, names, versions }: DefinitionSpec): Promise<void> => {
    await soon(`${path}: is not served`, async () => {
      const { status } = (await ask('GET', path)).body as {
        status?: { conditions?: readonly { type: string; status: string }[] };
      };
      const established = status?.conditions?.some(
        ({ type, status: value }) => type === 'Established' && value === 'True',
      );
      if (established !== true) return undefined;
      const list = await ask('GET', `/apis/${group}/${versions[0]?.name}/${names.plural}?limit=1`);
      return list.code === 200 ? true : undefined;
    });
  };
  const apply = async (object: Manifest): Promise<void> => {
    const { name, namespaced } = await resourceOf(object);
    const { namespace = 'default' } = object.metadata;
    const collection = `${rootOf(object.apiVersion)}${namespaced ? `/namespaces/${namespace}` : ''}/${name}`;
    const path = `${collection}/${object.metadata.name}`;
    const created = await ask('POST', collection, object);
    const reply =
      created.code === 409 ? await ask('PATCH', path, object, 'application/merge-patch+json') : created;
    if (reply.code >= 300) {
      throw new Error(
        typeof reply.body.message === 'string' ? reply.body.message : `${path}: ${reply.code}`,
        {
          cause: reply.body,
        },
      );
    }
    if (object.kind === 'CustomResourceDefinition') await isServed(path, object.spec as DefinitionSpec);
  };
  return async (yaml) => {
    for (const document of parseAllDocuments(yaml)) {
      const [error] = document.errors;
      if (error !== undefined) throw error;
      const object = document.toJS() as Manifest | null;
      if (object !== null) await apply(object);
    }
  };
};
