/** The parts of a path of the Kubernetes API. */
export interface ApiPath {
  readonly group: string;
  readonly version: string;
  readonly namespace: string;
  readonly resource: string;
  readonly name: string;
  readonly subresource: string;
}

const form =
  /^\/(?:api\/(?<core>v1)|apis\/(?<group>[^/]+)\/(?<version>[^/]+))(?:\/namespaces\/(?<namespace>[^/]+))?\/(?<resource>[^/]+)(?:\/(?<name>[^/]+)(?:\/(?<subresource>[^/]+))?)?\/?$/;

/** `/api/v1/namespaces` itself and what belongs to one Namespace, which look like the path of a namespace. */
const ofNamespaces = /^\/api\/v1\/namespaces(?:\/(?<name>[^/]+)(?:\/(?<subresource>status|finalize))?)?\/?$/;

/**
 * Takes a path apart as `pkg/endpoints/request/requestinfo.go` of the API server does.
 * @returns `undefined` for a path that is no resource's
 */
export const parsePath = (path: string): ApiPath | undefined => {
  let decoded: string;
  try {
    decoded = decodeURI(path);
  } catch {
    return undefined;
  }
  const namespace = ofNamespaces.exec(decoded)?.groups;
  if (namespace !== undefined) {
    return {
      group: '',
      version: 'v1',
      namespace: '',
      resource: 'namespaces',
      name: namespace.name ?? '',
      subresource: namespace.subresource ?? '',
    };
  }
  const parts = form.exec(decoded)?.groups;
  if (parts === undefined) return undefined;
  return {
    group: parts.group ?? '',
    version: parts.core ?? parts.version ?? '',
    namespace: parts.namespace ?? '',
    resource: parts.resource ?? '',
    name: parts.name ?? '',
    subresource: parts.subresource ?? '',
  };
};

const verbs: Readonly<Record<string, readonly [collection: string, object: string]>> = {
  GET: ['list', 'get'],
  HEAD: ['list', 'get'],
  POST: ['create', 'create'],
  PUT: ['update', 'update'],
  PATCH: ['patch', 'patch'],
  DELETE: ['deletecollection', 'delete'],
};

/** The verb of a request: `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`. */
export const verbOf = (method: string, { name }: ApiPath, query: URLSearchParams): string => {
  const watch = query.get('watch');
  if (method === 'GET' && (watch === 'true' || watch === '1')) return 'watch';
  return verbs[method]?.[name === '' ? 0 : 1] ?? '';
};
