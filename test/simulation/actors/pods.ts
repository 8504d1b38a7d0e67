import type { Pod } from '../../../infra/local/nodes/objects.ts';
import { timestamp } from '../../../infra/local/nodes/objects.ts';
import { keys } from '../cloud/kubernetes.ts';
import type { Nodes } from './nodes.ts';
import { controller, Hand, type SimWorld } from './world.ts';

export interface NewPod {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly node: string;
  /** Milliseconds until its containers run; more than the scheduler takes. */
  readonly startMs: number;
  /** Milliseconds from then until it is Ready; `undefined`: never. */
  readonly readyAfter: number | undefined;
  /** Networks beside the default one. */
  readonly networks: readonly string[];
}

const strategic = 'application/strategic-merge-patch+json';

/** What becomes of Pods: a scheduler that binds them, and the kubelets of living nodes that run and end them. */
export class Pods {
  readonly #world: SimWorld;
  readonly #nodes: Nodes;
  #ips = 0;

  constructor(world: SimWorld, nodes: Nodes) {
    this.#world = world;
    this.#nodes = nodes;
  }

  get(namespace: string, name: string): Pod | undefined {
    return this.#world.cluster.get(keys.pods, namespace, name) as Pod | undefined;
  }

  create({ namespace, name, labels, node, startMs, readyAfter, networks }: NewPod): void {
    const { time } = this.#world.engine;
    const made = new Hand(this.#world, controller('replicaset-controller')).create(keys.pods, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        namespace,
        name,
        labels: { ...labels },
        ...(networks.length === 0
          ? {}
          : {
              annotations: {
                'networking.gke.io/interfaces': JSON.stringify(
                  ['default', ...networks].map((network, at) => ({ interfaceName: `eth${at}`, network })),
                ),
              },
            }),
      },
      spec: { containers: [{ name: 'app', image: 'app:1' }] },
    });
    if (!made) return;
    const uid = this.get(namespace, name)?.metadata.uid;
    time.after(100, () => {
      if (this.#isStill(namespace, name, uid))
        new Hand(this.#world, 'system:kube-scheduler').bind(namespace, name, node);
    });
    time.after(startMs, () => this.start(namespace, name, uid));
    if (readyAfter !== undefined)
      time.after(startMs + 10 + readyAfter, () => this.ready(namespace, name, true, uid));
  }

  /** Its containers run: it has an IP. Also after its node has rebooted: another one. */
  start(namespace: string, name: string, uid: string | undefined): void {
    this.#ips += 1;
    const podIP = `10.4.${Math.floor(this.#ips / 250)}.${(this.#ips % 250) + 1}`;
    this.#report(namespace, name, uid, { phase: 'Running', podIP, podIPs: [{ ip: podIP }] });
  }

  /** The Pods of a node that has rebooted. */
  restartOn(node: string): void {
    const { time } = this.#world.engine;
    for (const { metadata } of this.#nodes.podsOn(node)) {
      const { namespace = '', name, uid } = metadata;
      time.after(2_000, () => this.start(namespace, name, uid));
      time.after(4_000, () => this.ready(namespace, name, true, uid));
    }
  }

  ready(namespace: string, name: string, ready: boolean, uid?: string): void {
    const pod = this.get(namespace, name);
    if (ready && pod?.status?.podIP === undefined) return;
    if (ready && pod?.metadata.deletionTimestamp !== undefined) return;
    const status = ready ? 'True' : 'False';
    const lastTransitionTime = timestamp(this.#world.engine.time.now());
    this.#report(namespace, name, uid, { conditions: [{ type: 'Ready', status, lastTransitionTime }] });
  }

  finish(namespace: string, name: string): void {
    this.#report(namespace, name, undefined, {
      phase: 'Succeeded',
      conditions: [
        { type: 'Ready', status: 'False', lastTransitionTime: timestamp(this.#world.engine.time.now()) },
      ],
    });
  }

  /** Asked to end; its kubelet ends it `after` milliseconds later, if that lives. */
  terminate(namespace: string, name: string, after: number, then?: () => void): void {
    const uid = this.get(namespace, name)?.metadata.uid;
    if (uid === undefined) return;
    const { time } = this.#world.engine;
    new Hand(this.#world, 'carol@example.com').remove(keys.pods, namespace, name);
    if (this.get(namespace, name) === undefined) {
      then?.();
      return;
    }
    time.after(after / 2, () => this.ready(namespace, name, false, uid));
    time.after(after, () => {
      const pod = this.get(namespace, name);
      if (pod?.metadata.uid !== uid) return;
      const node = pod.spec.nodeName;
      if (node !== undefined && this.#nodes.alive(node))
        new Hand(this.#world, `system:node:${node}`).remove(keys.pods, namespace, name, {
          gracePeriodSeconds: 0,
          preconditions: { uid },
        });
      then?.();
    });
  }

  /** A rollout's way with labels. */
  relabel(namespace: string, name: string, labels: Readonly<Record<string, string | null>>): void {
    new Hand(this.#world, 'carol@example.com').patch(keys.pods, namespace, name, { metadata: { labels } });
  }

  #isStill(namespace: string, name: string, uid: string | undefined): boolean {
    const pod = this.get(namespace, name);
    return pod !== undefined && (uid === undefined || pod.metadata.uid === uid);
  }

  #report(namespace: string, name: string, uid: string | undefined, status: object): void {
    const pod = this.get(namespace, name);
    const node = pod?.spec.nodeName;
    if (pod === undefined || node === undefined || !this.#nodes.alive(node)) return;
    if (!this.#isStill(namespace, name, uid)) return;
    const hand = new Hand(this.#world, `system:node:${node}`);
    const body = JSON.parse(JSON.stringify({ metadata: { uid: pod.metadata.uid }, status }));
    hand.patchStatus(keys.pods, namespace, name, body, strategic);
  }
}
