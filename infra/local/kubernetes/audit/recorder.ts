import { auditLevel } from '../../audit/policy.ts';
import type { Principal } from '../../identities.ts';
import type { Reply } from '../cluster.ts';
import type { ApiPath } from '../http/path.ts';
import type { Json, JsonObject } from '../objects/object.ts';
import { type AuditEvent, auditEvent } from './audit.ts';

/** One call as it came in at the HTTP edge and was answered. A watch is recorded when it begins. */
export interface KubeCall {
  readonly verb: string;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Json | undefined;
  readonly status: number;
  readonly user: string;
}

/** What the recorder must know of a request. */
export interface Incoming {
  readonly method: string;
  readonly url: URL;
  readonly verb: string;
  readonly path: ApiPath | undefined;
  readonly user: Principal | undefined;
  readonly impersonator?: Principal | undefined;
  readonly userAgent: string | undefined;
  readonly body: Json | undefined;
  readonly receivedAt: Date;
  /** What policies had to say for the audit log. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** How many calls are kept to look back at; older ones are forgotten. */
const kept = 100_000;

/** Remembers every call, and tells of calls and of audit events. */
export class Recorder {
  #calls: KubeCall[] = [];
  readonly #onCall = new Set<(call: KubeCall) => void>();
  readonly #onAudit = new Set<(event: AuditEvent) => void>();

  get calls(): readonly KubeCall[] {
    return this.#calls;
  }

  onCall(listener: (call: KubeCall) => void): () => void {
    this.#onCall.add(listener);
    return () => this.#onCall.delete(listener);
  }

  onAudit(listener: (event: AuditEvent) => void): () => void {
    this.#onAudit.add(listener);
    return () => this.#onAudit.delete(listener);
  }

  record(incoming: Incoming, { code, body }: Reply, answeredAt: Date): void {
    const { method, url, verb, path, user } = incoming;
    const call: KubeCall = {
      verb,
      method,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      body: incoming.body,
      status: code,
      user: user?.name ?? '',
    };
    this.#calls.push(call);
    if (this.#calls.length > 2 * kept) this.#calls = this.#calls.slice(-kept);
    for (const listener of [...this.#onCall]) listener(call);
    this.#audit(incoming, code, body, answeredAt, path, user);
  }

  #audit(
    incoming: Incoming,
    code: number,
    response: JsonObject,
    answeredAt: Date,
    path: ApiPath | undefined,
    user: Principal | undefined,
  ): void {
    if (path === undefined || user === undefined || this.#onAudit.size === 0) return;
    const asked = incoming.impersonator ?? user;
    const { verb } = incoming;
    const level = auditLevel({ ...path, verb, user: asked.name, groups: asked.groups });
    if (level === undefined) return;
    const event = auditEvent({
      level,
      verb,
      path,
      requestURI: `${incoming.url.pathname}${incoming.url.search}`,
      user: asked,
      impersonated: incoming.impersonator && user,
      userAgent: incoming.userAgent,
      request: incoming.body,
      code,
      response,
      receivedAt: incoming.receivedAt,
      annotations: incoming.annotations ?? {},
      answeredAt,
    });
    for (const listener of [...this.#onAudit]) listener(event);
  }
}
