import { keyOf, regionScope, type Scope, urlOf, zoneScope } from '../resource-url.ts';
import { timestamp } from '../timestamp.ts';
import type { JsonObject, Key, Place, Resource } from '../types.ts';
import type { World } from '../world/world.ts';
import type { Kind } from './kind.ts';

/** What every resource that the world brings along has. */
export const worldly = (world: World, kind: string, key: Key, name: string): Resource => ({
  kind: `compute#${kind}`,
  id: world.store.nextId(),
  creationTimestamp: timestamp(world.clock.now()),
  name,
  selfLink: urlOf(key),
});

export const networks: Kind<'networks'> = {
  collection: 'networks',
  service: 'Networks',
  message: 'Network',
  title: 'network',
  scopes: ['global'],
  readOnly: true,
  show: (resource, key, world) => {
    const mine = world.store
      .scopes('subnetworks', key.split('/')[1] ?? '')
      .flatMap((scope) => [...world.store.list('subnetworks', scope)])
      .filter(({ network }) => network === resource.selfLink);
    return mine.length === 0 ? {} : { subnetworks: mine.map(({ selfLink }) => selfLink) };
  },
};

export const subnetworks: Kind<'subnetworks'> = {
  collection: 'subnetworks',
  service: 'Subnetworks',
  message: 'Subnetwork',
  title: 'subnetwork',
  scopes: ['regions'],
  readOnly: true,
};

/** Ranges that were brought along (BYOIP): the world has them, and addresses come from them. */
export const publicDelegatedPrefixes: Kind<'publicDelegatedPrefixes'> = {
  collection: 'publicDelegatedPrefixes',
  service: 'PublicDelegatedPrefixes',
  message: 'PublicDelegatedPrefix',
  title: 'public_delegated_prefix',
  scopes: ['regions'],
  readOnly: true,
};

export const regions: Kind<'regions'> = {
  collection: 'regions',
  service: 'Regions',
  message: 'Region',
  title: 'region',
  scopes: [],
  readOnly: true,
};

export const zones: Kind<'zones'> = {
  collection: 'zones',
  service: 'Zones',
  message: 'Zone',
  title: 'zone',
  scopes: [],
  readOnly: true,
};

/** `projects/P` as the scope of what lies directly below a project: regions and zones. */
export const projectScope = (project: string): Scope => `projects/${project}` as Scope;

/** Puts the region and its zones on the map of a project. */
export const addPlaces = (
  world: World,
  project: string,
  region: string,
  zoneNames: readonly string[],
): void => {
  const scope = projectScope(project);
  const place = (collection: 'regions' | 'zones', name: string, more: JsonObject) => {
    const key = keyOf(scope, collection, name);
    const made = worldly(world, collection === 'regions' ? 'region' : 'zone', key, name);
    world.store.put(collection, key, { ...made, status: 'UP', ...more } as Place);
  };
  place('regions', region, { zones: zoneNames.map((zone) => urlOf(zoneScope(project, zone))) });
  for (const zone of zoneNames) place('zones', zone, { region: urlOf(regionScope(project, region)) });
};

/** `projects.get`. */
export const projectBody = (project: string): JsonObject => ({
  kind: 'compute#project',
  name: project,
  selfLink: urlOf(`projects/${project}`),
  defaultNetworkTier: 'PREMIUM',
  xpnProjectStatus: 'UNSPECIFIED_XPN_PROJECT_STATUS',
});
