import { readFileSync } from 'node:fs';
import pc from 'picocolors';
import { type Admin, adminOf } from '../admin.ts';
import type { LocalCloud } from '../cloud.ts';
import { applySample, applyWithAddresses } from '../samples.ts';
import { until } from '../until.ts';
import { type Say, sayRoute } from './narrator.ts';
import { type Packet, tracePacket } from './packet.ts';
import { type RouteView, viewRoute } from './route-view.ts';

/** A step that did not do what it says. */
export class TourFailure extends Error {}

/** A person at the cluster and at the cloud, who says what is seen. */
export class Guide {
  readonly #cloud: LocalCloud;
  readonly #admin: Admin;
  readonly #say: Say;

  constructor(cloud: LocalCloud, say: Say) {
    this.#cloud = cloud;
    this.#admin = adminOf(cloud);
    this.#say = say;
  }

  /** @returns how many addresses were reserved for it */
  async apply(name: string): Promise<number> {
    return (await applySample(this.#cloud, name)).length;
  }

  /** Applies one of the tours' own manifests, `manifests/NAME.yaml`. */
  async applyManifest(name: string): Promise<void> {
    const text = readFileSync(new URL(`manifests/${name}.yaml`, import.meta.url), 'utf8');
    await applyWithAddresses(this.#cloud, name, text);
  }

  ready(namespace: string, name: string): Promise<RouteView> {
    return this.#when(namespace, name, 'is Ready', ({ ready }) => ready);
  }

  /** Condition `type` has this reason. */
  reason(namespace: string, name: string, type: string, reason: string): Promise<RouteView> {
    return this.#when(namespace, name, `says ${type}/${reason}`, ({ conditions }) =>
      conditions.some((condition) => condition.type === type && condition.reason === reason),
    );
  }

  /** Ready on another Pod than before, and its node agent has answered. */
  readyElsewhere(before: RouteView): Promise<RouteView> {
    const { namespace, name } = before;
    return this.#when(
      namespace,
      name,
      'is Ready on another Pod',
      ({ ready, pod }) => ready && pod !== before.pod,
    );
  }

  async deletePod(namespace: string, pod: string | undefined): Promise<void> {
    await this.#admin.kubernetes('DELETE', `/api/v1/namespaces/${namespace}/pods/${pod ?? ''}`);
  }

  /** @param labels null removes one */
  async labelNamespace(name: string, labels: Readonly<Record<string, string | null>>): Promise<void> {
    await this.#admin.kubernetes(
      'PATCH',
      `/api/v1/namespaces/${name}`,
      { metadata: { labels } },
      'application/merge-patch+json',
    );
  }

  /** Where a packet for this address ends, as Compute and the node's agent have it. */
  packetTo(address: string): Promise<Packet> {
    return tracePacket(this.#cloud, this.#admin, address);
  }

  /** The source ranges that firewall rules open towards this address. */
  async openTo(address: string): Promise<readonly string[]> {
    const { items = [] } = (await this.#admin.compute('GET', '/global/firewalls')) as {
      items?: readonly { sourceRanges?: readonly string[]; destinationRanges?: readonly string[] }[];
    };
    return items
      .filter(({ destinationRanges = [] }) => destinationRanges.includes(`${address}/32`))
      .flatMap(({ sourceRanges = [] }) => sourceRanges);
  }

  async restart(namespace: string, deployment: string): Promise<void> {
    const annotations = { 'kubectl.kubernetes.io/restartedAt': new Date().toISOString() };
    await this.#admin.kubernetes(
      'PATCH',
      `/apis/apps/v1/namespaces/${namespace}/deployments/${deployment}`,
      { spec: { template: { metadata: { annotations } } } },
      'application/merge-patch+json',
    );
  }

  /** As `kubectl rollout status` waits: every Pod is of the new template, and the old ones are gone. */
  async rolledOut(namespace: string, deployment: string): Promise<void> {
    await until(this.#cloud, `${namespace}/${deployment} is rolled out`, async () => {
      const { metadata, spec, status } = (await this.#admin.kubernetes(
        'GET',
        `/apis/apps/v1/namespaces/${namespace}/deployments/${deployment}`,
      )) as { metadata: { generation: number }; spec: { replicas: number }; status?: Record<string, number> };
      const {
        observedGeneration = 0,
        updatedReplicas = 0,
        replicas = 0,
        availableReplicas = 0,
      } = status ?? {};
      const done =
        observedGeneration >= metadata.generation &&
        [updatedReplicas, replicas, availableReplicas].every((number) => number === spec.replicas);
      return done ? true : undefined;
    });
  }

  async nodeLooksReady(node: string | undefined): Promise<boolean> {
    const { status } = (await this.#admin.kubernetes('GET', `/api/v1/nodes/${node ?? ''}`)) as {
      status?: { conditions?: readonly { type: string; status: string }[] };
    };
    return (
      status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') === true
    );
  }

  async deleteVm({ node }: RouteView): Promise<void> {
    const [zone, name] = this.#zoneOf(node);
    await this.#admin.compute('DELETE', `/zones/${zone}/instances/${name}`);
  }

  async deleteRoute(namespace: string, name: string): Promise<void> {
    await this.#admin.kubernetes(
      'DELETE',
      `/apis/networking.gke.io/v1/namespaces/${namespace}/gkeiproutes/${name}`,
    );
    await until(this.#cloud, `${namespace}/${name} is gone`, async () =>
      (await viewRoute(this.#admin, namespace, name)) === undefined ? true : undefined,
    );
    this.#say(`  ${pc.cyan(`${namespace}/${name}`)} is gone`);
  }

  /** How many resources of the region there are. */
  async count(collection: 'addresses' | 'forwardingRules' | 'backendServices'): Promise<number> {
    const answer = await this.#admin.compute('GET', `/regions/${this.#cloud.region}/${collection}`);
    const { items } = answer as { items?: readonly unknown[] };
    return items?.length ?? 0;
  }

  note(line: string): void {
    this.#say(`    ${line}`);
  }

  show(route: RouteView): void {
    sayRoute(this.#say, route);
  }

  expect(holds: boolean, what: string): void {
    if (!holds) throw new TourFailure(`expected that ${what}`);
    this.#say(`    ${pc.green('✓')} ${what}`);
  }

  #when(
    namespace: string,
    name: string,
    what: string,
    holds: (route: RouteView) => boolean,
  ): Promise<RouteView> {
    return until(this.#cloud, `${namespace}/${name} ${what}`, async () => {
      const route = await viewRoute(this.#admin, namespace, name);
      return route !== undefined && holds(route) ? route : undefined;
    });
  }

  #zoneOf(node: string | undefined): readonly [string, string] {
    const vm = this.#cloud.vms.find(({ name }) => name === node);
    if (vm === undefined) throw new TourFailure(`node ${node ?? '?'} has no VM`);
    return [vm.zone, vm.name];
  }
}
