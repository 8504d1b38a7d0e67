import { StatusError } from '../objects/status.ts';

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

const writable = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];
const readable = new Set([...writable, 'application/*', '*/*', '']);

/** @throws StatusError 406 for a client that understands nothing that an API server can write */
export const refuseUnwritable = (header: string | undefined): void => {
  const types = (header ?? '').split(',').map((clause) => (clause.split(';')[0] ?? '').trim().toLowerCase());
  if (types.some((type) => readable.has(type))) return;
  throw new StatusError(
    406,
    'NotAcceptable',
    `406: Not Acceptable\n\nAvailable representations: ${writable.join(', ')}`,
    {},
  );
};

/** @param served what this path can answer with, beside the object itself */
export const accepted = (header: string | undefined, served: readonly Form[]): Form => {
  for (const clause of (header ?? '').split(',')) {
    const form = formOf(clause);
    if (form !== undefined && (form === 'object' || served.includes(form))) return form;
  }
  return 'object';
};
