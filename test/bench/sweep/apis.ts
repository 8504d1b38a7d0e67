import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import type { Kind, List, Scene } from './scene.ts';

/** The APIs of a scene over HTTP: every list in pages, and a count of what was asked. */
export interface Apis {
  readonly url: string;
  /** Calls by kind. */
  readonly calls: ReadonlyMap<string, number>;
  /** Messages published. */
  published(): number;
  close(): Promise<void>;
}

export interface Latencies {
  /** Of one page, milliseconds. */
  readonly compute: number;
  readonly kubernetes: number;
}

interface Answer {
  readonly what: string;
  readonly latency: number;
  readonly body: string;
}

/** Of a page, in either API. */
const pageSize = 500;

const kubernetesPaths: readonly (readonly [RegExp, Kind])[] = [
  [/^\/apis\/networking\.gke\.io\/v1\/gkeiproutes$/, 'routes'],
  [/^\/apis\/gateway\.networking\.k8s\.io\/v1\/gateways$/, 'gateways'],
  [/^\/apis\/gateway\.networking\.k8s\.io\/v1\/gatewayclasses$/, 'gatewayclasses'],
  [/^\/api\/v1\/namespaces$/, 'namespaces'],
  [/^\/api\/v1\/pods$/, 'pods'],
  [/^\/api\/v1\/nodes$/, 'nodes'],
];
const computePath =
  /^\/compute\/v1\/projects\/[^/]+\/(?:global|regions\/[^/]+|zones\/([^/]+))\/(backendServices|forwardingRules|firewalls|networkEndpointGroups|instances|addresses)$/;

const slice = ({ count, item }: List, from: number, most: number): readonly string[] =>
  Array.from({ length: Math.max(0, Math.min(most, count - from)) }, (_, index) => item(from + index));

const kubernetesList = (list: List, query: URLSearchParams): string => {
  const from = Number(query.get('continue') ?? 0);
  const most = Number(query.get('limit') ?? pageSize);
  const left = list.count - from - most;
  const metadata = {
    resourceVersion: '1',
    ...(left > 0 && { continue: String(from + most), remainingItemCount: left }),
  };
  return `{"metadata":${JSON.stringify(metadata)},"items":[${slice(list, from, most).join()}]}`;
};

const computeList = (list: List, query: URLSearchParams): string => {
  const from = Number(query.get('pageToken') ?? 0);
  const next = from + pageSize < list.count ? `"nextPageToken":"${from + pageSize}",` : '';
  return `{${next}"items":[${slice(list, from, pageSize).join()}]}`;
};

const textOf = async (request: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
};

/** @param user who the API server says that the functions are */
export const serveScene = async (scene: Scene, user: string, latencies?: Latencies): Promise<Apis> => {
  const calls = new Map<string, number>();
  let messages = 0;
  const kubernetes = (what: string, body: string): Answer => ({
    what,
    body,
    latency: latencies?.kubernetes ?? 0,
  });
  const answerTo = (path: string, query: URLSearchParams, body: string): Answer | undefined => {
    const object = scene.objects.get(path);
    if (object !== undefined) return kubernetes('namespace kube-system', object);
    if (path.endsWith('/selfsubjectreviews'))
      return kubernetes('SelfSubjectReview', JSON.stringify({ status: { userInfo: { username: user } } }));
    const [, kind] = kubernetesPaths.find(([form]) => form.test(path)) ?? [];
    if (kind !== undefined) return kubernetes(kind, kubernetesList(scene.lists[kind], query));
    if (path.endsWith(':publish')) {
      const published = (JSON.parse(body) as { messages: readonly unknown[] }).messages;
      messages += published.length;
      return { what: 'publish', latency: 0, body: JSON.stringify({ messageIds: published.map(() => '1') }) };
    }
    const neg = /\/([^/]+)\/listNetworkEndpoints$/.exec(path)?.[1];
    if (neg !== undefined)
      return { what: 'endpoints of one NEG', latency: latencies?.compute ?? 0, body: scene.endpoints(neg) };
    const [, zone, collection] = computePath.exec(path) ?? [];
    if (collection === undefined) return undefined;
    const list = scene.lists[collection as Kind];
    // The first zone has all: what a list of another one costs is its first page.
    const empty = zone !== undefined && !zone.endsWith('-a');
    const text = empty ? '{"items":[]}' : computeList(list, query);
    return { what: collection, latency: latencies?.compute ?? 0, body: text };
  };
  const server = createServer((request, response) => {
    void (async () => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://scene');
      const answer = answerTo(pathname, searchParams, await textOf(request));
      const what = answer?.what ?? `${request.method} ${pathname}`;
      calls.set(what, (calls.get(what) ?? 0) + 1);
      if (answer !== undefined && answer.latency > 0) await setTimeout(answer.latency);
      response.writeHead(answer === undefined ? 501 : 200, { 'content-type': 'application/json' });
      response.end(answer?.body ?? '{}');
    })();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    published: () => messages,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};
