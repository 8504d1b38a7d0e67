import type { Admin } from '../../infra/local/admin.ts';
import type { LocalCloud } from '../../infra/local/cloud.ts';
import { type Kind, keyOf, type Said } from '../sayings.ts';
import { noteReached } from './reached.ts';
import type { GatewayView } from './views.ts';

/** The reasons that one stage has seen of routes, Gateways, listeners and classes. */
export class ReasonNotes {
  readonly #reached = new Set<string>();

  note(kind: Kind, conditions: readonly Said[] = []): void {
    for (const condition of conditions) this.#reached.add(keyOf(kind, condition));
  }

  /** What Gateways and classes say in the end, and what routes said at any time: our own changes are in the audit log. */
  async noteRest({ logging }: Pick<LocalCloud, 'logging'>, admin: Admin): Promise<void> {
    for (const { jsonPayload } of logging.list('logName:"persistent-ip-audit" AND jsonPayload.conditions:*'))
      this.note('GKEIPRoute', (jsonPayload as { conditions?: readonly Said[] }).conditions);
    for (const [kind, plural] of [
      ['Gateway', 'gateways'],
      ['GatewayClass', 'gatewayclasses'],
    ] as const) {
      const list = await admin.kubernetes('GET', `/apis/gateway.networking.k8s.io/v1/${plural}`);
      for (const { status } of (list as { items?: readonly GatewayView[] }).items ?? []) {
        this.note(kind, status?.conditions);
        for (const listener of status?.listeners ?? []) this.note('Listener', listener.conditions);
      }
    }
  }

  /** Hands them to the global setup, which adds up those of all files. */
  leave(testFile: string): void {
    noteReached(testFile, this.#reached);
  }
}
