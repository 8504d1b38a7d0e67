import { described, listOf, number, object, oneOf, orNull, ref, type Schema, text } from './schema.ts';

const outcome = described(
  oneOf('served', 'waits', 'refused', 'left'),
  'waits: it is valid, and gets what it asks for without anybody touching it; left: it is not ours to serve',
);
const name = { namespace: text, name: text };
const document = {
  document: described(number, 'its place in the manifest, from 1 on'),
  apiVersion: text,
  kind: text,
  ...name,
};
/** Changes of Google Cloud as people read them. */
export const calls = described(
  listOf(listOf(object({ call: text, on: text, what: text }))),
  'of Compute Engine, stage after stage, those of one stage side by side',
);
const pool = listOf(
  object({
    address: text,
    change: oneOf('added', 'removed', 'kept'),
    route: described(orNull(text), 'NAMESPACE/NAME of the accepted route that claims it now'),
    wouldBe: described(orNull(text), 'and that would'),
  }),
);
const listeners = listOf(object({ name: text, attachedRoutes: number, wouldBe: number }));
const told = object({ outcome, because: text });

/** What `POST /v1/plan` answers, of parts that an explanation has, too. */
export const planSchemasOf = ({
  holder,
  conditions,
  pods,
}: {
  readonly holder: Schema;
  readonly conditions: Schema;
  readonly pods: Schema;
}) => {
  const planned = {
    ...name,
    change: described(oneOf('create', 'change', 'none'), 'what applying it would do to the object'),
    uid: described(
      orNull(text),
      'null: only the API server makes it; a name below that ends in <uid> gets its last part from it',
    ),
    outcome,
    because: text,
    conditions,
    calls,
    next: described(text, 'what follows once the calls are done'),
  };
  return {
    Plan: object({
      cluster: ref('Cluster'),
      served: described({ type: 'boolean' }, 'all of the manifest would be served'),
      harmless: described(
        { type: 'boolean' },
        'every other route that may be concerned was looked at, and those that are served stay so',
      ),
      routes: listOf(ref('PlannedRoute')),
      gateways: listOf(ref('PlannedGateway')),
      others: object({
        routes: described(
          listOf(object({ ...name, now: told, wouldBe: told, calls, next: text })),
          'that are not in the manifest and would read differently, or get something',
        ),
        gateways: listOf(object({ ...name, pool, listeners })),
        notLookedAt: described(listOf(text), 'routes that may be concerned, and were too many to look at'),
      }),
      rejected: described(
        listOf(object({ ...document, problems: listOf(object({ field: text, problem: text })) })),
        'what the API server would not take; the rest is planned without it',
      ),
      notLookedAt: described(listOf(object(document)), 'objects of other kinds'),
      notChecked: described(listOf(text), 'what a plan cannot know'),
    }),
    PlannedRoute: object({
      ...planned,
      addresses: listOf(text),
      holder: described(holder, 'whom Google Cloud’s record names now'),
      wouldHold: described(holder, 'who would hold the addresses'),
      conflict: described(
        orNull(object({ address: text, with: text })),
        'another claim that stands before its own',
      ),
      givesUp: described(listOf(text), 'addresses that it holds and would let go of'),
      pods,
    }),
    PlannedGateway: object({ ...planned, pool, listeners }),
  };
};
