import { type Laid, layGateway, layNamespace, layRoute } from '../persistent-ip/lay-over.ts';
import type { Gateway, Namespace, Route } from '../persistent-ip/objects.ts';
import { gatewayKey } from '../persistent-ip/whose-route.ts';
import type { ReadDependencies } from './dependencies.ts';

/** What a manifest asks for, as the adapters read it. */
export interface Asked {
  readonly routes: readonly Route[];
  readonly gateways: readonly Gateway[];
  /** Only their labels matter. */
  readonly namespaces: readonly Namespace[];
}

/** What the API server would refuse, and at which field. */
export interface Rejection {
  readonly kind: 'GKEIPRoute' | 'Gateway';
  readonly namespace: string;
  readonly name: string;
  readonly problems: readonly { readonly field: string; readonly problem: string }[];
}

/** A laid object with the one that it is laid over. */
export interface OverLive<T> extends Laid<T> {
  readonly live: T | undefined;
}

/** What a manifest comes to on this cluster, and what of it the API server would refuse because of what is there. */
export interface LaidManifest {
  readonly routes: readonly OverLive<Route>[];
  readonly gateways: readonly OverLive<Gateway>[];
  readonly namespaces: readonly Laid<Namespace>[];
  readonly rejected: readonly Rejection[];
}

export const layManifest = async (deps: ReadDependencies, asked: Asked): Promise<LaidManifest> => {
  const { kubernetes, runtime } = deps;
  const now = runtime.now();
  const over = async <T extends Route | Gateway>(
    found: Promise<T | undefined>,
    laid: (live: T | undefined) => Laid<T>,
  ): Promise<OverLive<T>> => {
    const live = await found;
    return { live, ...laid(live) };
  };
  const [routes, gateways, namespaces] = await Promise.all([
    Promise.all(
      asked.routes.map((one) =>
        over(kubernetes.route(one.metadata.namespace, one.metadata.name), (live) => layRoute(live, one, now)),
      ),
    ),
    Promise.all(
      asked.gateways.map((one) =>
        over(kubernetes.gateway(one.metadata.namespace, one.metadata.name), (live) =>
          layGateway(live, one, now),
        ),
      ),
    ),
    Promise.all(
      asked.namespaces.map(async (one) =>
        layNamespace(await kubernetes.namespace(one.metadata.name), one, now),
      ),
    ),
  ]);
  const here = await namespacesThatAre(deps, [...routes, ...gateways], namespaces);
  const rejected = [
    ...routes.flatMap((laid) => rejection('GKEIPRoute', laid, here, immutableFields(laid))),
    ...gateways.flatMap((laid) => rejection('Gateway', laid, here, [])),
  ];
  const passes =
    (kind: Rejection['kind']) =>
    ({ object: { metadata } }: Laid<Route | Gateway>): boolean =>
      !rejected.some((one) => one.kind === kind && gatewayKey(one) === gatewayKey(metadata));
  return {
    routes: routes.filter(passes('GKEIPRoute')),
    gateways: gateways.filter(passes('Gateway')),
    namespaces,
    rejected,
  };
};

const namespacesThatAre = async (
  { kubernetes }: ReadDependencies,
  laid: readonly OverLive<Route | Gateway>[],
  asked: readonly Laid<Namespace>[],
): Promise<ReadonlySet<string>> => {
  const wanted = [...new Set(laid.map(({ object }) => object.metadata.namespace))];
  const found = await Promise.all(wanted.map((name) => kubernetes.namespace(name)));
  return new Set([...found, ...asked.map(({ object }) => object)].flatMap((one) => one?.metadata.name ?? []));
};

const rejection = (
  kind: Rejection['kind'],
  { object: { metadata } }: Laid<Route | Gateway>,
  namespaces: ReadonlySet<string>,
  problems: Rejection['problems'],
): readonly Rejection[] => {
  const { namespace, name } = metadata;
  const all = namespaces.has(namespace)
    ? problems
    : [
        ...problems,
        { field: 'metadata.namespace', problem: `Namespace ${namespace} does not exist: create it first` },
      ];
  return all.length === 0 ? [] : [{ kind, namespace, name, problems: all }];
};

/** The one transition rule of the route's schema, `self == oldSelf`: it holds where both versions have the field. */
const immutableFields = ({ live, object }: OverLive<Route>): Rejection['problems'] => {
  const before = live?.extra.haPolicy;
  const after = object.extra.haPolicy;
  return before === undefined || after === undefined || before === after
    ? []
    : [
        {
          field: 'spec.haPolicy',
          problem: `is immutable: leave it ${before}, or delete the route and make it anew`,
        },
      ];
};
