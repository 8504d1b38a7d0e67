import type { AuditEntry } from '../persistent-ip/audit.ts';
import { Failure } from '../persistent-ip/failure.ts';
import { type RouteEvent, routeEvents } from '../persistent-ip/route-event.ts';
import type { ClusterDependencies } from './dependencies.ts';

/**
 * The Kubernetes Events of one delivery: sent once the audit log has what they say, beside whatever the delivery does next,
 * and waited for at its end, after which no function's CPU runs. They are for people who use `kubectl`: one that is refused
 * or lost is logged, and holds up and fails nothing.
 */
export class Announcements {
  readonly #deps: Pick<ClusterDependencies, 'events' | 'runtime'>;
  readonly #sending: Promise<void>[] = [];

  constructor(deps: Pick<ClusterDependencies, 'events' | 'runtime'>) {
    this.#deps = deps;
  }

  /** @param entry is in the audit log */
  begin(entry: AuditEntry): void {
    this.#sending.push(...routeEvents(entry).map((event) => this.#send(event)));
  }

  /** Resolves when each has been answered, and never rejects. */
  async sent(): Promise<void> {
    await Promise.all(this.#sending);
  }

  async #send(event: RouteEvent): Promise<void> {
    const { events, runtime } = this.#deps;
    try {
      await events.announce(event);
    } catch (error) {
      const { code, status, message } =
        error instanceof Failure ? error : { code: '', status: 0, message: String(error) };
      const { namespace, name } = event.route;
      runtime.log('WARNING', whyNot(status), {
        route: `${namespace}/${name}`,
        reason: event.reason,
        code,
        status,
        why: message,
      });
    }
  }
}

const whyNot = (status: number): string =>
  status === 403
    ? 'the API server refuses Kubernetes Events of routes, so kubectl does not show them: apply infra/kubernetes/rbac.yaml; the audit log has every change'
    : 'a Kubernetes Event of a route was not written, so kubectl does not show it; the audit log has the change';
