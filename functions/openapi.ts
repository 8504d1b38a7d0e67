import { calls, planSchemasOf } from './openapi/plan.ts';
import {
  described,
  listOf,
  number,
  object,
  oneOf,
  orNull,
  ref,
  type Schema,
  text,
  time,
} from './openapi/schema.ts';

const conditionFields = {
  type: text,
  status: oneOf('True', 'False', 'Unknown'),
  reason: text,
  message: text,
  observedGeneration: number,
  lastTransitionTime: described(text, 'RFC 3339, as the cluster has it; changes only when status does'),
};
const holderFields = { pod: text, uid: text, node: text, zone: text, podIP: text };
const moveCounts = {
  moves: described(number, 'from one Pod to another'),
  allocations: described(number, 'from nobody to a Pod'),
  releases: described(number, 'from a Pod to nobody'),
  foundBySweep: described(number, 'moves and allocations that no event told of: their latency nobody knows'),
  medianMs: described(
    orNull(number),
    'of the other moves and allocations: from the event’s time to the decision',
  ),
  worstMs: orNull(number),
};
const names = { cluster: ref('Cluster'), namespace: text, name: text };
const conditions = listOf(ref('Condition'));
const explainedConditions = described(
  listOf(object({ ...conditionFields, whatToDo: orNull(text) }, ['observedGeneration'])),
  'as they would be written now',
);
const explainedPods = described(
  listOf(object({ pod: text, uid: text, node: orNull(text), chosen: { type: 'boolean' }, why: text })),
  'in the order in which the rules prefer them; those that are out of the question last',
);
const holder = orNull(object({ pod: text, uid: text, node: text }));
const pageOf = (item: string): Schema =>
  object(
    {
      items: listOf(ref(item)),
      nextPageToken: described(text, 'there are more: ask again with it as pageToken'),
      unreadable: described(
        listOf(object({ cluster: ref('Cluster'), why: text })),
        'clusters that could not be read; their items are missing',
      ),
    },
    ['nextPageToken', 'unreadable'],
  );

const planSchemas = planSchemasOf({
  holder,
  conditions: explainedConditions,
  pods: explainedPods,
});

const schemas = {
  Cluster: object({ project: text, location: text, name: text }),
  Condition: object(conditionFields, ['observedGeneration']),
  Pool: object({
    ...names,
    class: text,
    scheme: orNull(oneOf('EXTERNAL', 'INTERNAL')),
    addresses: listOf(
      object({
        address: text,
        type: text,
        route: described(orNull(text), 'NAMESPACE/NAME of the accepted route that claims it'),
        pod: described(orNull(text), 'NAMESPACE/NAME of the Pod that holds it'),
      }),
    ),
    conditions,
  }),
  Pools: pageOf('Pool'),
  Route: object({
    ...names,
    uid: text,
    pools: described(listOf(text), 'NAMESPACE/NAME of the Gateways that it names'),
    addresses: described(listOf(text), 'CIDRs, as the spec has them'),
    pod: described(orNull(text), 'NAMESPACE/NAME of the Pod that holds them'),
    ready: described({ type: 'boolean' }, 'Ready is True for the present spec'),
    conditions,
  }),
  Routes: pageOf('Route'),
  Explanation: object({
    ...names,
    verdict: described(oneOf('act', 'leave'), 'leave: the route is not ours to serve, or not now'),
    why: described(orNull(text), 'why it is left'),
    holder: described(holder, 'whom Google Cloud’s record names'),
    pods: explainedPods,
    conditions: explainedConditions,
    stages: described(
      listOf(listOf({ type: 'object', properties: { do: text }, required: ['do'] })),
      'the changes of Google Cloud that would be made now: stage after stage, those of one stage side by side',
    ),
    calls,
  }),
  ...planSchemas,
  History: object({
    address: text,
    from: time('of the range'),
    to: time('of the range; equal to from: one moment'),
    intervals: described(listOf(ref('Interval')), 'oldest first, whole, without a gap between them'),
  }),
  Interval: object({
    from: described(orNull(text), 'RFC 3339; null: before the first entry'),
    to: described(orNull(text), 'RFC 3339, exclusive; null: no later entry'),
    holder: described(orNull(ref('HeldBy')), 'null: nobody'),
    began: described(
      orNull(
        object({
          insertId: text,
          action: oneOf('allocate', 'move', 'release', 'refuse', 'condition'),
          cause: orNull(object({ insertId: text, method: text, principal: text, at: text })),
          latencyMs: described(orNull(number), 'from the event’s time to the decision'),
        }),
      ),
      'what began it',
    ),
    certain: { type: 'boolean' },
    doubts: described(
      listOf(
        object({ kind: oneOf('before-log', 'missing-entry'), message: text, laterHolder: ref('HeldBy') }, [
          'laterHolder',
        ]),
      ),
      'why it is not certain',
    ),
  }),
  Moves: object({
    from: time('every change from then on is counted'),
    to: time('exclusive'),
    complete: described(
      { type: 'boolean' },
      'false: there were more changes than one answer reads, so from is later than was asked for',
    ),
    ...moveCounts,
    worst: described(
      orNull(
        object({
          at: text,
          latencyMs: number,
          cluster: ref('Cluster'),
          route: object({ namespace: text, name: text, uid: text }),
          pod: text,
        }),
      ),
      'the one that took longest',
    ),
    hours: described(
      listOf(object({ hour: time('when the hour of the clock begins'), ...moveCounts })),
      'oldest first, without a gap',
    ),
  }),
  HeldBy: object({
    ...holderFields,
    cluster: ref('Cluster'),
    route: object({ namespace: text, name: text, uid: text }),
  }),
  Refusal: object({ error: object({ code: number, message: text }) }),
} satisfies Readonly<Record<string, Schema>>;

const query = (name: string, description: string, schema: Schema = text): Schema => ({
  name,
  in: 'query',
  description,
  schema,
});
const segment = (name: string): Schema => ({ name, in: 'path', required: true, schema: text });
const content = (schema: string): Schema => ({ 'application/json': { schema: ref(schema) } });
const refusal = (description: string): Schema => ({ description, content: content('Refusal') });

const get = (summary: string, schema: keyof typeof schemas, parameters: readonly Schema[]): Schema => ({
  get: {
    summary,
    parameters,
    responses: {
      200: { description: 'found; its ETag may be sent as If-None-Match', content: content(schema) },
      304: { description: 'as the reader has it' },
      400: refusal('the question means nothing'),
      401: refusal('no token, or one for somebody else'),
      404: refusal('there is no such thing'),
      503: refusal('what was asked cannot be read now'),
    },
  },
});

const manifest: Schema = {
  type: 'string',
  description: 'documents of Kubernetes, as kubectl apply takes them',
};

const plan: Schema = {
  post: {
    summary: 'What would happen if a manifest were applied now; nothing is written',
    parameters: [
      query('cluster', 'where several are configured'),
      query('namespace', 'of objects that name none; default without it'),
    ],
    requestBody: {
      required: true,
      description: 'at most 256 KiB',
      content: {
        'application/yaml': { schema: manifest },
        'application/json': { schema: { type: 'object' } },
      },
    },
    responses: {
      200: { description: 'planned', content: content('Plan') },
      400: refusal('no manifest, or none of a GKEIPRoute or a Gateway'),
      401: refusal('no token, or one for somebody else'),
      404: refusal('no such cluster'),
      413: refusal('too large'),
      415: refusal('of another type than YAML or JSON'),
      503: refusal('the cluster or Google Cloud cannot be read now'),
    },
  },
};

const cluster = query('cluster', 'only this cluster');
const list = [
  cluster,
  query('namespace', 'only this namespace'),
  query('pageSize', 'items of a page', { type: 'integer', minimum: 1, maximum: 1_000, default: 500 }),
  query('pageToken', 'nextPageToken of the page before'),
];

/** What the inventory answers, for those who write programs: `GET /v1/openapi.json`. */
export const openApi = {
  openapi: '3.1.0',
  info: {
    title: 'Persistent IP inventory',
    version: '1',
    description:
      'Who holds which address, who held it, and why a route is as it is. It reads and never writes.',
  },
  security: [{ identityToken: [] }],
  paths: {
    '/v1/pools': get('Pools with their addresses and who has each', 'Pools', list),
    '/v1/routes': get('Routes, who holds what, and whether each is ready', 'Routes', list),
    '/v1/routes/{namespace}/{name}/explain': get('Why a route is as it is', 'Explanation', [
      segment('namespace'),
      segment('name'),
      cluster,
    ]),
    '/v1/plan': plan,
    '/v1/addresses/{ip}/history': get('Who held an address', 'History', [
      segment('ip'),
      query('at', 'at this time, RFC 3339 with its offset'),
      query('from', 'from this time; a day before the end without it'),
      query('to', 'to this time, exclusive; now without it'),
    ]),
    '/v1/moves': get('How often holders changed, and how long that took, by hour', 'Moves', [
      query('since', 'from so long ago, as 90m, 24h or 7d; 24h without it'),
      query('from', 'from this time, RFC 3339 with its offset'),
      query('to', 'to this time, exclusive; now without it'),
      cluster,
      query('namespace', 'only this namespace'),
    ]),
  },
  components: {
    schemas,
    securitySchemes: {
      identityToken: {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'an OpenID Connect token of Google’s whose audience is this service',
      },
    },
  },
} as const;
