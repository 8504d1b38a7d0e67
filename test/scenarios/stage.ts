import { expect } from 'vitest';
import { type Admin, adminOf, type Json, Refusal } from '../../infra/local/admin.ts';
import { type CloudOptions, type LocalCloud, startCloud } from '../../infra/local/cloud.ts';
import type { Message } from '../../infra/local/pubsub/index.ts';
import { type RouteView, viewRoute } from '../../infra/local/tour/route-view.ts';
import { until } from '../../infra/local/until.ts';
import { gateway, namespace, paths, pod, route } from './objects.ts';
import { ReasonNotes } from './reason-notes.ts';
import { type GatewayView, isReady, type Observed } from './views.ts';

/**
 * A local cloud whose Pods and operations are quick, and what a scenario says about it.
 *
 * Every scenario runs three times, as it stands: on what is embedded here (`npm test`), on a real control plane
 * (`npm run test:cluster`) and through the official Pub/Sub emulator (`npm run test:pubsub-emulator`). So it awaits what it applies, and waits for what it means (`ready`,
 * `reason`, `until`, `gone`) instead of `rest` alone: `rest` says that no message is under way, and a real controller
 * may not even have begun.
 */
export class Stage {
  /** What every stage of this run stands on: a suite's setup file puts another cluster or Pub/Sub under it. */
  static ground: CloudOptions = {};

  readonly cloud: LocalCloud;
  readonly admin: Admin;
  readonly #said = new ReasonNotes();

  constructor(cloud: LocalCloud) {
    this.cloud = cloud;
    this.admin = adminOf(cloud);
  }

  static async open(options: CloudOptions = {}): Promise<Stage> {
    // Pods are quick; leases are slow enough that a busy machine does not make a living node look dead.
    const timings = { podStartMs: 10, podReadyMs: 10, terminateMs: 10, leaseMs: 1_000, graceMs: 5_000 };
    const stage = new Stage(
      await startCloud({ sweepMs: 0, operationMs: 5, nodes: 4, timings, ...Stage.ground, ...options }),
    );
    await stage.rest();
    return stage;
  }

  async close(): Promise<void> {
    await this.#said.noteRest(this.cloud, this.admin);
    this.#said.leave(expect.getState().testPath ?? '');
    await this.cloud.close();
  }

  /** Creates or merges objects, one after the other, as an administrator. */
  apply(...objects: readonly object[]): Promise<void> {
    return this.cloud.kubernetes.apply(objects.map((object) => JSON.stringify(object)).join('\n---\n'));
  }

  /**
   * As most scenarios begin: a pool of these addresses in namespace edge, and its route nat to the first of them, which
   * Pod nat-1 holds. At rest.
   */
  async serve({
    ips = ['34.1.2.3'],
    node,
  }: {
    ips?: readonly [string, ...string[]];
    node?: string;
  } = {}): Promise<void> {
    this.reserve(...ips);
    await this.apply(
      namespace('edge'),
      gateway('pool', 'edge', ips),
      route('nat', 'edge', [ips[0]]),
      pod('nat-1', 'edge', node === undefined ? {} : { node }),
    );
    await this.ready('edge', 'nat', 'nat-1');
    await this.rest();
  }

  reserve(...ips: readonly string[]): void {
    for (const address of ips)
      this.cloud.compute.reserveAddress({ name: `ip-${address.replaceAll('.', '-')}`, address });
  }

  /** Every message is delivered and every event has been followed. */
  async rest(): Promise<void> {
    await this.cloud.pubsub.idle();
  }

  route(namespace: string, name: string): Promise<RouteView | undefined> {
    return viewRoute(this.admin, namespace, name);
  }

  /** The route when `holds` is true of it. */
  until(
    namespace: string,
    name: string,
    what: string,
    holds: (route: RouteView) => boolean,
  ): Promise<RouteView> {
    return until(
      this.cloud,
      `${namespace}/${name}: ${what}`,
      async () => {
        const route = await this.route(namespace, name);
        this.#said.note('GKEIPRoute', route?.conditions);
        return route !== undefined && holds(route) ? route : undefined;
      },
      20_000,
    );
  }

  /** Ready, and held by `pod` where one is named. */
  ready(namespace: string, name: string, pod?: string): Promise<RouteView> {
    const what = pod === undefined ? 'Ready' : `Ready on ${pod}`;
    return this.until(
      namespace,
      name,
      what,
      (route) => route.ready && (pod === undefined || route.pod === pod),
    );
  }

  /** Condition `type` has this reason. */
  reason(namespace: string, name: string, type: string, reason: string): Promise<RouteView> {
    return this.until(namespace, name, `${type}/${reason}`, ({ conditions }) =>
      conditions.some((condition) => condition.type === type && condition.reason === reason),
    );
  }

  /** The Gateway as it stands; `undefined` when there is none of that name. */
  async gateway(namespace: string, name: string): Promise<GatewayView | undefined> {
    const found = await this.find(paths.gateway(namespace, name));
    return found && { metadata: {}, ...(found as Partial<GatewayView>) };
  }

  /** The Gateway when its condition `type` has this reason, for its present generation. */
  gatewayReason(namespace: string, name: string, type: string, reason: string): Promise<GatewayView> {
    return until(this.cloud, `Gateway ${namespace}/${name}: ${type}/${reason}`, async () => {
      const gateway = await this.gateway(namespace, name);
      const found = gateway?.status?.conditions?.find((condition) => condition.type === type);
      const current = found?.observedGeneration === gateway?.metadata.generation;
      this.#said.note('Gateway', gateway?.status?.conditions);
      return found?.reason === reason && current ? gateway : undefined;
    });
  }

  /** A change that a user makes to a regional resource of Compute, done when its operation is. */
  async change(method: 'POST' | 'DELETE', path: string, body?: object): Promise<void> {
    const { name } = await this.admin.compute(method, path, body);
    await this.admin.compute('POST', `/regions/${this.cloud.region}/operations/${String(name)}/wait`);
  }

  /** Names of the resources of one collection of the Compute API, as `/regions/us-central1/addresses`. */
  async names(path: string): Promise<readonly string[]> {
    const { items } = (await this.admin.compute('GET', path)) as { items?: readonly { name: string }[] };
    return (items ?? []).map(({ name }) => name).sort();
  }

  /** The Pod's own Ready condition is True. */
  async podReady(namespace: string, name: string): Promise<void> {
    await this.when(paths.pod(namespace, name), 'is Ready', (pod) => isReady(pod) === 'True');
  }

  /** The Pod's containers run: it has its IP, Ready or not. */
  async podRunning(namespace: string, name: string): Promise<void> {
    await this.when(paths.pod(namespace, name), 'runs', ({ status }) => status?.podIP !== undefined);
  }

  async podPhase(namespace: string, name: string, phase: string): Promise<void> {
    await this.when(paths.pod(namespace, name), `is ${phase}`, ({ status }) => status?.phase === phase);
  }

  async nodeNotReady(name: string): Promise<void> {
    await this.when(`/api/v1/nodes/${name}`, 'is not Ready', (node) => isReady(node) !== 'True');
  }

  /** The object at `path` is as `holds` says. */
  async when(path: string, what: string, holds: (object: Observed) => boolean): Promise<void> {
    await until(this.cloud, `${path} ${what}`, async () =>
      holds(await this.admin.kubernetes('GET', path)) ? true : undefined,
    );
  }

  /** Removes a CustomResourceDefinition, if there is one of this name. */
  async undefine(name: string): Promise<void> {
    const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${name}`;
    if ((await this.find(path)) === undefined) return;
    await this.delete(path);
    await this.gone(path);
  }

  /** What is at `path` of the Kubernetes API, or `undefined`. */
  find(path: string): Promise<Json | undefined> {
    return this.admin.kubernetes('GET', path).catch((error: unknown) => {
      if (error instanceof Refusal && error.code === 404) return undefined;
      throw error;
    });
  }

  /** Tries until the API server refuses with these words; what it lets pass meanwhile is taken away again. */
  async refused(create: () => Promise<Json>, words: RegExp): Promise<void> {
    for (let tries = 0; tries < 100; tries += 1) {
      try {
        const { metadata } = (await create()) as { metadata: { namespace: string; name: string } };
        await this.delete(paths.route(metadata.namespace, metadata.name));
        await this.gone(paths.route(metadata.namespace, metadata.name));
      } catch (error) {
        if (words.test(String(error))) return;
        throw error;
      }
    }
    throw new Error(`the API server never refused with ${words}`);
  }

  /** Nothing is at `path` any more: nobody holds it back, and everything that follows from it has been handled. */
  async gone(path: string): Promise<void> {
    await until(this.cloud, `${path} is gone`, async () => ((await this.find(path)) ? undefined : true));
    await this.rest();
  }

  /** Mutations of Compute by the functions since `from`, as `METHOD collection/verb`. */
  mutations(from = 0): readonly string[] {
    return this.cloud.compute.calls
      .slice(from)
      .filter(({ mutation, principal }) => mutation && principal === this.cloud.serviceAccount)
      .map(({ method, path }) => `${method} ${kindOf(path)}`);
  }

  /** Changes of holder of a route, oldest first. */
  history(name: string): readonly Json[] {
    return this.cloud.logging
      .list('logName:"persistent-ip-audit" AND jsonPayload.action=("allocate" OR "move" OR "release")')
      .map(({ jsonPayload }) => jsonPayload as Json)
      .filter(({ route }) => (route as Json).name === name);
  }

  /** Everything that the functions made or wrote: what must not change when nothing has happened. */
  async snapshot(): Promise<unknown> {
    const { region } = this.cloud;
    const paths = [
      `/regions/${region}/backendServices`,
      `/regions/${region}/forwardingRules`,
      '/global/firewalls',
      ...['a', 'b'].map((zone) => `/zones/${region}-${zone}/networkEndpointGroups`),
    ];
    const compute = await Promise.all(
      paths.map(async (path) => (await this.admin.compute('GET', path)).items ?? []),
    );
    const routes = await this.admin.kubernetes('GET', '/apis/networking.gke.io/v1/gkeiproutes');
    const gateways = await this.admin.kubernetes('GET', '/apis/gateway.networking.k8s.io/v1/gateways');
    return { compute, routes: routes.items, gateways: gateways.items };
  }

  /** Messages of every push so far, in the order of their first delivery. */
  messages(from = 0): readonly { readonly subscription: string; readonly message: Message }[] {
    return this.cloud.pubsub.deliveries.slice(from);
  }

  async count(path: string): Promise<number> {
    const { items } = (await this.admin.compute('GET', path)) as { items?: readonly unknown[] };
    return items?.length ?? 0;
  }

  delete(path: string): Promise<Json> {
    return this.admin.kubernetes('DELETE', path);
  }

  patch(path: string, body: object): Promise<Json> {
    return this.admin.kubernetes('PATCH', path, body, 'application/merge-patch+json');
  }
}

const verbs = ['attachNetworkEndpoints', 'detachNetworkEndpoints', 'setLabels'];

/** `networkEndpointGroups/attachNetworkEndpoints` or `backendServices`, without places and names. */
const kindOf = (path: string): string => {
  const parts = path.split('/').slice(5);
  const [collection = ''] = parts[0] === 'global' ? parts.slice(1) : parts.slice(2);
  const last = parts.at(-1) ?? '';
  return verbs.includes(last) ? `${collection}/${last}` : collection;
};
