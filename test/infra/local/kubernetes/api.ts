import type { Clock } from '../../../../infra/local/clock.ts';
import { Identities } from '../../../../infra/local/identities.ts';
import {
  type KubernetesOptions,
  type LocalKubernetes,
  startKubernetes,
} from '../../../../infra/local/kubernetes/index.ts';
import type { JsonObject, KubeObject } from '../../../../infra/local/kubernetes/objects/object.ts';

const folder = new URL('../../../../infra/kubernetes/', import.meta.url);
export const manifest = (name: string): string => new URL(name, folder).pathname;

/** A clock that stands still until a test moves it. */
export class StillClock implements Clock {
  #now = Date.parse('2026-01-01T00:00:00Z');
  #tasks: { at: number; task: () => void }[] = [];

  now(): Date {
    return new Date(this.#now);
  }

  after(ms: number, task: () => void): () => void {
    const entry = { at: this.#now + ms, task };
    this.#tasks.push(entry);
    return () => {
      this.#tasks = this.#tasks.filter((other) => other !== entry);
    };
  }

  pass(ms: number): void {
    this.#now += ms;
    const due = this.#tasks.filter(({ at }) => at <= this.#now);
    this.#tasks = this.#tasks.filter(({ at }) => at > this.#now);
    for (const { task } of due) task();
  }
}

export interface Answer<T = KubeObject> {
  readonly code: number;
  readonly type: string;
  readonly text: string;
  readonly body: T;
}

/** A cluster of one test, and a caller of its HTTP interface. */
export class Api {
  readonly clock: StillClock;
  readonly identities: Identities;
  readonly kubernetes: LocalKubernetes;
  user = 'tester';

  private constructor(clock: StillClock, identities: Identities, kubernetes: LocalKubernetes) {
    this.clock = clock;
    this.identities = identities;
    this.kubernetes = kubernetes;
  }

  static async start(options: Partial<KubernetesOptions> = {}): Promise<Api> {
    const clock = new StillClock();
    const identities = new Identities();
    const manifests = [manifest('crds/gkeiproutes.yaml'), manifest('gatewayclasses.yaml')];
    return new Api(clock, identities, await startKubernetes({ clock, identities, manifests, ...options }));
  }

  close(): Promise<void> {
    return this.kubernetes.close();
  }

  headers(type = 'application/json'): Record<string, string> {
    return { authorization: `Bearer ${this.identities.tokenOf(this.user)}`, 'content-type': type };
  }

  async call<T = KubeObject>(
    method: string,
    path: string,
    body?: unknown,
    type?: string,
  ): Promise<Answer<T>> {
    const response = await fetch(`${this.kubernetes.url}${path}`, {
      method,
      headers: this.headers(type),
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.startsWith('application/json') === true;
    return {
      code: response.status,
      type: response.headers.get('content-type') ?? '',
      text,
      body: (json ? JSON.parse(text) : {}) as T,
    };
  }

  get = <T = KubeObject>(path: string): Promise<Answer<T>> => this.call<T>('GET', path);
  post = (path: string, body: unknown): Promise<Answer> => this.call('POST', path, body);
  put = (path: string, body: unknown): Promise<Answer> => this.call('PUT', path, body);
  delete = (path: string, body?: unknown): Promise<Answer> => this.call('DELETE', path, body);
  merge = (path: string, body: unknown): Promise<Answer> =>
    this.call('PATCH', path, body, 'application/merge-patch+json');
  strategic = (path: string, body: unknown): Promise<Answer> =>
    this.call('PATCH', path, body, 'application/strategic-merge-patch+json');

  /** A watch as a stream of its events; `next` waits for one. */
  async watch(path: string): Promise<WatchReader> {
    const stop = new AbortController();
    const url = `${this.kubernetes.url}${path}${path.includes('?') ? '&' : '?'}watch=1`;
    const response = await fetch(url, { headers: this.headers(), signal: stop.signal });
    return new WatchReader(response, stop);
  }
}

export interface Seen {
  readonly type: string;
  readonly object: KubeObject & { code?: number };
}

export class WatchReader {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #stop: AbortController;
  #text = '';

  constructor(response: Response, stop: AbortController) {
    this.#reader = response.body!.getReader() as ReadableStreamDefaultReader<Uint8Array>;
    this.#stop = stop;
  }

  /** The next event, or `undefined` when the server ended the watch. */
  async next(): Promise<Seen | undefined> {
    for (;;) {
      const end = this.#text.indexOf('\n');
      if (end >= 0) {
        const line = this.#text.slice(0, end);
        this.#text = this.#text.slice(end + 1);
        return JSON.parse(line) as Seen;
      }
      const { done, value } = await this.#reader.read();
      if (done) return undefined;
      this.#text += Buffer.from(value).toString();
    }
  }

  async take(count: number): Promise<string[]> {
    const seen: string[] = [];
    while (seen.length < count) {
      const event = await this.next();
      if (event === undefined) break;
      seen.push(`${event.type} ${event.object.metadata.name}`);
    }
    return seen;
  }

  stop(): void {
    this.#stop.abort();
  }
}

export const pods = '/api/v1/namespaces/default/pods';
export const nodes = '/api/v1/nodes';
export const routes = '/apis/networking.gke.io/v1/namespaces/default/gkeiproutes';
export const gateways = '/apis/gateway.networking.k8s.io/v1/namespaces/default/gateways';
export const classes = '/apis/gateway.networking.k8s.io/v1/gatewayclasses';
export const deployments = '/apis/apps/v1/namespaces/default/deployments';

export const pod = (
  name: string,
  labels: Record<string, string> = {},
  spec: JsonObject = {},
): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, labels },
  spec: { containers: [{ name: 'app', image: 'example/app:1' }], ...spec },
});

export const route = (name: string, spec: JsonObject = {}): JsonObject => ({
  apiVersion: 'networking.gke.io/v1',
  kind: 'GKEIPRoute',
  metadata: { name },
  spec: {
    parentRefs: [{ name: 'pool' }],
    addresses: [{ value: '34.123.10.1/32' }],
    podSelector: { matchLabels: { app: 'nat' } },
    ...spec,
  },
});

export const gateway = (name: string, spec: JsonObject = {}): JsonObject => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'Gateway',
  metadata: { name },
  spec: {
    gatewayClassName: 'persistent-ip-regional-external',
    listeners: [{ name: 'default', protocol: 'none', port: 443 }],
    ...spec,
  },
});

export const deployment = (name: string, spec: JsonObject = {}): JsonObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: 'app', image: 'example/app:1' }] },
    },
    ...spec,
  },
});
