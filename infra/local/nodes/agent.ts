import type { Clock } from '../clock.ts';
import { type Api, ApiError } from './api.ts';
import {
  type Entry,
  isAccepted,
  isDefault,
  type NetworkKind,
  networkOf,
  passOver,
  withVerdict,
} from './datapath-pass.ts';
import type { Endpoints } from './endpoints.ts';
import type { KubeObject, Route } from './objects.ts';
import { reflect } from './reflector.ts';
import { networks, routes } from './resources.ts';
import { startWorker } from './worker.ts';

/** controller-runtime's `SyncPeriod` in the agent: every route is looked at again, woken or not. */
const resyncMs = 600_000;

/** The longest pause after an error (controller-runtime's default rate limiter). */
const longestPause = 1_000_000;

export interface AgentOptions {
  readonly api: Api;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly endpoints: Endpoints;
  /** Why the kernel's map refuses entries, asked at each pass. */
  readonly mapError: () => string | undefined;
  readonly onError: (error: unknown) => void;
}

/** The Dataplane V2 agent of one node. */
export interface Agent {
  /** By CIDR: what packets to persistent addresses find on this node. */
  readonly entries: ReadonlyMap<string, Entry>;
  /** Passes over all routes at once, as a route's event would. */
  wake(): void;
  readonly ended: Promise<void>;
}

/**
 * Watches routes and nothing else; any event of any route makes it pass over all of them. The map is made first,
 * then DPV2Ready is written by PUT on /status where it differs; a 409 means that the watch will bring a newer
 * state, and the pass is done again. A Pod's interface wakes it only if the Pod has interfaces of many networks.
 */
export const startAgent = (options: AgentOptions): Agent => {
  const { api, clock, signal, endpoints } = options;
  const entries = new Map<string, Entry>();
  let named: ReadonlySet<string> = new Set();
  const view = reflect<Route>({ api, resource: routes, clock, signal });

  const kindOf = async (name: string): Promise<NetworkKind> => {
    try {
      const network = await api.get<KubeObject & { spec?: { type?: string } }>(networks, { name });
      return network.spec?.type === 'Device' ? 'Device' : 'L3';
    } catch (error) {
      // An answer that refuses is the fault to be shown; no answer is tried again.
      if (!(error instanceof ApiError)) throw error;
      return { unreadable: error.message };
    }
  };
  const kinds = async (): Promise<ReadonlyMap<string, NetworkKind>> => {
    const names = new Set<string>();
    for (const route of view.all()) {
      const name = networkOf(route);
      if (!isDefault(name) && isAccepted(route)) names.add(name);
    }
    return new Map(await Promise.all([...names].map(async (name) => [name, await kindOf(name)] as const)));
  };
  const work = async (): Promise<number> => {
    await view.synced;
    const known = await kinds();
    const mapError = options.mapError();
    const pass = passOver(view.all(), (name) => known.get(name) ?? { unreadable: 'not read' }, {
      mapError,
      endpointOf: (pod, network) => {
        const endpoint = endpoints.find(pod);
        return isDefault(network) ? endpoint : endpoint?.others.get(network);
      },
    });
    if (pass.kind === 'stopped') throw new Error(pass.error);
    named = pass.pods;
    for (const cidr of [...entries.keys()]) if (!pass.entries.has(cidr)) entries.delete(cidr);
    if (mapError === undefined) for (const [cidr, entry] of pass.entries) entries.set(cidr, entry);
    for (const verdict of pass.verdicts) {
      const route = withVerdict(verdict, clock.now());
      if (route !== undefined) view.accept(await api.update(routes, route, 'status'));
    }
    if (mapError !== undefined) throw new Error(mapError);
    return resyncMs;
  };
  const worker = startWorker({ clock, signal, work, longestPause, onError: options.onError });
  view.subscribe(() => worker.add('routes'));
  endpoints.onCreated = ({ pod, others }) => {
    if (others.size > 0 && named.has(pod)) worker.add('routes');
  };
  return { entries, wake: () => worker.add('routes'), ended: worker.ended };
};
