import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Identities, Principal } from '../../identities.ts';
import {
  type Authorize,
  attributesOf,
  authorizerOf,
  isDiscovery,
  notAllowed,
  pathNotAllowed,
} from '../access/authorize.ts';
import { impersonated } from '../access/impersonate.ts';
import { reviewed } from '../access/reviews.ts';
import { requestToken } from '../access/token-request.ts';
import type { Incoming, Recorder } from '../audit/recorder.ts';
import { type Cluster, existing, exists, type Target } from '../cluster.ts';
import type { Json } from '../objects/object.ts';
import { unauthorized } from '../objects/status.ts';
import { patchTypes } from '../patch/patch.ts';
import { type Call, perform } from '../verbs/verbs.ts';
import { watchObjects } from '../verbs/watch.ts';
import { accepted, refuseUnwritable } from './accept.ts';
import { type Answer, replyOf, sendBytes, sendJson, sendText } from './answer.ts';
import { mediaType, readBody } from './body.ts';
import { type Attributes, type Fault, type Faults, raise } from './faults.ts';
import { frontAnswer } from './front.ts';
import { type ApiPath, parsePath, verbOf } from './path.ts';
import { present, presenter } from './present.ts';
import { route } from './route.ts';
import { unreadableAnswer } from './unreadable.ts';

/** What the handler of requests needs beside the cluster. */
export interface Serving {
  readonly cluster: Cluster;
  readonly identities: Identities;
  readonly recorder: Recorder;
  readonly faults: Faults;
  /** Whether the caller may do this. */
  readonly authorize: Authorize;
  /** How long every answer waits, in milliseconds. */
  readonly latencyMs: number;
}

/** A request from outside, or one that the server makes to itself. */
export interface Request {
  readonly method: string;
  readonly url: URL;
  readonly body: Json | undefined;
  /** The paths of fields that stand twice in it. */
  readonly duplicates?: readonly string[];
  /** Why the body could not be read: the answer, unless another comes before it. */
  readonly unreadable?: Error | undefined;
  readonly contentType: string;
  readonly user: Principal | undefined;
  /** Who asks in the name of `user`, where it is not `user`. */
  readonly impersonator?: Principal | undefined;
  readonly userAgent: string | undefined;
  /** The form of the answer; the object itself when it is not given. */
  readonly accept?: string | undefined;
  /** Given for a watch, whose answer does not end. */
  readonly response?: ServerResponse;
}

/** @throws StatusError for one that is malformed, too large or of a type that is not read here */
const bodyOf = (
  { body, unreadable, contentType }: Request,
  verb: string,
  target: Target | undefined,
): Json | undefined => {
  if (unreadable !== undefined) throw unreadableAnswer(unreadable, { verb, contentType, target });
  return body;
};

/** The chain of one request: who, may they, what, do it. */
const work = (
  serving: Serving,
  request: Request,
  verb: string,
  path: ApiPath | undefined,
  attributes: Attributes,
  notes: Pick<Call, 'warn' | 'annotate'>,
): Answer => {
  const { cluster } = serving;
  const { url, user, userAgent, accept, method, contentType } = request;
  const { catalog, clock } = cluster;
  if (user === undefined) throw unauthorized();
  const authorize = authorizerOf(serving.authorize, user);
  const open =
    frontAnswer(catalog, { method, path: url.pathname, accept }) ??
    reviewed(path, verb, () => bodyOf(request, verb, undefined), {
      catalog,
      user,
      authorize,
      authorizeAs: (another) => authorizerOf(serving.authorize, another),
      now: clock.now(),
    });
  if (open !== undefined) return open;
  if (path === undefined && !isDiscovery(url.pathname) && !authorize(attributes))
    throw pathNotAllowed(attributes, url.pathname);
  if (path !== undefined && !authorize(attributes)) throw notAllowed(attributes);
  const target = route(catalog, url.pathname, path);
  if (target?.resource.custom === false) refuseUnwritable(accept);
  if (target === undefined) return { code: 404, plain: '404 page not found\n' };
  // An apply to what is not there creates it (handlers/patch.go, createAuthorizerAttributes).
  if (verb === 'patch' && contentType === patchTypes.apply && !exists(cluster, target)) {
    const creates = { ...attributes, verb: 'create' };
    if (!authorize(creates)) throw notAllowed(creates);
  }
  const query = url.searchParams;
  const show = presenter(accepted(accept, ['table', 'metadata']), target, query, clock.now());
  if (verb === 'watch') {
    if (request.response !== undefined) watchObjects(cluster, target, query, show, request.response);
    return undefined;
  }
  const body = bodyOf(request, verb, target);
  if (target.subresource === 'token' && verb === 'create') {
    existing(cluster, target);
    return requestToken(target, body, serving.identities, clock.now());
  }
  const { duplicates = [] } = request;
  const call = { verb, target, query, body, duplicates, contentType, user, userAgent, authorize, ...notes };
  const reply = perform(cluster, call);
  return { ...reply, body: present(reply.body, target, show) };
};

const nobody: Principal = { name: '', groups: [] };

/**
 * Answers one request and records it. The answer comes with the fault that was planted for it, if the connection
 * is to break.
 */
export const handle = (
  serving: Serving,
  request: Request,
): { answer: Answer; fault: Fault['answer'] | undefined } => {
  const { recorder, cluster, faults } = serving;
  const path = parsePath(request.url.pathname);
  const verb =
    path === undefined
      ? request.method.toLowerCase()
      : verbOf(request.method, path, request.url.searchParams);
  const annotations: Record<string, string> = {};
  const incoming: Incoming = { ...request, verb, path, receivedAt: cluster.clock.now(), annotations };
  const attributes = attributesOf(verb, path, request.user ?? nobody);
  const fault = faults.take(attributes);
  if (fault === 'reset') return { answer: undefined, fault };
  const warnings: string[] = [];
  let answer: Answer;
  try {
    raise(fault);
    answer = work(serving, request, verb, path, attributes, {
      warn: (text) => warnings.push(text),
      annotate: (key, value) => {
        annotations[key] = value;
      },
    });
  } catch (error) {
    answer = replyOf(error);
  }
  if (answer !== undefined && 'body' in answer && warnings.length > 0) answer = { ...answer, warnings };
  const code = answer?.code ?? 200;
  recorder.record(
    incoming,
    { code, body: answer !== undefined && 'body' in answer ? answer.body : {} },
    cluster.clock.now(),
  );
  return { answer, fault };
};

/** Reads a request from its socket, waits the latency, answers. */
export const serve = async (
  serving: Serving,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const { cluster, latencyMs, identities } = serving;
  const { headers } = incoming;
  const caller = identities.principalOf(headers.authorization);
  const read = await readBody(incoming).catch((unreadable: Error) => ({ body: undefined, unreadable }));
  let other: Principal | undefined;
  try {
    other = caller && impersonated(caller, headers, authorizerOf(serving.authorize, caller));
  } catch (error) {
    sendJson(response, replyOf(error));
    return;
  }
  if (latencyMs > 0) await new Promise<void>((done) => cluster.clock.after(latencyMs, done));
  const { answer, fault } = handle(serving, {
    method: incoming.method ?? 'GET',
    url: new URL(incoming.url ?? '/', 'http://kubernetes.local'),
    ...read,
    contentType: mediaType(headers['content-type']),
    user: other ?? caller,
    impersonator: other && caller,
    userAgent: headers['user-agent'],
    accept: headers.accept,
    response,
  });
  if (fault === 'reset' || fault === 'lost') response.destroy();
  else if (answer === undefined) return;
  else if ('bytes' in answer) sendBytes(response, answer.bytes, answer.type);
  else if ('plain' in answer) sendText(response, answer.code, answer.plain);
  else sendJson(response, answer);
};
