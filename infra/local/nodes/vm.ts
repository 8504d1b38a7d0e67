import { setMaxListeners } from 'node:events';
import type { Clock } from '../clock.ts';
import { type Agent, startAgent } from './agent.ts';
import type { Api } from './api.ts';
import type { Entry } from './datapath-pass.ts';
import { Endpoints } from './endpoints.ts';
import { startHeartbeat } from './heartbeat.ts';
import { startKubelet } from './kubelet.ts';
import { serviceAccount } from './machinery.ts';
import type { NodeSpec } from './node-object.ts';
import type { Timings } from './timings.ts';

/**
 * Whom Dataplane V2's agent writes as. anetd is a DaemonSet with a service account of its own: a node's identity
 * has no right to custom resources, and no route's status (Node authorizer).
 */
export const agentUser = serviceAccount('anetd');

export interface VmOptions {
  readonly node: NodeSpec;
  readonly api: (user: string, until: AbortSignal) => Api;
  readonly clock: Clock;
  readonly timings: Timings;
  readonly onError: (who: string, error: unknown, key: string) => void;
}

/** One machine: its kubelet and its agent live and die together. */
export interface Vm {
  /** Starts what is stopped; resolves when its Node is there and says Ready. */
  boot(): Promise<void>;
  /** Silence. Resolves when no request is under way. */
  stop(): Promise<void>;
  datapath(): ReadonlyMap<string, Entry>;
  breakDatapath(error: string | undefined): void;
}

interface Running {
  readonly power: AbortController;
  readonly agent: Agent;
  /** What has to end before the machine is off. */
  readonly ends: Promise<void>[];
}

const nothing: ReadonlyMap<string, Entry> = new Map();

export const startVm = ({ node, api, clock, timings, onError }: VmOptions): Vm => {
  const endpoints = new Endpoints(node.podCidr);
  let running: Running | undefined;
  let off = Promise.resolve();
  let mapError: string | undefined;
  const fail = (who: string) => (error: unknown, key: string) => onError(`${who} ${node.name}`, error, key);

  return {
    async boot() {
      if (running !== undefined) return;
      const power = new AbortController();
      const { signal } = power;
      setMaxListeners(0, signal);
      // After a power loss nothing is left of the interfaces; requests of before were aborted with their signal.
      endpoints.clear();
      const own = api(`system:node:${node.name}`, signal);
      const common = { api: own, clock, signal, node, timings };
      const agent = startAgent({
        api: api(agentUser, signal),
        clock,
        signal,
        endpoints,
        mapError: () => mapError,
        onError: (error) => onError(`agent ${node.name}`, error, 'routes'),
      });
      const heartbeat = startHeartbeat({ ...common, onError: fail('heartbeat') });
      const ends = [heartbeat.ended, agent.ended];
      running = { power, agent, ends };
      await heartbeat.registered;
      // Pods that it reports before its Node is Ready again would be marked not Ready once more.
      if (!signal.aborted) ends.push(startKubelet({ ...common, endpoints, onError: fail('kubelet') }).ended);
    },
    stop() {
      const stopping = running;
      running = undefined;
      stopping?.power.abort();
      if (stopping !== undefined) off = Promise.all(stopping.ends).then(() => undefined);
      return off;
    },
    datapath: () => running?.agent.entries ?? nothing,
    breakDatapath(error) {
      mapError = error;
      running?.agent.wake();
    },
  };
};
