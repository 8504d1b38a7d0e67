import type { IncomingMessage, OutgoingHttpHeaders, RequestListener, ServerResponse } from 'node:http';
import { Agent, request } from 'node:https';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { Clock } from '../../infra/local/clock.ts';
import type { Identities } from '../../infra/local/identities.ts';
import { attributesOf } from '../../infra/local/kubernetes/access/authorize.ts';
import type { Recorder } from '../../infra/local/kubernetes/audit/recorder.ts';
import { replyOf, sendJson } from '../../infra/local/kubernetes/http/answer.ts';
import { type Faults, raise } from '../../infra/local/kubernetes/http/faults.ts';
import { parsePath, verbOf } from '../../infra/local/kubernetes/http/path.ts';
import type { Json } from '../../infra/local/kubernetes/objects/object.ts';
import type { ControlPlane } from './control-plane.ts';

export interface FrontDoorOptions {
  readonly controlPlane: Pick<ControlPlane, 'url' | 'certificates'>;
  readonly identities: Identities;
  readonly clock: Clock;
  readonly recorder: Recorder;
  readonly faults: Faults;
}

const parsed = (body: Buffer, type = ''): Json | undefined => {
  if (body.length === 0 || !type.includes('json')) return undefined;
  try {
    return JSON.parse(body.toString()) as Json;
  } catch {
    // The API server says what is wrong with it.
    return undefined;
  }
};

/** Headers that belong to one connection, or that say who speaks: this door alone says that. */
const kept = (headers: IncomingMessage['headers']): OutgoingHttpHeaders =>
  Object.fromEntries(
    Object.entries(headers).filter(
      ([name]) =>
        !['authorization', 'connection', 'host', 'transfer-encoding'].includes(name) &&
        !name.startsWith('x-remote-'),
    ),
  );

/**
 * Stands before a kube-apiserver as its authenticating proxy (Kubernetes, *Authenticating proxy*): a token of the
 * local cloud becomes the user and groups that it belongs to, everything else passes as it is, both ways. A call is
 * recorded when its answer begins; a planted fault hits it first.
 */
export const frontDoor = (options: FrontDoorOptions): { handle: RequestListener; close(): void } => {
  const { controlPlane, identities, clock, recorder, faults } = options;
  const { ca, frontProxy } = controlPlane.certificates;
  const agent = new Agent({ ca, ...frontProxy, keepAlive: true });

  const ask = (
    method: string,
    path: string,
    headers: OutgoingHttpHeaders,
    body: Buffer,
    to: ServerResponse,
  ) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const asked = request(controlPlane.url + path, { agent, method, headers }, resolve);
      asked.once('error', reject);
      to.once('close', () => asked.destroy());
      asked.end(body);
    });

  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const receivedAt = clock.now();
    const { method = 'GET', headers } = incoming;
    const url = new URL(incoming.url ?? '/', 'http://kubernetes.local');
    const body = await buffer(incoming);
    const user = identities.principalOf(headers.authorization);
    const path = parsePath(url.pathname);
    const verb = path === undefined ? method.toLowerCase() : verbOf(method, path, url.searchParams);
    const call = {
      ...{ method, url, verb, path, user, receivedAt },
      body: parsed(body, headers['content-type']),
      userAgent: headers['user-agent'],
    };
    const record = (code: number): void => recorder.record(call, { code, body: {} }, clock.now());
    const fault = faults.take(attributesOf(verb, path, user ?? { name: '', groups: [] }));
    if (fault === 'reset') {
      response.destroy();
      return;
    }
    try {
      raise(fault);
    } catch (error) {
      const reply = replyOf(error);
      record(reply.code);
      sendJson(response, reply);
      return;
    }
    const identity: OutgoingHttpHeaders =
      user === undefined ? {} : { 'x-remote-user': user.name, 'x-remote-group': [...user.groups] };
    const answer = await ask(
      method,
      url.pathname + url.search,
      { ...kept(headers), ...identity },
      body,
      response,
    );
    record(answer.statusCode ?? 500);
    if (fault === 'lost') {
      await buffer(answer);
      response.destroy();
      return;
    }
    const { connection: _, 'transfer-encoding': __, ...passed } = answer.headers;
    response.writeHead(answer.statusCode ?? 500, passed);
    // What a watch has begun with is worth knowing before its first event.
    response.flushHeaders();
    await pipeline(answer, response);
  };
  return {
    handle: (incoming, response) => {
      // A client that goes away ends its watch; an API server that goes away ends the connection.
      serve(incoming, response).catch(() => response.destroy());
    },
    close: () => agent.destroy(),
  };
};
