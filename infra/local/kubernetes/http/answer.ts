import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Reply } from '../cluster.ts';
import type { JsonObject } from '../objects/object.ts';
import { StatusError } from '../objects/status.ts';

/** The version whose behaviour is followed. */
export const serverVersion: JsonObject = {
  major: '1',
  minor: '34',
  gitVersion: 'v1.34.2-local',
  gitTreeState: 'clean',
  platform: 'linux/amd64',
};

/**
 * Paths that are no resource's: health and version, open to everybody with or without a slash at the end (RBAC bootstrap
 * role `system:public-info-viewer`). `undefined` for any other.
 */
export const plainAnswer = (path: string): string | JsonObject | undefined => {
  const plain = path.replace(/\/$/, '');
  if (plain === '/version') return serverVersion;
  return ['/healthz', '/livez', '/readyz'].includes(plain) ? 'ok' : undefined;
};

/** The answer to a request: a reply, a text, bytes of a type, or nothing more to say (a watch has begun). */
export type Answer =
  | Reply
  | { readonly code: number; readonly plain: string }
  | { readonly code: number; readonly bytes: Uint8Array; readonly type: string }
  | undefined;

/** A warning as kubectl prints it (apimachinery `pkg/util/net/http.go`, NewWarningHeader). */
const warningHeader = (text: string): string => {
  const line = text.replaceAll(/[^\x20-\x7e]+/g, ' ').replaceAll(/["\\]/g, '\\$&');
  return `299 - "${line}"`;
};

export const sendJson = (
  response: ServerResponse,
  { code, body, type = 'application/json', warnings = [] }: Reply,
): void => {
  const bytes = Buffer.from(JSON.stringify(body));
  const headers: Record<string, string | number | string[]> = {
    'content-type': type,
    'content-length': bytes.length,
  };
  if (code === 429) headers['retry-after'] = '1';
  if (warnings.length > 0) headers.warning = warnings.map(warningHeader);
  response.writeHead(code, STATUS_CODES[code] ?? '', headers);
  response.end(bytes);
};

export const sendText = (response: ServerResponse, code: number, content: string): void => {
  response.writeHead(code, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(content);
};

export const sendBytes = (response: ServerResponse, bytes: Uint8Array, type: string): void => {
  response.writeHead(200, { 'content-type': type, 'content-length': bytes.length });
  response.end(bytes);
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
