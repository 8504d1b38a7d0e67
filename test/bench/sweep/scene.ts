import { stemOf } from '../../../functions/persistent-ip/names.ts';
import { adminOf, type Json } from '../../../infra/local/admin.ts';
import type { World } from '../world.ts';

/**
 * A cluster and a project of any size, made of one namespace that is well on the local cloud: its objects and resources as the
 * APIs send them, again and again under other names, uids and addresses.
 */
export interface Scene {
  /** Objects of a kind, in the order of their list. */
  readonly lists: Readonly<Record<Kind, List>>;
  /** What is attached to a NEG, by its name. */
  endpoints(neg: string): string;
  /** The single objects that are read, by path. */
  readonly objects: ReadonlyMap<string, string>;
}

export interface List {
  readonly count: number;
  /** JSON text. */
  item(index: number): string;
}

const kinds = [
  'routes',
  'gateways',
  'gatewayclasses',
  'namespaces',
  'pods',
  'nodes',
  'backendServices',
  'forwardingRules',
  'firewalls',
  'networkEndpointGroups',
  'instances',
  'addresses',
] as const;
export type Kind = (typeof kinds)[number];

/** What of one namespace is repeated. */
export interface Template {
  readonly routes: number;
  readonly texts: Readonly<Record<Kind, readonly string[]>>;
  readonly system: string;
  /** The answer about the endpoints of a NEG: each has the same two nodes. */
  readonly endpoints: string;
  /** The same text as in another copy of the namespace. */
  inCopy(text: string, copy: number): string;
  /** The same text as of another node. */
  onNode(text: string, node: number): string;
}

/** Long enough ago that nothing is young, and nothing has just turned Ready. */
const longAgo = new Date(Date.now() - 3 * 3_600_000).toISOString();

const aged = (text: string): string =>
  text.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[-+]\d\d:\d\d)/g, (_, fraction?: string) =>
    fraction === undefined ? `${longAgo.slice(0, 19)}Z` : longAgo,
  );

const itemsOf = (list: Json): readonly Json[] => (list.items ?? []) as readonly Json[];
const metaOf = (object: Json) => object.metadata as { name: string; namespace?: string; uid: string };

export const templateOf = async ({ cloud }: World): Promise<Template> => {
  const admin = adminOf(cloud);
  const { region, cluster } = cloud;
  const kube = async (path: string) => itemsOf(await admin.kubernetes('GET', path));
  const compute = async (path: string) => itemsOf(await admin.compute('GET', path));
  const zoned = async (collection: string) =>
    (await Promise.all(['a', 'b'].map((zone) => compute(`/zones/${region}-${zone}/${collection}`)))).flat();
  const inEdge = (all: readonly Json[]) => all.filter((one) => metaOf(one).namespace === 'edge');
  const raw = {
    routes: inEdge(await kube('/apis/networking.gke.io/v1/gkeiproutes')),
    gateways: inEdge(await kube('/apis/gateway.networking.k8s.io/v1/gateways')),
    gatewayclasses: await kube('/apis/gateway.networking.k8s.io/v1/gatewayclasses'),
    namespaces: (await kube('/api/v1/namespaces')).filter((one) => metaOf(one).name === 'edge'),
    pods: inEdge(await kube('/api/v1/pods')),
    nodes: await kube('/api/v1/nodes'),
    backendServices: await compute(`/regions/${region}/backendServices`),
    forwardingRules: await compute(`/regions/${region}/forwardingRules`),
    firewalls: await compute('/global/firewalls'),
    networkEndpointGroups: await zoned('networkEndpointGroups'),
    instances: await zoned('instances'),
    addresses: await compute(`/regions/${region}/addresses`),
  } satisfies Record<Kind, readonly Json[]>;
  const texts = Object.fromEntries(
    kinds.map((kind) => [kind, raw[kind].map((one) => aged(JSON.stringify(one)))]),
  ) as unknown as Template['texts'];
  const { zone, name } = { zone: `${region}-a`, name: String(raw.networkEndpointGroups[0]?.name) };
  const endpoints = await admin.compute(
    'POST',
    `/zones/${zone}/networkEndpointGroups/${name}/listNetworkEndpoints`,
    {},
  );
  const uids = [...raw.routes, ...raw.gateways, ...raw.namespaces, ...raw.pods].map((one) => metaOf(one).uid);
  const routes = raw.routes.map(metaOf);
  const uidIn = (uid: string, copy: number): string =>
    `${uid.slice(0, -6)}${copy.toString(16).padStart(6, '0')}`;
  const stemIn = ({ name, uid }: { name: string; uid: string }, copy?: number): string =>
    copy === undefined
      ? stemOf({ cluster, namespace: 'edge', name, uid })
      : stemOf({ cluster, namespace: `edge-${copy}`, name, uid: uidIn(uid, copy) });
  const nodeNames = raw.nodes.map((one) => metaOf(one).name);
  const onNode = (text: string, node: number): string =>
    nodeNames.reduce((now, name) => now.replaceAll(name, `${name}-x${node}`), text);
  return {
    routes: routes.length,
    texts,
    endpoints: JSON.stringify(endpoints),
    system: JSON.stringify(await admin.kubernetes('GET', '/api/v1/namespaces/kube-system')),
    onNode,
    inCopy: (text, copy) => {
      const octets = [1 + (copy >> 8), copy & 255] as const;
      const hexadecimal = octets.map((octet) => octet.toString(16).padStart(2, '0')).join('');
      let now = text;
      for (const [index, route] of routes.entries()) now = now.replaceAll(stemIn(route), `@stem${index}@`);
      for (const uid of uids) now = now.replaceAll(uid, uidIn(uid, copy));
      now = now
        .replaceAll(/\bedge\b/g, `edge-${copy}`)
        .replaceAll('34.1.2.', `34.${octets.join('.')}.`)
        .replaceAll('34-1-2-', `34-${octets.join('-')}-`)
        .replaceAll('220102', `22${hexadecimal}`);
      for (const [index, route] of routes.entries())
        now = now.replaceAll(`@stem${index}@`, stemIn(route, copy));
      return now;
    },
  };
};

/** Copies of the namespace that share a node. */
const copiesOnNode = 10;

/**
 * `copies` of the namespace, and `podsEach` Pods for each: the two of every route, and of the rest half that nobody selects
 * in namespaces with routes, half elsewhere.
 */
export const sceneOf = (
  { texts, routes, system, endpoints, inCopy, onNode }: Template,
  copies: number,
  podsEach = 10 * routes,
): Scene => {
  const nodes = Math.ceil(copies / copiesOnNode);
  const placed = (text: string, copy: number) => onNode(inCopy(text, copy), copy % nodes);
  const copied = (kind: Kind): List => {
    const each = texts[kind];
    return {
      count: copies * each.length,
      item: (index) => placed(each[index % each.length] ?? '', Math.floor(index / each.length)),
    };
  };
  const ofNodes = (kind: Kind): List => {
    const each = texts[kind];
    return {
      count: nodes * each.length,
      item: (index) => onNode(each[index % each.length] ?? '', Math.floor(index / each.length)),
    };
  };
  const { pods } = texts;
  const strangers = podsEach - pods.length;
  const stranger = (copy: number, index: number): string =>
    placed(pods[0] ?? '', copy)
      .replaceAll(/nat-0-\d/g, `web-${index}`)
      .replaceAll('"app":"nat-0"', '"app":"web"')
      .replaceAll(`edge-${copy}`, index % 2 === 0 ? `edge-${copy}` : `other-${copy}`);
  return {
    lists: {
      routes: copied('routes'),
      gateways: copied('gateways'),
      gatewayclasses: {
        count: texts.gatewayclasses.length,
        item: (index) => texts.gatewayclasses[index] ?? '',
      },
      namespaces: copied('namespaces'),
      pods: {
        count: copies * podsEach,
        item: (index) => {
          const copy = Math.floor(index / podsEach);
          const which = index % podsEach;
          return which < pods.length ? placed(pods[which] ?? '', copy) : stranger(copy, which % strangers);
        },
      },
      nodes: ofNodes('nodes'),
      backendServices: copied('backendServices'),
      forwardingRules: copied('forwardingRules'),
      firewalls: copied('firewalls'),
      networkEndpointGroups: copied('networkEndpointGroups'),
      instances: ofNodes('instances'),
      addresses: copied('addresses'),
    },
    endpoints: (neg) => placed(endpoints, Number(/^pip-edge-(\d+)-/.exec(neg)?.[1])),
    objects: new Map([['/api/v1/namespaces/kube-system', system]]),
  };
};
