/**
 * The form that a client wants an answer in: the first of its `Accept` header that is served (apiserver
 * `pkg/endpoints/handlers/negotiation`). Who accepts none of them gets the object itself.
 */
export type Form = 'object' | 'table' | 'metadata' | 'discovery';

/** The content type of aggregated discovery: by it alone a client takes an answer for one. */
export const discoveryType = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

const forms: Readonly<Record<string, Form>> = {
  'meta.k8s.io/v1/Table': 'table',
  'meta.k8s.io/v1/PartialObjectMetadata': 'metadata',
  'meta.k8s.io/v1/PartialObjectMetadataList': 'metadata',
  'apidiscovery.k8s.io/v2/APIGroupDiscoveryList': 'discovery',
};

const formOf = (clause: string): Form | undefined => {
  const [type = '', ...pairs] = clause.split(';').map((part) => part.trim());
  if (!['application/json', 'application/*', '*/*'].includes(type.toLowerCase())) return undefined;
  const given = new Map(pairs.map((pair) => pair.split('=', 2) as [string, string]));
  const as = given.get('as');
  return as === undefined ? 'object' : forms[`${given.get('g')}/${given.get('v')}/${as}`];
};

/** @param served what this path can answer with, beside the object itself */
export const accepted = (header: string | undefined, served: readonly Form[]): Form => {
  for (const clause of (header ?? '').split(',')) {
    const form = formOf(clause);
    if (form !== undefined && (form === 'object' || served.includes(form))) return form;
  }
  return 'object';
};
