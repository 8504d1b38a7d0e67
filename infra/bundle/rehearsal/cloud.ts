import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import * as given from './objects.ts';

/** A cloud of fixed answers on loopback: it forgets nothing that a PATCH says, and checks nothing. */
export interface RehearsalCloud {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  /** Method and path of every request so far. */
  readonly asked: readonly string[];
  /** Those of them that it has no answer for: the rehearsal goes another way than a first event. */
  readonly unknown: readonly string[];
  close(): void;
}

type Answer = (body: object) => object | undefined;

const list = (kind: string, items: readonly object[]) => ({
  kind,
  metadata: { resourceVersion: '1' },
  items,
});
const operation = { name: 'operation-1', status: 'DONE', progress: 100 };

/** By method and path, in their order; `undefined` is a 404. */
const answers = (): readonly (readonly [RegExp, Answer])[] => {
  let backendService: object = given.backendService;
  let route = given.route;
  const named = (kind: string) => (name: string) =>
    new RegExp(`^GET .*/${kind}/${name.replaceAll('.', '\\.')}$`);
  return [
    [
      /^GET .*\/service-accounts\/default\/token$/,
      () => ({ access_token: 'rehearsal', expires_in: 3599, token_type: 'Bearer' }),
    ],
    [
      /^POST .*\/selfsubjectreviews$/,
      () => ({
        kind: 'SelfSubjectReview',
        metadata: {},
        status: { userInfo: { username: given.serviceAccount } },
      }),
    ],
    [/^GET .*\/gatewayclasses$/, () => list('GatewayClassList', [given.gatewayClass])],
    [/^GET .*\/gateways\/pool$/, () => given.gateway],
    [/^GET .*\/gateways$/, () => list('GatewayList', [given.gateway])],
    [/^GET .*\/gkeiproutes\/nat$/, () => route],
    [/^GET .*\/gkeiproutes$/, () => list('GKEIPRouteList', [route])],
    [
      /^PATCH .*\/gkeiproutes\/nat\/status$/,
      (body) => {
        const { resourceVersion } = route.metadata;
        const metadata = { ...route.metadata, resourceVersion: String(Number(resourceVersion) + 1) };
        route = { ...route, ...body, metadata };
        return route;
      },
    ],
    [/^POST .*\/namespaces\/edge\/events$/, (body) => body],
    [/^GET .*\/namespaces\/edge\/pods$/, () => list('PodList', given.pods)],
    ...given.pods.map((pod) => [named('pods')(pod.metadata.name), () => pod] as const),
    ...given.nodes.map((node) => [named('nodes')(node.metadata.name), () => node] as const),
    ...Object.entries(given.namespaces).map(([name, one]) => [named('namespaces')(name), () => one] as const),
    [/^GET .*\/backendServices\/[^/]+$/, () => backendService],
    [
      /^PATCH .*\/backendServices\/[^/]+$/,
      (body) => {
        backendService = {
          ...backendService,
          ...body,
          haPolicy: {
            ...given.backendService.haPolicy,
            ...('haPolicy' in body ? (body.haPolicy as object) : {}),
          },
          fingerprint: 'BAAAAAAAAAA=',
        };
        return operation;
      },
    ],
    [/^POST .*\/operations\/[^/]+\/wait$/, () => operation],
    [/^GET .*\/forwardingRules$/, () => ({ items: [given.forwardingRule] })],
    [/^GET .*\/firewalls\/[^/]+$/, () => given.firewall],
    [/^GET .*\/networkEndpointGroups$/, () => ({ items: [given.networkEndpointGroup] })],
    [/^POST .*\/listNetworkEndpoints$/, () => ({ items: given.endpoints })],
    ...given.instances.map((one) => [named('instances')(one.name), () => one] as const),
    [/^POST \/v2\/entries:write$/, () => ({})],
  ];
};

const parsed = (body: string): object => {
  const value: unknown = body === '' ? {} : JSON.parse(body);
  return typeof value === 'object' && value !== null ? value : {};
};

export const startCloud = async (): Promise<RehearsalCloud> => {
  const known = answers();
  const asked: string[] = [];
  const unknown: string[] = [];
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '', 'http://localhost').pathname;
    const what = `${request.method} ${path}`;
    asked.push(what);
    const answer = known.find(([pattern]) => pattern.test(what))?.[1];
    if (answer === undefined) unknown.push(what);
    void text(request).then((body) => {
      const value = answer?.(parsed(body));
      const missing = {
        error: { code: 404, message: `nothing is at ${what}`, errors: [{ reason: 'notFound' }] },
      };
      response.statusCode = value === undefined ? 404 : 200;
      // As Google's servers write it; of the metadata server its clients check the second one.
      response.setHeader('content-type', 'application/json; charset=UTF-8');
      response.setHeader('metadata-flavor', 'Google');
      response.end(JSON.stringify(value ?? missing));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    unknown,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};
