import type { Condition, Gateway, Pod, Route, RouteStatus } from '../../functions/persistent-ip/objects.ts';
import type { KubernetesPort } from '../../functions/persistent-ip/ports.ts';
import type { Ports, Sabotage } from './functions/ports.ts';

/** Faults that somebody might make, one for each invariant: a simulation that does not find them proves nothing. */

const withStatus =
  (change: (status: RouteStatus, route: Route) => RouteStatus): Sabotage =>
  ({ kubernetes, ...ports }) => ({
    ...ports,
    kubernetes: {
      ...kubernetes,
      writeRouteStatus: (route, status) => kubernetes.writeRouteStatus(route, change(status, route)),
    },
  });

const turnedTrue = (conditions: readonly Condition[], ...types: readonly string[]): readonly Condition[] =>
  conditions.map((condition) =>
    types.includes(condition.type) ? { ...condition, status: 'True', reason: condition.type } : condition,
  );

const openTo = (gateway: Gateway | undefined): Gateway | undefined =>
  gateway && {
    ...gateway,
    listeners: gateway.listeners.map((listener) => ({ ...listener, from: 'All' as const })),
  };

const withReads = (
  { kubernetes, ...ports }: Ports,
  reads: (kubernetes: KubernetesPort) => Partial<KubernetesPort>,
): Ports => ({ ...ports, kubernetes: { ...kubernetes, ...reads(kubernetes) } });

const withoutNewest = (pods: readonly Pod[]): readonly Pod[] =>
  pods
    .toSorted((a, b) => (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? -1 : 1))
    .slice(0, -1);

export const planted: Readonly<Record<string, Sabotage>> = {
  '1 one owner': withStatus((status) => ({
    ...status,
    pods: status.pods.flatMap((pod) => [pod, `${pod}-too`]),
  })),
  '2 truthful Ready': withStatus((status) =>
    status.pods.length === 0 ? status : { ...status, conditions: turnedTrue(status.conditions, 'Ready') },
  ),
  // The newest Pod is overlooked.
  '3 convergence': (ports) =>
    withReads(ports, (kubernetes) => ({
      pods: async (namespace, selector) => withoutNewest(await kubernetes.pods(namespace, selector)),
    })),
  // The finalizer goes before what it guards, and the sweep sees nothing of what is left.
  '4 no orphans': ({ lists, ...ports }) => ({
    ...withReads({ ...ports, lists }, (kubernetes) => ({
      route: async (namespace, name) => {
        const found = await kubernetes.route(namespace, name);
        if (found?.metadata.deletionTimestamp === undefined) return found;
        await kubernetes.setRouteFinalizers(found, []);
        return undefined;
      },
    })),
    lists: {
      ...lists,
      backendServices: () => Promise.resolve([]),
      forwardingRules: () => Promise.resolve([]),
      firewalls: () => Promise.resolve([]),
      negs: () => Promise.resolve([]),
    },
  }),
  '5 no theft': (ports) =>
    withReads(ports, (kubernetes) => ({
      gateway: async (namespace, name) => openTo(await kubernetes.gateway(namespace, name)),
    })),
  // A repetition is told as something new.
  '6 audit': ({ audit, ...ports }) => ({
    ...ports,
    audit: {
      write: (entries) =>
        audit.write([
          ...entries,
          ...entries.map((entry) => ({ ...entry, insertId: `${entry.insertId}-again` })),
        ]),
    },
  }),
  '7 good neighbour': withStatus((status, { addresses }) =>
    addresses.some(({ value }) => !value.includes('/') || value.includes(':'))
      ? { ...status, conditions: turnedTrue(status.conditions, 'Accepted') }
      : status,
  ),
  // Nobody looks who else writes.
  '7 no war of writes': (ports) =>
    withReads(ports, (kubernetes) => ({
      route: async (namespace, name) => {
        const found = await kubernetes.route(namespace, name);
        return found && { ...found, statusWriters: [] };
      },
    })),
};
