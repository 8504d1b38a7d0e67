/** Resource URLs in bodies are full ones, whatever address the API is reached at. */
const base = 'https://www.googleapis.com/compute/v1';

export const negUrl = (project: string, zone: string, name: string): string =>
  `${base}/projects/${project}/zones/${zone}/networkEndpointGroups/${name}`;

export const backendServiceUrl = (project: string, region: string, name: string): string =>
  `${base}/projects/${project}/regions/${region}/backendServices/${name}`;

export const networkUrl = (project: string, name: string): string =>
  `${base}/projects/${project}/global/networks/${name}`;

export const subnetworkUrl = (project: string, region: string, name: string): string =>
  `${base}/projects/${project}/regions/${region}/subnetworks/${name}`;

export const delegatedPrefixUrl = (project: string, region: string, name: string): string =>
  `${base}/projects/${project}/regions/${region}/publicDelegatedPrefixes/${name}`;

/** The last word of a URL or of a bare name. */
export const shortName = (url: string | null | undefined): string => (url ?? '').split('/').at(-1) ?? '';

/** Zone and name of a zonal resource's URL. */
export const zonal = (url: string | null | undefined): { zone: string; name: string } => {
  const parts = (url ?? '').split('/');
  return { zone: parts[parts.indexOf('zones') + 1] ?? '', name: parts.at(-1) ?? '' };
};
