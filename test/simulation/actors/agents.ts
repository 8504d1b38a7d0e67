import type { KubeObject } from '../../../infra/local/kubernetes/objects/object.ts';
import { type NetworkKind, passOver, withVerdict } from '../../../infra/local/nodes/datapath-pass.ts';
import type { Pod, Route } from '../../../infra/local/nodes/objects.ts';
import { keys } from '../cloud/kubernetes.ts';
import { read } from '../cloud/kubernetes-port.ts';
import type { Nodes } from './nodes.ts';
import { controller, Hand, type SimWorld } from './world.ts';

/** What an agent vouched for when it last set `DPV2Ready=True` on a route. */
export interface Vouched {
  readonly node: string;
  /** `undefined` where the network is of type Device: every node vouches, for no Pod in particular. */
  readonly uid: string | undefined;
  readonly ip: string | undefined;
}

/**
 * The Dataplane V2 agents, one a node, with the local cloud's own pass over all routes. Each is woken by every change of
 * any route, and takes its time.
 */
export class Agents {
  readonly #world: SimWorld;
  readonly #nodes: Nodes;
  readonly #waiting = new Set<string>();
  /** By the uid of the route. */
  readonly vouched = new Map<string, Vouched>();
  /** Why the latest pass of a node stopped. */
  readonly stopped = new Map<string, string>();
  #wakings = 0;

  constructor(world: SimWorld, nodes: Nodes) {
    this.#world = world;
    this.#nodes = nodes;
    world.cluster.store.subscribe(keys.routes, () => {
      for (const { name } of nodes.all) this.wake(name);
    });
  }

  /** Passes that are due. */
  get due(): number {
    return this.#waiting.size;
  }

  wake(node: string): void {
    if (this.#waiting.has(node)) return;
    this.#waiting.add(node);
    this.#wakings += 1;
    const { time, fates, story } = this.#world.engine;
    const name = `agent of ${node} ${this.#wakings}`;
    const slow = fates.strikes(`${name} is slow`, 2);
    if (slow) story.count('fault: agent slow');
    time.after(fates.within(name, slow ? ([20_000, 150_000] as const) : ([30, 600] as const)), () => {
      this.#waiting.delete(node);
      if (this.#nodes.alive(node)) this.#pass(node);
    });
  }

  #pass(node: string): void {
    const { cluster, engine } = this.#world;
    const pods = new Map<string, Pod>();
    for (const pod of this.#nodes.podsOn(node))
      pods.set(`${pod.metadata.namespace}/${pod.metadata.name}`, pod);
    const hasInterface = (key: string, network: string): boolean => {
      const pod = pods.get(key);
      if (pod?.status?.podIP === undefined || pod.status.phase !== 'Running') return false;
      return (
        network === 'default' ||
        network === 'pod-network' ||
        read.pod(pod as unknown as KubeObject).networks.includes(network)
      );
    };
    const routes = cluster.list(keys.routes) as unknown as Route[];
    const pass = passOver(routes, (name) => this.#kindOf(name), {
      endpointOf: (key, network) =>
        hasInterface(key, network) ? { ip: pods.get(key)?.status?.podIP ?? '' } : undefined,
    });
    if (pass.kind === 'stopped') {
      this.stopped.set(node, pass.error);
      return;
    }
    this.stopped.delete(node);
    for (const verdict of pass.verdicts) {
      const next = withVerdict(verdict, engine.time.now());
      const [named] = verdict.route.status?.pods ?? [];
      const pod = pods.get(`${verdict.route.metadata.namespace}/${named}`);
      // It is shown already: nothing is set anew.
      if (next === undefined) continue;
      if (!new Hand(this.#world, controller('anetd')).putStatus(keys.routes, next as unknown as KubeObject)) {
        this.wake(node);
        continue;
      }
      this.vouched.set(verdict.route.metadata.uid, { node, uid: pod?.metadata.uid, ip: pod?.status?.podIP });
    }
  }

  #kindOf(name: string): NetworkKind {
    const network = this.#world.cluster.get(keys.networks, '', name);
    if (network === undefined) return { unreadable: 'not found' };
    return read.network(network).type === 'Device' ? 'Device' : 'L3';
  }
}
