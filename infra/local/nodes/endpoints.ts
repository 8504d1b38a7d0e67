import { isDefault } from './datapath-pass.ts';
import type { Pod } from './objects.ts';

/** A Pod's interface on its node. */
export interface Endpoint {
  /** `NAMESPACE/NAME`. */
  readonly pod: string;
  readonly uid: string;
  readonly ip: string;
  /** By network beside the default one: what it asked for in its annotation `networking.gke.io/interfaces`. */
  readonly others: ReadonlyMap<string, { readonly ip: string }>;
}

/** The networks that a Pod asks for by name; none when the annotation is broken: then its sandbox has one interface. */
const networksOf = ({ metadata }: Pod): readonly string[] => {
  try {
    const asked = JSON.parse(metadata.annotations?.['networking.gke.io/interfaces'] ?? '[]') as {
      readonly network?: string;
    }[];
    return asked.flatMap(({ network = 'default' }) => (isDefault(network) ? [] : [network]));
  } catch {
    return [];
  }
};

const toNumber = (ip: string): number => ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

const toText = (ip: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(ip / 2 ** shift) % 256).join('.');

/**
 * The Pod interfaces of one node: what its kubelet makes and its agent finds, without asking any API.
 * Addresses come from the node's range in turn, so that a freed one is not the next one given.
 */
export class Endpoints {
  readonly #first: number;
  readonly #size: number;
  readonly #byUid = new Map<string, Endpoint>();
  /** By `NAMESPACE/NAME`, the youngest last: an agent asks for every route's Pod at every pass. */
  readonly #byPod = new Map<string, readonly Endpoint[]>();
  #next = 0;
  /** Told of every interface that appears; not of those that go. */
  onCreated: (endpoint: Endpoint) => void = () => {};

  /** @param podCidr such as `10.8.1.0/24` */
  constructor(podCidr: string) {
    const [network = '', bits = '24'] = podCidr.split('/');
    // Neither the network's own address, nor the gateway's, nor the broadcast address.
    this.#first = toNumber(network) + 2;
    this.#size = 2 ** (32 - Number(bits)) - 3;
  }

  /** The interface of `pod`, made at the first call; with `ip`, the one that a kubelet before this one made. */
  ensure(pod: Pod, ip?: string): Endpoint {
    const { metadata } = pod;
    const known = this.#byUid.get(metadata.uid);
    if (known !== undefined) return known;
    const others = new Map<string, { readonly ip: string }>();
    const endpoint = {
      pod: `${metadata.namespace}/${metadata.name}`,
      uid: metadata.uid,
      ip: ip ?? this.#free(),
      others,
    };
    this.#byUid.set(metadata.uid, endpoint);
    this.#byPod.set(endpoint.pod, [...(this.#byPod.get(endpoint.pod) ?? []), endpoint]);
    // From the same range: which secondary range another network takes them from is its parameter set's business.
    for (const network of networksOf(pod)) others.set(network, { ip: this.#free() });
    this.onCreated(endpoint);
    return endpoint;
  }

  /** @throws Error when the range is used up */
  #free(): string {
    const used = new Set(
      [...this.#byUid.values()].flatMap(({ ip, others }) => [ip, ...[...others.values()].map((it) => it.ip)]),
    );
    for (let tried = 0; tried < this.#size; tried++) {
      const ip = toText(this.#first + (this.#next++ % this.#size));
      if (!used.has(ip)) return ip;
    }
    throw new Error('no IP addresses available in the range of the node');
  }

  /** By `NAMESPACE/NAME`; of two with one name, the younger. */
  find(pod: string): Endpoint | undefined {
    return this.#byPod.get(pod)?.at(-1);
  }

  release(uid: string): void {
    const endpoint = this.#byUid.get(uid);
    if (endpoint === undefined) return;
    this.#byUid.delete(uid);
    const others = this.#byPod.get(endpoint.pod)?.filter((other) => other !== endpoint) ?? [];
    if (others.length > 0) this.#byPod.set(endpoint.pod, others);
    else this.#byPod.delete(endpoint.pod);
  }

  /** The machine went down: all its interfaces with it. */
  clear(): void {
    this.#byUid.clear();
    this.#byPod.clear();
  }
}
