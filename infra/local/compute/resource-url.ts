import type { Collection, Key } from './types.ts';

const base = 'https://www.googleapis.com/compute/v1/';
/** Google's own hosts, and this cloud's: gcloud builds references from the endpoint that it was given. */
const bases =
  /^https:\/\/(?:www|compute)\.googleapis\.com\/compute\/v1\/|^https?:\/\/(?:127\.0\.0\.1|localhost)(?::\d+)?\/compute\/v1\//;
const nameForm = /^[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?$/;

/** What a name must match (RFC 1035), as the real error text shows it. */
export const namePattern = '(?:[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?)';

/** True for a name that a resource may have. */
export const isName = (name: string): boolean => nameForm.test(name);

/** The full URL, as resources carry it in `selfLink` and in references. */
export const urlOf = (key: Key | string): string => base + key;

/** `projects/P/regions/R`, `projects/P/zones/Z` or `projects/P/global`. */
export type Scope = string & { readonly __scope: unique symbol };

export const globalScope = (project: string): Scope => `projects/${project}/global` as Scope;
export const regionScope = (project: string, region: string): Scope =>
  `projects/${project}/regions/${region}` as Scope;
export const zoneScope = (project: string, zone: string): Scope =>
  `projects/${project}/zones/${zone}` as Scope;

export const keyOf = (scope: Scope, collection: Collection, name: string): Key =>
  `${scope}/${collection}/${name}` as Key;

export const nameOf = (key: string): string => key.slice(key.lastIndexOf('/') + 1);
/** Everything before the collection and the name. */
export const scopeOf = (key: Key): Scope => key.split('/').slice(0, -2).join('/') as Scope;
/** `us-central1-a` of `projects/P/zones/us-central1-a` (or of a key below it). */
export const placeOf = (scope: string): string => scope.split('/')[3] ?? '';
/** The path without its project: `regions/R`, `zones/Z`, `global`: how aggregated lists name scopes. */
export const relative = (scope: string): string => scope.split('/').slice(2).join('/');

/**
 * The key that a reference means: a full URL, `projects/...`, or a partial URL within the project
 * (`regions/...`, `zones/...`, `global/...`).
 * @returns `undefined` if it is malformed or names something of another collection
 */
export const parseReference = (value: string, collection: Collection, project: string): Key | undefined => {
  let path = value.replace(bases, '');
  if (/^(regions|zones|global)\//.test(path)) path = `projects/${project}/${path}`;
  const segments = path.split('/');
  const scope = segments[2] === 'global' ? 3 : 4;
  const ok =
    segments[0] === 'projects' &&
    ['global', 'regions', 'zones'].includes(segments[2] ?? '') &&
    segments.length === scope + 2 &&
    segments[scope] === collection &&
    segments.every((segment) => segment !== '');
  return ok ? (path as Key) : undefined;
};

/** A reference as the API stores it: the full URL. One that cannot be parsed stays as it is. */
export const fullUrl = (collection: Collection, value: string, project: string): string => {
  const key = parseReference(value, collection, project);
  return key === undefined ? value : urlOf(key);
};
