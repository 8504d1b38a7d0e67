import type { InstanceStatus } from '../../../infra/local/compute/index.ts';
import { silentConditions } from '../../../infra/local/nodes/node-health.ts';
import { healthyConditions, nodeObject } from '../../../infra/local/nodes/node-object.ts';
import { isTrue, type Node, type Pod, timestamp } from '../../../infra/local/nodes/objects.ts';
import { facts } from '../../functions/fixtures.ts';
import { systemEvent } from '../cloud/events.ts';
import { keys } from '../cloud/kubernetes.ts';
import { controller, Hand, type SimWorld } from './world.ts';

/** How a node is lost. `silent`: only its kubelet stops; the other ways take its VM. */
export type Loss = 'silent' | 'stopped by a person' | 'deleted by a person' | 'preempted' | 'power cut';

interface Machine {
  readonly name: string;
  readonly zone: string;
  readonly number: number;
  /** Its kubelet and its agent run. */
  alive: boolean;
  gone: boolean;
}

/** What the node controller waits, milliseconds. Source: Kubernetes, `--node-monitor-grace-period`, default tolerations. */
const grace = 40_000;
const eviction = 300_000;

const strategic = 'application/strategic-merge-patch+json';

/** The nodes, the VMs that they are, and the controllers that watch over them. */
export class Nodes {
  readonly #world: SimWorld;
  readonly #machines = new Map<string, Machine>();
  /** Told when a node's Pods start again with new addresses. */
  onReboot: (node: string) => void = () => {};
  #events = 0;

  constructor(world: SimWorld) {
    this.#world = world;
  }

  get all(): readonly Machine[] {
    return [...this.#machines.values()];
  }

  alive(name: string): boolean {
    return this.#machines.get(name)?.alive === true;
  }

  add(name: string, zone: string, number: number): void {
    this.#machines.set(name, { name, zone, number, alive: true, gone: false });
    this.#boot(name, zone, number);
  }

  #boot(name: string, zone: string, number: number): void {
    const { compute, engine } = this.#world;
    compute.kit.createInstance({
      name,
      zone,
      subnetwork: 'default',
      ip: `10.128.0.${10 + number}`,
      more: [{ subnetwork: 'blue-subnet', ip: `172.16.0.${10 + number}` }],
    });
    const spec = {
      name,
      zone,
      instance: name,
      project: facts.networkProject,
      podCidr: `10.4.${number}.0/24`,
      ip: `10.128.0.${10 + number}`,
      subnetwork: 'default',
    };
    const object = nodeObject(spec, engine.time.now()) as { metadata: object };
    const annotations = { 'networking.gke.io/north-interfaces': JSON.stringify([{ network: 'blue' }]) };
    const body = JSON.parse(
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Node',
        ...object,
        metadata: { ...object.metadata, annotations },
      }),
    );
    new Hand(this.#world, `system:node:${name}`).create(keys.nodes, body);
  }

  lose(name: string, how: Loss): void {
    const machine = this.#machines.get(name);
    if (machine === undefined || !machine.alive) return;
    machine.alive = false;
    const { time } = this.#world.engine;
    this.#takeVm(machine, how);
    time.after(grace, () => {
      if (!machine.alive && !machine.gone) this.#markUnknown(name);
    });
    time.after(grace + eviction, () => {
      if (!machine.alive && !machine.gone) this.#evict(name);
    });
  }

  /** A VM that is there again boots: its Pods start anew, with other addresses. */
  recover(name: string): void {
    const machine = this.#machines.get(name);
    if (machine === undefined || machine.alive) return;
    machine.alive = true;
    if (machine.gone) {
      machine.gone = false;
      this.#boot(name, machine.zone, machine.number);
      return;
    }
    const { compute, cluster, engine } = this.#world;
    const instance = { name, zone: machine.zone };
    const rebooted = this.vmStatus(name) !== 'RUNNING';
    if (rebooted) compute.kit.setInstanceStatus(instance, 'RUNNING');
    const node = cluster.get(keys.nodes, '', name) as Node | undefined;
    if (node === undefined) return;
    const conditions = healthyConditions(node.status?.conditions, engine.time.now());
    const body = JSON.parse(JSON.stringify({ status: { conditions } }));
    new Hand(this.#world, `system:node:${name}`).patchStatus(keys.nodes, '', name, body, strategic);
    this.onReboot(name);
  }

  vmStatus(name: string): InstanceStatus | undefined {
    const machine = this.#machines.get(name);
    if (machine === undefined) return undefined;
    const key = `projects/${facts.networkProject}/zones/${machine.zone}/instances/${name}`;
    return this.#world.compute.world.store.get('instances', key as never)?.status;
  }

  #takeVm(machine: Machine, how: Loss): void {
    const { compute, computeEvents, engine } = this.#world;
    const { name, zone } = machine;
    if (how === 'silent') return;
    const asked = { project: facts.networkProject, zone, instance: name };
    if (how === 'power cut') compute.kit.setInstanceStatus({ name, zone }, 'TERMINATED');
    else if (how === 'preempted') {
      compute.kit.setInstanceStatus({ name, zone }, 'TERMINATED');
      this.#events += 1;
      const data = systemEvent(
        'instances.preempted',
        zone,
        name,
        engine.time.now(),
        `system-${this.#events}`,
      );
      computeEvents.publish({ label: `preempted ${name}`, data, attributes: {} });
    } else if (how === 'stopped by a person')
      void compute.request('dave@example.com', 'Instances', 'Stop', asked);
    else {
      void compute.request('dave@example.com', 'Instances', 'Delete', asked);
      machine.gone = true;
      engine.time.after(30_000, () => {
        if (machine.gone) this.#removeNode(name);
      });
    }
  }

  #markUnknown(name: string): void {
    const { cluster, engine } = this.#world;
    const hand = new Hand(this.#world, controller('node-controller'));
    const node = cluster.get(keys.nodes, '', name) as Node | undefined;
    if (node === undefined) return;
    const conditions = silentConditions(node, engine.time.now());
    if (conditions !== undefined)
      hand.putStatus(keys.nodes, { ...node, status: { ...node.status, conditions } } as never);
    for (const pod of this.podsOn(name)) {
      if (!isTrue(pod.status, 'Ready')) continue;
      const marked = (pod.status?.conditions ?? []).map((condition) =>
        condition.type === 'Ready'
          ? { ...condition, status: 'False', lastTransitionTime: timestamp(engine.time.now()) }
          : condition,
      );
      hand.putStatus(keys.pods, { ...pod, status: { ...pod.status, conditions: marked } } as never);
    }
  }

  #evict(name: string): void {
    const hand = new Hand(this.#world, controller('node-controller'));
    for (const { metadata } of this.podsOn(name))
      hand.remove(keys.pods, metadata.namespace ?? '', metadata.name);
  }

  /** The cloud node controller, and after it the Pod garbage collector. */
  #removeNode(name: string): void {
    new Hand(this.#world, controller('cloud-node-lifecycle-controller')).remove(keys.nodes, '', name);
    this.#world.engine.time.after(20_000, () => {
      if (this.#world.cluster.get(keys.nodes, '', name) !== undefined) return;
      const hand = new Hand(this.#world, controller('pod-garbage-collector'));
      for (const { metadata } of this.podsOn(name))
        hand.remove(keys.pods, metadata.namespace ?? '', metadata.name, { gracePeriodSeconds: 0 });
    });
  }

  podsOn(name: string): readonly Pod[] {
    return (this.#world.cluster.list(keys.pods) as unknown as Pod[]).filter(
      ({ spec }) => spec.nodeName === name,
    );
  }
}
