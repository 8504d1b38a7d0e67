import type { ReconcileRequest } from '../../events/reconcile-request.ts';
import type { AuditEntry } from '../../functions/persistent-ip/audit.ts';
import type {
  Address,
  BackendService,
  Firewall,
  ForwardingRule,
  Neg,
} from '../../functions/persistent-ip/cloud.ts';
import { Failure } from '../../functions/persistent-ip/failure.ts';
import type {
  Gateway,
  GatewayClass,
  Metadata,
  Namespace,
  Network,
  NetworkParamSet,
  Node,
  Pod,
  Route,
  Vm,
  VmState,
} from '../../functions/persistent-ip/objects.ts';
import type {
  ComputeLists,
  ComputePort,
  KubernetesPort,
  Listed,
} from '../../functions/persistent-ip/ports.ts';
import type { RouteEvent } from '../../functions/persistent-ip/route-event.ts';
import { selects } from '../../functions/persistent-ip/selector.ts';
import type { ClusterDependencies } from '../../functions/reconciler/dependencies.ts';
import { applyStep, negKey } from './cloud-in-memory.ts';
import {
  address,
  facts,
  gateway,
  gatewayClass,
  metadata,
  namespace,
  node,
  route,
  start,
} from './fixtures.ts';

const clusterUid = 'cluster-uid';

const key = ({ namespace, name }: { namespace: string; name: string }): string => `${namespace}/${name}`;

/**
 * A cluster and a cloud in memory behind the ports, for tests of the reconciler alone: fences are checked, every
 * call is recorded in `calls`, and `before` may change the world or throw in front of any of them.
 */
export class World {
  readonly routes = new Map<string, Route>();
  readonly gateways = new Map<string, Gateway>();
  readonly classes: GatewayClass[] = [];
  readonly namespaces = new Map<string, Namespace>();
  /** As it is now; `clusterUid` answers what was read once. */
  kubeSystem: Namespace | undefined = {
    ...namespace('kube-system'),
    metadata: metadata('kube-system', { namespace: '', uid: clusterUid }),
  };
  readonly pods = new Map<string, Pod>();
  readonly nodes = new Map<string, Node>();
  readonly vms = new Map<string, VmState>();
  /** Subnetworks of a VM's NICs, by `zone/name`; absent: the cluster's own alone. */
  readonly nics = new Map<string, readonly string[]>();
  readonly networks: Network[] = [];
  readonly paramSets: NetworkParamSet[] = [];
  readonly services = new Map<string, BackendService>();
  readonly rules = new Map<string, ForwardingRule>();
  readonly firewalls = new Map<string, Firewall>();
  readonly negs = new Map<string, Neg>();
  readonly reserved: Address[] = [];
  readonly published: ReconcileRequest[] = [];
  readonly audited: AuditEntry[] = [];
  /** Kubernetes Events by name, and how often each has happened. */
  readonly announced = new Map<string, { readonly event: RouteEvent; times: number; last: string }>();
  readonly calls: string[] = [];
  before: (call: string) => void = () => {};
  /** How long an answer takes: deliveries that run side by side meet in every order. */
  pause: () => Promise<void> = () => Promise.resolve();
  now = start;
  #version = 100;

  /** Every mutation of Compute so far, by name. */
  get mutations(): readonly string[] {
    return this.calls.filter((call) => /^(create|patch|delete)-|^(at|de)tach$/.test(call));
  }

  /** Every status write so far. */
  get statusWrites(): number {
    return this.calls.filter((call) => call === 'write-route-status').length;
  }

  #nextVersion(): string {
    this.#version += 1;
    return String(this.#version);
  }

  #call(name: string): void {
    this.calls.push(name);
    this.before(name);
  }

  readonly deps: ClusterDependencies = {
    deployment: 'test',
    controllerName: 'persistent-ip.dev/serverless',
    cluster: facts,
    kubernetes: this.#kubernetes(),
    compute: this.#compute(),
    lists: this.#lists(),
    audit: {
      write: async (entries) => {
        this.#call('audit');
        await this.pause();
        for (const { timestamp } of entries) this.#checkTime(timestamp);
        this.audited.push(...entries);
        await this.pause();
      },
    },
    events: {
      announce: async (event) => {
        this.#call('event');
        await this.pause();
        const known = this.announced.get(event.name);
        if (known === undefined) this.announced.set(event.name, { event, times: 1, last: event.at });
        else if (event.at > known.last) Object.assign(known, { times: known.times + 1, last: event.at });
        await this.pause();
      },
    },
    requests: {
      publish: async (requests) => {
        this.#call('publish');
        await this.pause();
        this.published.push(...requests);
        await this.pause();
      },
    },
    runtime: {
      now: () => this.now,
      sleep: (ms) => {
        this.now = new Date(this.now.getTime() + ms);
        return Promise.resolve();
      },
      random: () => 0.5,
      log: () => {},
    },
  };

  /** Comment of `WriteLogEntriesRequest.entries`: what is further away is rejected; the quota page has it dropped instead. */
  #checkTime(timestamp: string): void {
    const days = (Date.parse(timestamp) - this.now.getTime()) / 86_400_000;
    if (!(days > -30 && days < 1))
      throw new Failure('user', 'INVALID_ARGUMENT', 400, `an entry of ${timestamp} is out of the log's time`);
  }

  async #read<T>(name: string, value: () => T): Promise<T> {
    this.#call(name);
    await this.pause();
    const answer = value();
    await this.pause();
    return answer;
  }

  #current<T extends Route | Gateway>(stored: T | undefined, given: Metadata): T {
    if (stored === undefined) throw new Failure('not-found', 'NotFound', 404, 'gone');
    if (stored.metadata.resourceVersion !== given.resourceVersion)
      throw new Failure('stale', 'Conflict', 409, 'the object has been modified');
    return stored;
  }

  put(route: Route): Route {
    const next = { ...route, metadata: { ...route.metadata, resourceVersion: this.#nextVersion() } };
    this.routes.set(key(route.metadata), next);
    return next;
  }

  putGateway(gateway: Gateway): Gateway {
    const next = { ...gateway, metadata: { ...gateway.metadata, resourceVersion: this.#nextVersion() } };
    this.gateways.set(key(gateway.metadata), next);
    return next;
  }

  #kubernetes(): KubernetesPort {
    const read = <T>(name: string, value: () => T) => this.#read(name, value);
    return {
      clusterUid: () => read('get-cluster-uid', () => clusterUid),
      route: (namespace, name) => read('get-route', () => this.routes.get(key({ namespace, name }))),
      routes: (namespace) =>
        read('list-routes', () =>
          [...this.routes.values()].filter(
            ({ metadata }) => namespace === undefined || metadata.namespace === namespace,
          ),
        ),
      gateway: (namespace, name) => read('get-gateway', () => this.gateways.get(key({ namespace, name }))),
      gateways: () => read('list-gateways', () => [...this.gateways.values()]),
      gatewayClasses: () => read('list-classes', () => this.classes),
      namespace: (name) =>
        read('get-namespace', () => (name === 'kube-system' ? this.kubeSystem : this.namespaces.get(name))),
      namespaces: () => read('list-namespaces', () => [...this.namespaces.values()]),
      networks: () => read('list-networks', () => this.networks),
      networkParamSets: () => read('list-param-sets', () => this.paramSets),
      pods: (namespace, selector) =>
        read('list-pods', () =>
          [...this.pods.values()].filter(
            ({ metadata }) => metadata.namespace === namespace && selects(selector, metadata.labels),
          ),
        ),
      pod: (namespace, name) => read('get-pod', () => this.pods.get(key({ namespace, name }))),
      podsOnNode: (node) =>
        read('list-pods-on-node', () => [...this.pods.values()].filter(({ nodeName }) => nodeName === node)),
      node: (name) => read('get-node', () => this.nodes.get(name)),
      podsSelected: (by) =>
        read('list-pods-selected', () =>
          [...this.pods.values()]
            .filter(({ metadata }) =>
              by.get(metadata.namespace)?.some((selector) => selects(selector, metadata.labels)),
            )
            .map((pod) => ({ ...pod, metadata: { ...pod.metadata, annotations: {}, finalizers: [] } })),
        ),
      nodes: () => read('list-nodes', () => [...this.nodes.values()]),
      writeRouteStatus: (route, status) =>
        read('write-route-status', () =>
          this.put({ ...this.#current(this.routes.get(key(route.metadata)), route.metadata), status }),
        ),
      writeGatewayStatus: (gateway, status) =>
        read('write-gateway-status', () => {
          const stored = this.#current(this.gateways.get(key(gateway.metadata)), gateway.metadata);
          return this.putGateway({ ...stored, status });
        }),
      setGatewayFinalizers: ({ metadata }, finalizers) =>
        read('set-gateway-finalizers', () => {
          const stored = this.#current(this.gateways.get(key(metadata)), metadata);
          if (finalizers.length === 0 && stored.metadata.deletionTimestamp !== undefined)
            this.gateways.delete(key(metadata));
          else this.putGateway({ ...stored, metadata: { ...stored.metadata, finalizers } });
        }),
      writeClassConditions: (gatewayClass, conditions) =>
        read('write-class-conditions', () => {
          this.classes.splice(this.classes.indexOf(gatewayClass), 1, { ...gatewayClass, conditions });
        }),
      setRouteFinalizers: (route, finalizers) =>
        read('set-finalizers', () => {
          const stored = this.#current(this.routes.get(key(route.metadata)), route.metadata);
          if (finalizers.length === 0 && stored.metadata.deletionTimestamp !== undefined) {
            this.routes.delete(key(route.metadata));
            return undefined;
          }
          return this.put({ ...stored, metadata: { ...stored.metadata, finalizers } });
        }),
    };
  }

  #vm(zone: string, name: string): Vm {
    const at = `${zone}/${name}`;
    const state = this.vms.get(at) ?? 'running';
    return { state, subnetworks: state === 'running' ? (this.nics.get(at) ?? [facts.subnetwork]) : [] };
  }

  #lists(): ComputeLists {
    const read = <T>(name: string, value: () => T) => this.#read(name, value);
    const isNamedOurs = ({ name }: { readonly name: string }) => name.startsWith('pip-');
    const listed = <T>(one: T): Listed<T> => ({ ...one, created: start.toISOString() });
    return {
      backendServices: () =>
        read('list-backend-services', () => [...this.services.values()].filter(isNamedOurs).map(listed)),
      forwardingRules: () => read('list-all-rules', () => [...this.rules.values()].map(listed)),
      firewalls: () =>
        read('list-firewalls', () => [...this.firewalls.values()].filter(isNamedOurs).map(listed)),
      negs: (zone) =>
        read('list-all-negs', () =>
          [...this.negs.values()]
            .filter((neg) => neg.zone === zone && isNamedOurs(neg))
            .map(({ endpoints, ...neg }) => listed({ ...neg, size: endpoints.length })),
        ),
      endpoints: (neg) => read('list-endpoints', () => this.negs.get(negKey(neg))?.endpoints ?? []),
      vms: (zone) =>
        read('list-vms', () => {
          const names = [...this.nodes.values()].flatMap(({ instance }) =>
            instance?.zone === zone ? [instance.name] : [],
          );
          return new Map(names.map((name) => [name, this.#vm(zone, name)]));
        }),
    };
  }

  #compute(): ComputePort {
    const read = <T>(name: string, value: () => T) => this.#read(name, value);
    return {
      backendService: (name) => read('get-backend-service', () => this.services.get(name)),
      forwardingRulesNamed: (prefixes) =>
        read('list-rules', () =>
          [...this.rules.values()].filter(({ name }) =>
            prefixes.some((prefix) => name.startsWith(`${prefix}-`)),
          ),
        ),
      forwardingRulesOf: (ips) =>
        read('list-rules-of', () => [...this.rules.values()].filter(({ ip }) => ips.includes(ip))),
      firewall: (name) => read('get-firewall', () => this.firewalls.get(name)),
      negsNamed: async (zone, prefix, expected) => {
        const found = await read('list-negs', () =>
          [...this.negs.values()].filter((neg) => neg.zone === zone && neg.name.startsWith(`${prefix}-`)),
        );
        const more = found.filter(({ name }) => !expected.includes(name));
        return more.length === 0 ? found : read('list-endpoints', () => found);
      },
      vm: (zone, name) => read('get-vm', () => this.#vm(zone, name)),
      addresses: () => read('list-addresses', () => this.reserved),
      addressesOf: (ips) =>
        read('list-addresses-of', () => this.reserved.filter(({ ip }) => ips.includes(ip))),
      apply: async (step) => {
        this.#call(step.do);
        await this.pause();
        applyStep(this, step, this.#nextVersion());
        await this.pause();
      },
    };
  }
}

/** A world with route edge/nat, all that makes it valid, and one node for its Pods; there is no Pod yet. */
export const worldOfRoute = (): World => {
  const world = new World();
  world.classes.push(gatewayClass());
  world.gateways.set('infra/pool', gateway());
  world.namespaces.set('edge', namespace('edge'));
  world.nodes.set('node-a', node('node-a'));
  world.reserved.push(address('34.1.2.3'));
  world.put(route());
  return world;
};
