import pc from 'picocolors';
import { type Admin, adminOf } from '../admin.ts';
import type { LocalCloud } from '../cloud.ts';
import { until } from '../until.ts';
import { type Say, sayRoute } from './narrator.ts';
import { type Packet, tracePacket } from './packet.ts';
import { type RouteView, viewRoute } from './route-view.ts';

/** The entries of the audit log that say who held what. */
export const changesOfHolder =
  'logName:"persistent-ip-audit" AND jsonPayload.action=("allocate" OR "move" OR "release")';

/** A step that did not do what it says. */
export class TourFailure extends Error {}

/** Somebody who looks at the cluster and at the cloud, waits for what must come, and says what is seen. */
export class Onlooker {
  protected readonly cloud: LocalCloud;
  protected readonly admin: Admin;
  readonly #say: Say;

  constructor(cloud: LocalCloud, say: Say) {
    this.cloud = cloud;
    this.admin = adminOf(cloud);
    this.#say = say;
  }

  /** What a Gateway offers, once it is programmed with `least` addresses or more. */
  pool(namespace: string, name: string, least = 1): Promise<readonly string[]> {
    return until(this.cloud, `Gateway ${namespace}/${name} holds ${least} addresses`, async () => {
      const { status } = (await this.admin.kubernetes(
        'GET',
        `/apis/gateway.networking.k8s.io/v1/namespaces/${namespace}/gateways/${name}`,
      )) as { status?: { addresses?: readonly { value: string }[] } };
      const held = (status?.addresses ?? []).map(({ value }) => value);
      return held.length >= least ? held : undefined;
    });
  }

  /** uid of the Pod that holds a route's addresses, as the audit log has it. */
  holderOf(route: string): string | undefined {
    const last = this.cloud.logging
      .list(changesOfHolder)
      .map(({ jsonPayload }) => jsonPayload as { route?: { name?: string }; to?: { uid?: string } })
      .filter((entry) => entry.route?.name === route)
      .at(-1);
    return last?.to?.uid;
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

  /** The route is Ready, and held by another Pod than `before`, though its name may be the same. */
  async heldAnew(namespace: string, name: string, before: string | undefined): Promise<void> {
    await this.#when(namespace, name, 'is Ready on a new Pod', ({ ready }) => {
      const holder = this.holderOf(name);
      return ready && holder !== undefined && holder !== before;
    });
  }

  /** As `kubectl rollout status` waits: every Pod is of the new template, and the old ones are gone. */
  async rolledOut(namespace: string, deployment: string): Promise<void> {
    await until(this.cloud, `${namespace}/${deployment} is rolled out`, async () => {
      const { metadata, spec, status } = (await this.admin.kubernetes(
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
    const { status } = (await this.admin.kubernetes('GET', `/api/v1/nodes/${node ?? ''}`)) as {
      status?: { conditions?: readonly { type: string; status: string }[] };
    };
    return (
      status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') === true
    );
  }

  /** Where a packet for this address ends, as Compute and the node's agent have it. */
  packetTo(address: string): Promise<Packet> {
    return tracePacket(this.cloud, this.admin, address);
  }

  /** The source ranges that firewall rules open towards this address. */
  async openTo(address: string): Promise<readonly string[]> {
    const { items = [] } = (await this.admin.compute('GET', '/global/firewalls')) as {
      items?: readonly { sourceRanges?: readonly string[]; destinationRanges?: readonly string[] }[];
    };
    return items
      .filter(({ destinationRanges = [] }) => destinationRanges.includes(`${address}/32`))
      .flatMap(({ sourceRanges = [] }) => sourceRanges);
  }

  /** Short names of the VPC networks that have a firewall rule. */
  async firewallNetworks(): Promise<readonly string[]> {
    const { items = [] } = (await this.admin.compute('GET', '/global/firewalls')) as {
      items?: readonly { network?: string }[];
    };
    return items.flatMap(({ network }) => network?.split('/').at(-1) ?? []);
  }

  /** How many resources of the region there are. */
  async count(collection: 'addresses' | 'forwardingRules' | 'backendServices'): Promise<number> {
    const answer = await this.admin.compute('GET', `/regions/${this.cloud.region}/${collection}`);
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
    return until(this.cloud, `${namespace}/${name} ${what}`, async () => {
      const route = await viewRoute(this.admin, namespace, name);
      return route !== undefined && holds(route) ? route : undefined;
    });
  }
}
