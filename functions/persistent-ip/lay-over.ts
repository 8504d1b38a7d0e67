import type { Gateway, Metadata, Namespace, Route } from './objects.ts';

/** What applying a manifest would do to the object of its name. */
export type Change = 'create' | 'change' | 'none';

/** An object as it would be, and how it came to it. */
export interface Laid<T> {
  readonly object: T;
  readonly change: Change;
}

/** Where `kubectl apply` keeps what it applied last: what is in it and no longer in the manifest is taken away. */
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * A uid that no object has: only the API server makes one. Each new object has its own, because the rules tell objects
 * apart by it, and it says in words what stands in its place.
 */
export const plannedUid = (kind: string, { namespace, name }: Pick<Metadata, 'namespace' | 'name'>): string =>
  `<uid of ${kind} ${namespace === '' ? '' : `${namespace}/`}${name}>`;

/**
 * A route as it would be once the manifest is applied. A new one is as old as the plan; one that exists keeps what is
 * not the manifest's to say (uid, age, finalizers, deletion, status), and its generation goes up if its spec changes.
 * The spec is the manifest's, whole: what somebody else set beside it is taken as gone.
 */
export const layRoute = (live: Route | undefined, asked: Route, now: Date): Laid<Route> => {
  const laid = laidMetadata('GKEIPRoute', live, asked, now);
  if (live === undefined)
    return {
      object: { ...asked, ...laid, status: { pods: [], conditions: [] }, statusWriters: [] },
      change: 'create',
    };
  const { status, statusWriters } = live;
  return grown(live, { ...asked, ...laid, status, statusWriters }, ({ metadata: _, ...rest }) => rest);
};

/** The same of a Gateway. */
export const layGateway = (live: Gateway | undefined, asked: Gateway, now: Date): Laid<Gateway> => {
  const laid = laidMetadata('Gateway', live, asked, now);
  if (live === undefined)
    return {
      object: { ...asked, ...laid, status: { addresses: [], conditions: [], listeners: [] } },
      change: 'create',
    };
  return grown(live, { ...asked, ...laid, status: live.status }, ({ metadata: _, ...rest }) => rest);
};

/** The same of a Namespace, of which only the labels matter. */
export const layNamespace = (live: Namespace | undefined, asked: Namespace, now: Date): Laid<Namespace> => {
  const object = laidMetadata('Namespace', live, asked, now);
  if (live === undefined) return { object, change: 'create' };
  const same = canonical(live.metadata.labels) === canonical(object.metadata.labels);
  return { object, change: same ? 'none' : 'change' };
};

const laidMetadata = (
  kind: string,
  live: { readonly metadata: Metadata } | undefined,
  { metadata: asked }: { readonly metadata: Metadata },
  now: Date,
): { readonly metadata: Metadata } => {
  if (live === undefined)
    return {
      metadata: {
        name: asked.name,
        namespace: asked.namespace,
        uid: plannedUid(kind, asked),
        resourceVersion: '',
        generation: 1,
        creationTimestamp: `${now.toISOString().slice(0, 19)}Z`,
        finalizers: asked.finalizers,
        labels: asked.labels,
        annotations: asked.annotations,
      },
    };
  const { metadata } = live;
  const before = appliedBefore(metadata);
  const annotations = merged(metadata.annotations, before.annotations, asked.annotations);
  return {
    metadata: { ...metadata, labels: merged(metadata.labels, before.labels, asked.labels), annotations },
  };
};

type Texts = Readonly<Record<string, string>>;

/** What the manifest sets, over what it does not speak of; what it used to set goes. */
const merged = (live: Texts, before: readonly string[], asked: Texts): Texts => ({
  ...Object.fromEntries(Object.entries(live).filter(([key]) => !before.includes(key) || key in asked)),
  ...asked,
});

const appliedBefore = ({
  annotations,
}: Metadata): { readonly labels: readonly string[]; readonly annotations: readonly string[] } => {
  try {
    const { metadata } = JSON.parse(annotations[lastApplied] ?? '{}') as { metadata?: Partial<Metadata> };
    return {
      labels: Object.keys(metadata?.labels ?? {}),
      annotations: Object.keys(metadata?.annotations ?? {}),
    };
  } catch {
    // Anybody may write annotations: one that is no JSON says nothing.
    return { labels: [], annotations: [] };
  }
};

/** With the next generation if the spec differs. */
const grown = <T extends { readonly metadata: Metadata }>(
  live: T,
  laid: T,
  specOf: (object: T) => object,
): Laid<T> => {
  const { metadata } = laid;
  if (canonical(specOf(live)) !== canonical(specOf(laid)))
    return {
      object: { ...laid, metadata: { ...metadata, generation: metadata.generation + 1 } },
      change: 'change',
    };
  const same =
    canonical([live.metadata.labels, live.metadata.annotations]) ===
    canonical([metadata.labels, metadata.annotations]);
  return { object: laid, change: same ? 'none' : 'change' };
};

/** Equal texts for equal values, whatever the order in which their fields were written. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
