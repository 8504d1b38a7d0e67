import fc from 'fast-check';
import { cloudEvent } from '../../../infra/local/audit/cloud-event.ts';
import type { Door, Knock } from '../deployed.ts';
import { mutated, mutations, oddTexts } from '../hostile.ts';
import type { Json, JsonObject, Samples } from '../samples.ts';
import { inHeader, oddWord } from './words.ts';

const stranger = 'somebody@example.com';
const later = '2099-01-01T00:00:00Z';

/** Another's write, for our own are dropped before anything is read. */
const byStranger = (entry: JsonObject): JsonObject => ({
  ...entry,
  protoPayload: {
    ...(entry.protoPayload as JsonObject),
    authenticationInfo: { principalEmail: stranger },
  },
});

const ofLocalCluster = (entry: JsonObject): JsonObject => {
  const resource = entry.resource as JsonObject;
  if (resource.type !== 'k8s_cluster') return entry;
  const labels = { project_id: 'local-project', location: 'us-central1', cluster_name: 'local' };
  return { ...entry, resource: { ...resource, labels } };
};

const envelopeOf = (data: string | Buffer, more: JsonObject = {}): JsonObject => ({
  message: { data: Buffer.from(data).toString('base64'), messageId: '1', publishTime: later, ...more },
  subscription: 'projects/local-project/subscriptions/s',
});

const jsonHeaders = { 'content-type': 'application/json' };

export const knock = (
  door: Door,
  body: Buffer,
  headers: Readonly<Record<string, string>> = jsonHeaders,
): Knock => ({
  door,
  method: 'POST',
  path: '/',
  headers,
  body,
});

export const asBody = (value: Json): Buffer => Buffer.from(JSON.stringify(value));

/** Bytes, texts and JSON that nobody has made of a sample. */
export const anything: fc.Arbitrary<Buffer> = fc.oneof(
  fc.uint8Array({ maxLength: 2_000 }).map((bytes) => Buffer.from(bytes)),
  fc.string({ unit: 'binary', maxLength: 500 }).map((text) => Buffer.from(text)),
  fc.json().map((text) => Buffer.from(text)),
  fc.constantFrom(...oddTexts).map((text) => asBody(text)),
  fc.integer({ min: 1, max: 40_000 }).map((levels) => Buffer.from('['.repeat(levels) + ']'.repeat(levels))),
  fc.integer({ min: 1, max: 40_000 }).map((levels) => Buffer.from(`{"message":${'{"a":'.repeat(levels)}`)),
);

/** A message of Pub/Sub around `data`, itself mutated. */
const enveloped = (door: Door, data: fc.Arbitrary<Buffer>): fc.Arbitrary<Knock> =>
  fc
    .tuple(data, fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: mutations(2) }))
    .map(([bytes, around]) => knock(door, asBody(mutated(envelopeOf(bytes), around))));

const contentTypes = [
  'application/json',
  'text/plain',
  'application/cloudevents+json',
  'application/octet-stream',
];
contentTypes.push('application/x-www-form-urlencoded', 'application/json; charset=utf-16', 'nonsense');

/** The body itself is anything, under any name. */
const raw = (door: Door): fc.Arbitrary<Knock> =>
  fc
    .tuple(anything, fc.constantFrom(...contentTypes), fc.constantFrom('POST', 'POST', 'PUT', 'GET'))
    .map(([bytes, type, method]) => ({ ...knock(door, bytes, { 'content-type': type }), method }));

const entryOf = (entries: readonly JsonObject[]): fc.Arbitrary<JsonObject> =>
  fc
    .tuple(fc.constantFrom(...entries), mutations(3))
    .map(([entry, all]) => mutated(byStranger(ofLocalCluster(entry)), all, entries));

/** A request that our own functions might have published, for an object of the samples. */
const requestOf = (samples: Samples): fc.Arbitrary<JsonObject> => {
  const kinds = { GKEIPRoute: 'route', Gateway: 'gateway', GatewayClass: 'class' } as const;
  const requests = Object.entries(samples.kubernetes).flatMap(([path, { items }]) => {
    const kind = Object.entries(kinds).find(([name]) => path.endsWith(`/${name.toLowerCase()}s`))?.[1];
    const plural = kind ?? (path.endsWith('/gatewayclasses') ? 'class' : undefined);
    if (plural === undefined) return [];
    return (items as readonly JsonObject[]).map(({ metadata }) => {
      const { name, namespace = '', uid } = metadata as Record<string, string>;
      return {
        cluster: { project: 'local-project', location: 'us-central1', name: 'local' },
        kind: plural,
        namespace,
        name,
        uid,
        cause: { insertId: 'i', method: 'sweep', principal: stranger, at: '2026-11-25T11:59:59Z' },
      } as JsonObject;
    });
  });
  const hardly = fc.oneof({ weight: 5, arbitrary: fc.constant([]) }, { weight: 2, arbitrary: mutations(2) });
  return fc
    .tuple(fc.constantFrom(...requests), hardly)
    .map(([request, all]) => mutated(request, all, requests));
};

/** Attributes of a CloudEvent in headers. */
const overHttp = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, inHeader(value)]));

const computeEvent = (entries: readonly JsonObject[]): fc.Arbitrary<Knock> =>
  fc.tuple(entryOf(entries), fc.constantFrom('binary', 'structured', 'push')).map(([entry, form]) => {
    if (form === 'push') return knock('on-compute-event', asBody(envelopeOf(JSON.stringify(entry))));
    const type = 'google.cloud.audit.log.v1.written';
    if (form === 'structured')
      return knock('on-compute-event', asBody({ specversion: '1.0', id: '1', type, data: entry }), {
        'content-type': 'application/cloudevents+json',
      });
    const [original = {}] = entries;
    const { headers } = cloudEvent(
      { messageId: '1', publishTime: later, data: Buffer.from(JSON.stringify(original)).toString('base64') },
      { subscription: 's' },
    );
    return knock('on-compute-event', asBody(entry), overHttp(headers));
  });

const ofCluster = ({ resource }: JsonObject): boolean => (resource as JsonObject).type === 'k8s_cluster';

/** What is pushed to the functions, by weight: most where most is read. */
export const pushes = (samples: Samples): readonly fc.WeightedArbitrary<Knock>[] => {
  const cluster = samples.entries.filter(ofCluster);
  const compute = samples.entries.filter((entry) => !ofCluster(entry));
  const text = (entry: fc.Arbitrary<JsonObject>): fc.Arbitrary<Buffer> => entry.map(asBody);
  const attributes = fc.dictionary(oddWord, oddWord, { maxKeys: 4 });
  const sweeps = attributes.map((some) =>
    knock('sweep', asBody(envelopeOf('', { attributes: { scope: 'all', ...some } }))),
  );
  const pushed: readonly Door[] = ['on-cluster-event', 'on-compute-event', 'reconcile', 'sweep'];
  return [
    { weight: 25, arbitrary: enveloped('on-cluster-event', text(entryOf(cluster))) },
    { weight: 12, arbitrary: computeEvent(compute) },
    { weight: 30, arbitrary: enveloped('reconcile', text(requestOf(samples))) },
    { weight: 4, arbitrary: sweeps },
    ...pushed.flatMap((door) => [
      { weight: 2, arbitrary: raw(door) },
      { weight: 2, arbitrary: enveloped(door, anything) },
    ]),
  ];
};
