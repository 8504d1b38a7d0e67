import { text } from 'node:stream/consumers';
import type { KubernetesAuditEvent } from '../../infra/local/audit/kubernetes-entry.ts';
import { listen } from '../../infra/local/listen.ts';

/** What kube-apiserver's audit webhook speaks to. */
export interface AuditWebhook {
  readonly url: string;
  onEvent(listener: (event: KubernetesAuditEvent) => void): () => void;
  close(): Promise<void>;
}

/** Takes `audit.k8s.io/v1` EventLists and hands each event to every listener before it answers. */
export const startAuditWebhook = async (): Promise<AuditWebhook> => {
  const listeners = new Set<(event: KubernetesAuditEvent) => void>();
  const server = await listen((request, response) => {
    text(request)
      .then((body) => {
        const { items } = JSON.parse(body) as { items: readonly KubernetesAuditEvent[] };
        for (const event of items) for (const listener of [...listeners]) listener(event);
        response.writeHead(200).end();
      })
      .catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  return {
    url: server.url,
    onEvent: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => server.close(),
  };
};
