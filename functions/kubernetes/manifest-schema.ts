import * as v from 'valibot';
import { isDnsLabel, isDnsSubdomain } from '../../events/names.ts';
import { parseIp } from '../persistent-ip/cidr.ts';

/**
 * What the API server takes of a GKEIPRoute and a Gateway, as far as plain schemas say it: infra/kubernetes/crds, and
 * Gateway API v1.4. A test holds them to what the local cloud's API server says of the same manifests.
 * Lengths are checked before patterns, and one fault of a value is enough (`abortPipeEarly`): a text of a megabyte is
 * never matched.
 */
const dnsName = '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*';

/** To valibot a list is an object, too. */
const noList = v.check((value: unknown) => !Array.isArray(value), 'must be an object, and is a list');
const strict = <const E extends v.ObjectEntries>(entries: E) =>
  v.pipe(v.unknown(), noList, v.strictObject(entries));

const text = (most: number, least = 0) => v.pipe(v.string(), v.minLength(least), v.maxLength(most));
const matching = (most: number, pattern: RegExp, example: string) =>
  v.pipe(
    text(most),
    v.regex(pattern, ({ received }) => `${received} is not of the form of ${example}`),
  );

const subdomain = v.pipe(
  v.string(),
  v.check(isDnsSubdomain, 'is no name: use a-z, 0-9, "-" and ".", at most 253'),
);
const label = v.pipe(v.string(), v.check(isDnsLabel, 'is no name: use a-z, 0-9 and "-", at most 63'));
const group = v.pipe(
  text(253),
  v.check((value) => value === '' || isDnsSubdomain(value), 'is no group: write it like networking.gke.io'),
);
const kind = matching(63, /^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$/, 'Gateway');
const port = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535));
const texts = v.pipe(v.unknown(), noList, v.record(v.string(), v.string()));

/** Of both kinds; all else that metadata may hold is the API server's own. */
const metadata = v.looseObject({
  name: subdomain,
  namespace: v.optional(label),
  labels: v.optional(texts),
  annotations: v.optional(texts),
});

const labelSelector = strict({
  matchLabels: v.optional(texts),
  matchExpressions: v.optional(
    v.array(
      strict({
        key: v.string(),
        operator: v.string(),
        values: v.optional(v.array(v.string())),
      }),
    ),
  ),
});

const addressType = matching(
  253,
  new RegExp(`^Hostname|IPAddress|NamedAddress|${dnsName}\\/[A-Za-z0-9\\/\\-._~%!$&'()*+,;=:]+$`),
  'gke.networking.io/cidr',
);

const parentRef = strict({
  group: v.optional(group),
  kind: v.optional(kind),
  namespace: v.optional(label),
  name: text(253, 1),
  sectionName: v.optional(subdomain),
  port: v.optional(port),
});

export const RouteManifest = v.looseObject({
  metadata,
  // The definition does not ask for it; the rules then say what is missing.
  spec: v.optional(
    strict({
      parentRefs: v.optional(v.pipe(v.array(parentRef), v.maxLength(32))),
      addresses: v.pipe(
        v.array(strict({ type: v.optional(addressType), value: text(253, 1) })),
        v.minLength(1),
      ),
      network: v.optional(v.string()),
      podSelector: labelSelector,
      reactionMode: v.optional(v.picklist(['ReadyCondition', 'Exists'])),
      allowGlobalAccess: v.optional(v.boolean()),
      haPolicy: v.optional(v.boolean()),
      nodeSelector: v.optional(labelSelector),
      loadBalancing: v.optional(strict({ healthCheckName: v.string() })),
    }),
  ),
});

const isIp = (value: string): boolean =>
  parseIp(value) !== undefined || /^[0-9a-f:.]*:[0-9a-f:.]*$/i.test(value);

const gatewayAddress = v.pipe(
  strict({ type: v.optional(addressType), value: v.optional(text(253)) }),
  v.check(
    ({ type = 'IPAddress', value }) => type !== 'IPAddress' || value === undefined || isIp(value),
    'an IPAddress has a value like 34.1.2.3; a prefix, also /32, needs type: gke.networking.io/cidr',
  ),
);

const listener = strict({
  name: subdomain,
  hostname: v.optional(matching(253, new RegExp(`^(\\*\\.)?${dnsName}$`), '*.example.com')),
  port,
  protocol: v.pipe(
    matching(255, new RegExp(`^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$|${dnsName}\\/[A-Za-z0-9]+$`), 'none'),
    v.minLength(1),
  ),
  allowedRoutes: v.optional(
    strict({
      kinds: v.optional(v.pipe(v.array(strict({ group: v.optional(group), kind })), v.maxLength(8))),
      namespaces: v.optional(
        strict({
          from: v.optional(v.picklist(['All', 'Selector', 'Same'])),
          selector: v.optional(labelSelector),
        }),
      ),
    }),
  ),
  // What means nothing at layer 3 is not looked into.
  tls: v.optional(v.unknown()),
});

const isUnique = (keys: readonly string[]): boolean => new Set(keys).size === keys.length;

export const GatewayManifest = v.looseObject({
  metadata,
  spec: strict({
    gatewayClassName: text(253, 1),
    listeners: v.pipe(
      v.array(listener),
      v.minLength(1),
      v.maxLength(64),
      v.check((all) => isUnique(all.map(({ name }) => name)), 'have unique names'),
      v.check(
        (all) => isUnique(all.map((one) => JSON.stringify([one.port, one.protocol, one.hostname ?? '']))),
        'have unique combinations of port, protocol and hostname: write another port, which means nothing here',
      ),
    ),
    addresses: v.optional(
      v.pipe(
        v.array(gatewayAddress),
        v.maxLength(16),
        v.check(
          (all) =>
            isUnique(
              all.flatMap(({ type = 'IPAddress', value }) =>
                value !== undefined && (type === 'IPAddress' || type === 'Hostname')
                  ? [`${type} ${value}`]
                  : [],
              ),
            ),
          'name no IPAddress twice',
        ),
      ),
    ),
    infrastructure: v.optional(v.unknown()),
    tls: v.optional(v.unknown()),
    backendTLS: v.optional(v.unknown()),
    allowedListeners: v.optional(v.unknown()),
    defaultScope: v.optional(v.unknown()),
  }),
});
