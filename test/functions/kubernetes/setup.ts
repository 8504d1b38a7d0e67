import { createCluster } from '../../../functions/kubernetes/cluster.ts';
import { Failure } from '../../../functions/persistent-ip/failure.ts';
import { type Answer, type Seen, serve } from '../wire.ts';

export const endpoint = 'https://gke-abc.us-east1.gke.goog';
const json = { 'content-type': 'application/json' };

/** An answer of the API server. */
export const answer = (status: number, body: unknown): Answer => [status, body, json];

/** The `Status` of a refusal. */
export const refusal = (code: number, reason: string, more: object = {}): Answer =>
  answer(code, {
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    reason,
    code,
    message: `${reason}: what it says`,
    ...more,
  });

export const notFound = (name: string) => refusal(404, 'NotFound', { details: { name, kind: 'things' } });

/** A cluster whose tokens are numbered. */
export const cluster = (
  answers: readonly Answer[] | ((call: Seen) => Answer),
  options: { readonly user?: string } = {},
) => {
  let tokens = 0;
  const port = createCluster({
    ...options,
    endpoint,
    token: () => {
      tokens += 1;
      return Promise.resolve(`token-${tokens}`);
    },
  });
  return { port, wire: serve(endpoint, answers) };
};

/** The failure that a call rejects with; a call that resolves is a failure of the test. */
export const failureOf = async (call: Promise<unknown>): Promise<Failure> => {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof Failure) return error;
  throw new Error(`expected a Failure, got ${String(error)}`, { cause: error });
};

/** Metadata as an API server sends it, and as the rules see it. */
export const rawMetadata = {
  name: 'nat',
  namespace: 'edge',
  uid: 'uid-1',
  resourceVersion: '42',
  generation: 3,
  creationTimestamp: '2026-01-01T00:00:00Z',
  finalizers: ['persistent-ip.dev/release'],
  labels: { app: 'nat' },
  annotations: { a: 'b' },
  managedFields: [{ manager: 'kubectl' }],
};

export const metadata = {
  name: 'nat',
  namespace: 'edge',
  uid: 'uid-1',
  resourceVersion: '42',
  generation: 3,
  creationTimestamp: '2026-01-01T00:00:00Z',
  finalizers: ['persistent-ip.dev/release'],
  labels: { app: 'nat' },
  annotations: { a: 'b' },
};

export const rawRoute = {
  apiVersion: 'networking.gke.io/v1',
  kind: 'GKEIPRoute',
  metadata: rawMetadata,
  spec: {
    parentRefs: [{ name: 'pool', namespace: 'infra', sectionName: 'default' }, { name: 'own' }],
    addresses: [{ type: 'gke.networking.io/cidr', value: '1.2.3.4/32' }, { value: '1.2.3.5/32' }],
    podSelector: { matchLabels: { app: 'nat' } },
  },
};
