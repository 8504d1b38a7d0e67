import { setTimeout } from 'node:timers/promises';
import { type Admin, type Json, Refusal } from '../../infra/local/admin.ts';
import type { RouteSeen, Snapshot } from './ownership.ts';

interface RouteObject {
  readonly metadata: { readonly namespace: string; readonly name: string; readonly generation: number };
  readonly spec: { readonly addresses: readonly { readonly value: string }[] };
  readonly status?: {
    readonly pods?: readonly string[];
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly observedGeneration?: number;
    }[];
  };
}

interface PodObject {
  readonly metadata: { readonly namespace: string; readonly name: string };
  readonly spec: { readonly nodeName?: string };
}

interface Rule {
  readonly IPAddress: string;
  readonly backendService: string;
}

interface Service {
  readonly name: string;
  readonly haPolicy?: { readonly leader?: { readonly networkEndpoint?: { readonly instance?: string } } };
}

const last = (url: string): string => url.slice(url.lastIndexOf('/') + 1);

/** Before the same look is tried again, ms. */
const pause = 50;

/** A planned fault may hit whoever looks as well: then it looks again. */
const patiently = async (look: () => Promise<Json>): Promise<Json> => {
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (!(error instanceof Refusal) || ![403, 429, 503].includes(error.code)) throw error;
      await setTimeout(pause);
    }
  }
};

const compute = async <T>(admin: Admin, path: string): Promise<readonly T[]> => {
  const items: T[] = [];
  let token = '';
  do {
    const page = (await patiently(() =>
      admin.compute('GET', `${path}?maxResults=500${token && `&pageToken=${encodeURIComponent(token)}`}`),
    )) as { items?: readonly T[]; nextPageToken?: string };
    items.push(...(page.items ?? []));
    token = page.nextPageToken ?? '';
  } while (token !== '');
  return items;
};

const kubernetes = async <T>(admin: Admin, path: string): Promise<readonly T[]> =>
  ((await admin.kubernetes('GET', path)) as { items?: readonly T[] }).items ?? [];

const seen = ({ metadata, spec, status }: RouteObject): RouteSeen => ({
  namespace: metadata.namespace,
  name: metadata.name,
  addresses: spec.addresses.map(({ value }) => value.replace('/32', '')),
  pods: status?.pods ?? [],
  ready: (status?.conditions ?? []).some(
    (condition) =>
      condition.type === 'Ready' &&
      condition.status === 'True' &&
      condition.observedGeneration === metadata.generation,
  ),
});

/** Reads four lists of each API at once: about one moment, as an onlooker has it. */
export const look = async (admin: Admin, region: string): Promise<Snapshot> => {
  const [routes, pods, rules, services] = await Promise.all([
    kubernetes<RouteObject>(admin, '/apis/networking.gke.io/v1/gkeiproutes'),
    kubernetes<PodObject>(admin, '/api/v1/pods'),
    compute<Rule>(admin, `/regions/${region}/forwardingRules`),
    compute<Service>(admin, `/regions/${region}/backendServices`),
  ]);
  return {
    routes: routes.map(seen),
    nodes: new Map(
      pods.flatMap(({ metadata, spec }) =>
        spec.nodeName === undefined
          ? []
          : [[`${metadata.namespace}/${metadata.name}`, spec.nodeName] as const],
      ),
    ),
    rules: rules.map(({ IPAddress, backendService }) => ({ ip: IPAddress, service: last(backendService) })),
    leaders: new Map(
      services.flatMap(({ name, haPolicy }) => {
        const instance = haPolicy?.leader?.networkEndpoint?.instance;
        return instance === undefined ? [] : [[name, last(instance)] as const];
      }),
    ),
  };
};
