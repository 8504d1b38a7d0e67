import type { Admin, Json } from '../admin.ts';

/** What a person sees of a route. */
export interface RouteView {
  readonly namespace: string;
  readonly name: string;
  readonly addresses: readonly string[];
  readonly pod: string | undefined;
  readonly node: string | undefined;
  readonly conditions: readonly {
    readonly type: string;
    readonly status: string;
    readonly reason: string;
    readonly message: string;
  }[];
  readonly ready: boolean;
}

interface RouteObject extends Json {
  readonly metadata: { readonly generation: number };
  readonly spec: { readonly addresses: readonly { readonly value: string }[] };
  readonly status?: {
    readonly pods?: readonly string[];
    readonly conditions?: readonly (RouteView['conditions'][number] & {
      readonly observedGeneration?: number;
    })[];
  };
}

const base = '/apis/networking.gke.io/v1';

/** The route as it stands; `undefined` when there is none of that name. */
export const viewRoute = async (
  admin: Admin,
  namespace: string,
  name: string,
): Promise<RouteView | undefined> => {
  const list = (await admin.kubernetes(
    'GET',
    `${base}/namespaces/${namespace}/gkeiproutes?fieldSelector=metadata.name=${name}`,
  )) as {
    items?: readonly RouteObject[];
  };
  const route = list.items?.[0];
  if (route === undefined) return undefined;
  const pod = route.status?.pods?.[0];
  const conditions = route.status?.conditions ?? [];
  const order = ['Accepted', 'GCPReady', 'DPV2Ready', 'Ready', 'SecondController'];
  return {
    namespace,
    name,
    addresses: route.spec.addresses.map(({ value }) => value),
    pod,
    node: pod === undefined ? undefined : await nodeOf(admin, namespace, pod),
    conditions: order.flatMap((type) => conditions.filter((condition) => condition.type === type)),
    ready: conditions.some(
      ({ type, status, observedGeneration }) =>
        type === 'Ready' && status === 'True' && observedGeneration === route.metadata.generation,
    ),
  };
};

const nodeOf = async (admin: Admin, namespace: string, pod: string): Promise<string | undefined> => {
  const list = (await admin.kubernetes(
    'GET',
    `/api/v1/namespaces/${namespace}/pods?fieldSelector=metadata.name=${pod}`,
  )) as {
    items?: readonly { readonly spec?: { readonly nodeName?: string } }[];
  };
  return list.items?.[0]?.spec?.nodeName;
};
