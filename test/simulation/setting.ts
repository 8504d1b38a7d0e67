import { onClusterEvent } from '../../functions/on-cluster-event.ts';
import { cloudEventOf, onComputeEvent } from '../../functions/on-compute-event.ts';
import type { AuditEntry } from '../../functions/persistent-ip/audit.ts';
import { onReconcileRequest } from '../../functions/reconcile.ts';
import { onSweep } from '../../functions/sweep.ts';
import { Agents } from './actors/agents.ts';
import { Nodes } from './actors/nodes.ts';
import { OtherController } from './actors/other-controller.ts';
import { Pods } from './actors/pods.ts';
import { SimCompute } from './cloud/compute.ts';
import { computeRequest, followWrites } from './cloud/events.ts';
import { SimCluster } from './cloud/kubernetes.ts';
import { Subscription } from './cloud/messages.ts';
import type { Engine } from './engine/engine.ts';
import { type Entry, Platform } from './functions/platform.ts';
import type { Listener, Sabotage } from './functions/ports.ts';
import type { Stage } from './plan/action.ts';
import { blue, external, internal, nodeNames, zoneOf } from './plan/stock.ts';

export interface SettingOptions {
  readonly engine: Engine;
  readonly seed: number;
  /** Of 100 audit entries, how many never arrive; of sweeps half as many. */
  readonly lostPercent: number;
  readonly sabotage: Sabotage;
  readonly listener: Listener;
}

/** The cluster, its cloud, the functions that are deployed on it, and who acts there. */
export interface Setting extends Stage {
  /** Starts a sweep, as Cloud Scheduler does; with `full` as it does each five minutes. */
  sweep(scope?: 'full'): void;
}

/** How long an operation takes that nobody says more about: one of a person's, milliseconds. */
const operationMs = 1_000;

/** A new cluster with its nodes and reserved addresses, and nothing of ours in it. */
export const settingOf = (options: SettingOptions): Setting => {
  const { engine, seed, listener, sabotage } = options;
  const audited: AuditEntry[] = [];
  const cluster = new SimCluster(engine.time, seed);
  const compute = new SimCompute(engine.time, operationMs);
  const platform = new Platform({
    engine,
    cluster,
    compute,
    requests: () => requests,
    audited,
    sabotage,
    ...listener,
  });
  const { clusterEvents, computeEvents, requests, sweeps } = subscriptionsOf(options, platform);
  const world = { engine, cluster, compute, computeEvents, audited };
  const nodes = new Nodes(world);
  const pods = new Pods(world, nodes);
  const agents = new Agents(world, nodes);
  furnish(compute, nodes);
  followWrites(cluster, compute, clusterEvents, computeEvents);
  nodes.onReboot = (node) => {
    pods.restartOn(node);
    agents.wake(node);
  };
  return {
    ...world,
    nodes,
    pods,
    agents,
    other: new OtherController(world),
    sweep: (scope) =>
      sweeps.publish({ label: 'sweep', data: '', attributes: scope === undefined ? {} : { scope } }),
  };
};

/** The deployment's own: every function behind its subscription. */
const subscriptionsOf = ({ engine, lostPercent }: SettingOptions, platform: Platform) => {
  const subscribe = (name: string, latency: readonly [number, number], lost: number, entry: Entry) =>
    new Subscription(engine, {
      name,
      ordered: name === 'reconcile',
      latency,
      lostPercent: lost,
      push: (push) => platform.call(name, entry, push),
    });
  return {
    clusterEvents: subscribe('on-cluster-event', [300, 4_000], lostPercent, onClusterEvent),
    computeEvents: subscribe('on-compute-event', [1_000, 8_000], lostPercent, (wiring, pushed) => {
      const { headers, body } = computeRequest(pushed);
      return onComputeEvent(wiring, cloudEventOf(headers, body));
    }),
    // What was published is lost more rarely than what a sink should have routed.
    requests: subscribe('reconcile', [20, 200], lostPercent / 10, onReconcileRequest),
    sweeps: subscribe('sweep', [50, 500], lostPercent / 2, onSweep),
  };
};

const furnish = ({ kit }: SimCompute, nodes: Nodes): void => {
  kit.addNetwork({ name: 'default' });
  kit.addSubnetwork({ name: 'default', network: 'default', range: '10.128.0.0/20' });
  kit.addNetwork({ name: blue.vpc });
  kit.addSubnetwork({ name: blue.subnet, network: blue.vpc, range: '172.16.0.0/20' });
  const nameOf = (address: string): string => `ip-${address.replaceAll('.', '-')}`;
  for (const address of external) kit.reserveAddress({ name: nameOf(address), address });
  for (const address of internal)
    kit.reserveAddress({ name: nameOf(address), address, subnetwork: 'default' });
  for (const [at, name] of nodeNames.entries()) nodes.add(name, zoneOf(name), at);
};
