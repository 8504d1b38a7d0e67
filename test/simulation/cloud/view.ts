import {
  toAddress,
  toBackendService,
  toFirewall,
  toForwardingRule,
  toNegAlone,
} from '../../../functions/google-cloud/compute-objects.ts';
import type {
  Address,
  BackendService,
  Firewall,
  ForwardingRule,
  Neg,
} from '../../../functions/persistent-ip/cloud.ts';
import type {
  Gateway,
  GatewayClass,
  Namespace,
  Network,
  NetworkParamSet,
  Node,
  Pod,
  Route,
} from '../../../functions/persistent-ip/objects.ts';
import { stemOfRoute } from '../../../functions/persistent-ip/observation.ts';
import { globalScope, regionScope, zoneScope } from '../../../infra/local/compute/resource-url.ts';
import { clusterKey, facts } from '../../functions/fixtures.ts';
import type { SimCompute } from './compute.ts';
import { keys, type SimCluster } from './kubernetes.ts';
import { read } from './kubernetes-port.ts';

/** The truth: all that is in the cluster and in Google Cloud at this moment, in the rules' form. */
export class View {
  readonly #cluster: SimCluster;
  readonly #compute: SimCompute;

  constructor(cluster: SimCluster, compute: SimCompute) {
    this.#cluster = cluster;
    this.#compute = compute;
  }

  get routes(): readonly Route[] {
    return this.#cluster.list(keys.routes).map(read.route);
  }
  get gateways(): readonly Gateway[] {
    return this.#cluster.list(keys.gateways).map(read.gateway);
  }
  get classes(): readonly GatewayClass[] {
    return this.#cluster.list(keys.classes).map(read.gatewayClass);
  }
  get namespaces(): readonly Namespace[] {
    return this.#cluster.list(keys.namespaces).map(read.namespace);
  }
  get networks(): readonly Network[] {
    return this.#cluster.list(keys.networks).map(read.network);
  }
  get paramSets(): readonly NetworkParamSet[] {
    return this.#cluster.list(keys.paramSets).map(read.paramSet);
  }
  get pods(): readonly Pod[] {
    return this.#cluster.list(keys.pods).map(read.pod);
  }
  get nodes(): readonly Node[] {
    return this.#cluster.list(keys.nodes).map(read.node);
  }
  pod(namespace: string, name: string): Pod | undefined {
    const found = this.#cluster.get(keys.pods, namespace, name);
    return found && read.pod(found);
  }
  get clusterUid(): string {
    return this.#cluster.get(keys.namespaces, '', 'kube-system')?.metadata.uid ?? '';
  }

  get services(): readonly BackendService[] {
    return [...this.#compute.world.store.list('backendServices', region)].map((raw) => service(raw));
  }
  get rules(): readonly ForwardingRule[] {
    return [...this.#compute.world.store.list('forwardingRules', region)].map((raw) => rule(raw));
  }
  get firewalls(): readonly Firewall[] {
    return [...this.#compute.world.store.list('firewalls', global)].map((raw) => toFirewall(raw as never));
  }
  get negs(): readonly Neg[] {
    const { world } = this.#compute;
    return facts.zones.flatMap((zone) =>
      [...world.store.list('networkEndpointGroups', zoneScope(project, zone))].map((raw) => ({
        ...toNegAlone(raw as never),
        endpoints: endpointsOf(this.#compute, zone, raw.name),
      })),
    );
  }
  get addresses(): readonly Address[] {
    const { items = [] } = this.#compute.request('observer', 'Addresses', 'List', {
      project,
      region: facts.region,
    }) as { items?: readonly object[] };
    return items.map((raw) => toAddress(raw as never, project));
  }
  /** Whether the VM runs Pods. */
  runs(zone: string, name: string): boolean {
    const key = `${zoneScope(project, zone)}/instances/${name}`;
    return this.#compute.world.store.get('instances', key as never)?.status === 'RUNNING';
  }

  serviceOf(route: Route): BackendService | undefined {
    const name = stemOfRoute(clusterKey, route);
    const raw = this.#compute.world.store.get(
      'backendServices',
      `${region}/backendServices/${name}` as never,
    );
    return raw && service(raw);
  }
}

const project = facts.networkProject;
const region = regionScope(project, facts.region);
const global = globalScope(project);

const memo = <R extends object, T>(to: (raw: never) => T): ((raw: R) => T) => {
  const known = new WeakMap<R, T>();
  return (raw) => {
    let found = known.get(raw);
    if (found === undefined) {
      found = to(raw as never);
      known.set(raw, found);
    }
    return found;
  };
};

const service = memo(toBackendService);
const rule = memo(toForwardingRule);

const endpointsOf = (compute: SimCompute, zone: string, networkEndpointGroup: string): readonly string[] => {
  const { items = [] } = compute.request('observer', 'NetworkEndpointGroups', 'ListNetworkEndpoints', {
    project,
    zone,
    networkEndpointGroup,
  }) as { items?: readonly { networkEndpoint?: { instance?: string } }[] };
  return items.map(({ networkEndpoint }) => networkEndpoint?.instance?.split('/').at(-1) ?? '');
};
