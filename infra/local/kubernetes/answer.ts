import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Principal } from '../identities.ts';
import { decode } from './admit.ts';
import type { Reply } from './cluster.ts';
import { type Json, type JsonObject, timestamp } from './object.ts';
import { StatusError } from './status.ts';

/** The version whose behaviour is followed. */
export const serverVersion: JsonObject = {
  major: '1',
  minor: '34',
  gitVersion: 'v1.34.2-local',
  gitTreeState: 'clean',
  platform: 'linux/amd64',
};

/** Paths that are no resource's: health and version. `undefined` for any other. */
export const plainAnswer = (path: string): string | JsonObject | undefined => {
  if (path === '/version') return serverVersion;
  return ['/healthz', '/livez', '/readyz'].includes(path) ? 'ok' : undefined;
};

/** POST selfsubjectreviews: who the caller is (authentication.k8s.io/v1). */
export const selfReview = (body: Json | undefined, user: Principal, now: Date): Reply => {
  const apiVersion = 'authentication.k8s.io/v1';
  decode(body ?? {}, apiVersion, 'SelfSubjectReview');
  return {
    code: 201,
    body: {
      kind: 'SelfSubjectReview',
      apiVersion,
      metadata: { creationTimestamp: timestamp(now) },
      status: { userInfo: { username: user.name, groups: [...user.groups] } },
    },
  };
};

export const sendJson = (response: ServerResponse, { code, body }: Reply): void => {
  const bytes = Buffer.from(JSON.stringify(body));
  const headers: Record<string, string | number> = {
    'content-type': 'application/json',
    'content-length': bytes.length,
  };
  if (code === 429) headers['retry-after'] = '1';
  response.writeHead(code, STATUS_CODES[code] ?? '', headers);
  response.end(bytes);
};

export const sendText = (response: ServerResponse, code: number, content: string): void => {
  response.writeHead(code, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(content);
};

/** A thrown Status as a reply. Anything else is a fault of this server's own, and is said so. */
export const replyOf = (error: unknown): Reply => {
  if (error instanceof StatusError) return { code: error.code, body: error.body };
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    code: 500,
    body: new StatusError(500, 'InternalError', `Internal error occurred: ${message}`).body,
  };
};
