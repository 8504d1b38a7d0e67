import type { Clock } from '../clock.ts';
import { type Api, isRefusal } from './api.ts';
import { healthyConditions, looksHealthy, type NodeSpec, nodeObject } from './node-object.ts';
import type { Lease, Node } from './objects.ts';
import { reflect } from './reflector.ts';
import { leases, nodes } from './resources.ts';
import { statusPatch } from './status-patch.ts';
import type { Timings } from './timings.ts';
import { startWorker } from './worker.ts';

const namespace = 'kube-node-lease';

export interface HeartbeatOptions {
  readonly api: Api;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly node: NodeSpec;
  readonly timings: Timings;
  readonly onError: (error: unknown, key: string) => void;
}

/**
 * How a node shows that it lives (Kubernetes, *Node heartbeats*): it registers its Node once, renews its lease
 * every `leaseMs`, and patches its status when it differs from what it should say or is `statusMs` old.
 */
export const startHeartbeat = (
  options: HeartbeatOptions,
): { readonly registered: Promise<void>; readonly ended: Promise<void> } => {
  const { api, clock, signal, node, timings, onError } = options;
  const registered = Promise.withResolvers<void>();
  const view = reflect<Node>({
    api,
    resource: nodes,
    query: `fieldSelector=${encodeURIComponent(`metadata.name=${node.name}`)}`,
    clock,
    signal,
  });
  let isRegistered = false;
  let reportedAt = Number.NEGATIVE_INFINITY;
  let lease: Lease | undefined;

  const register = async (): Promise<void> => {
    await view.synced;
    if (isRegistered) return;
    try {
      view.accept(await api.create<Node>(nodes, {}, nodeObject(node, clock.now())));
      reportedAt = clock.now().getTime();
    } catch (error) {
      if (!isRefusal(error, 409)) throw error;
    }
    isRegistered = true;
  };
  const report = async (): Promise<number> => {
    await register();
    const now = clock.now();
    const known = view.get(node.name);
    const old = reportedAt + timings.statusMs;
    if (known !== undefined && (!looksHealthy(known.status?.conditions) || now.getTime() >= old)) {
      const others = (known.status?.conditions ?? []).filter(
        ({ type }) => !healthyConditions([], now).some((own) => own.type === type),
      );
      const conditions = [...others, ...healthyConditions(known.status?.conditions, now)];
      const patch = statusPatch({ conditions: known.status?.conditions ?? [] }, { conditions });
      const ref = { name: node.name, subresource: 'status' };
      if (patch !== undefined) view.accept(await api.patch<Node>(nodes, ref, { status: patch }));
      reportedAt = now.getTime();
    }
    registered.resolve();
    return reportedAt + timings.statusMs - now.getTime();
  };
  const renew = async (): Promise<number> => {
    const ref = { namespace, name: node.name };
    const spec = {
      holderIdentity: node.name,
      leaseDurationSeconds: 40,
      // metav1.MicroTime.
      renewTime: clock.now().toISOString().replace('Z', '000Z'),
    };
    try {
      lease ??= await api.get<Lease>(leases, ref);
      lease = await api.update<Lease>(leases, { ...lease, spec });
    } catch (error) {
      lease = undefined;
      if (!isRefusal(error, 404)) throw error;
      lease = await api.create<Lease>(leases, { namespace }, { metadata: ref, spec });
    }
    return timings.leaseMs;
  };
  const worker = startWorker({
    clock,
    signal,
    onError,
    longestPause: timings.leaseMs,
    work: (key) => (key === 'lease' ? renew() : report()),
  });
  signal.addEventListener('abort', () => registered.resolve(), { once: true });
  worker.add('status');
  worker.add('lease');
  // Not when it is gone: a kubelet registers itself once, when it starts.
  view.subscribe((_, gone) => {
    if (!gone) worker.add('status');
  });
  return { registered: registered.promise, ended: worker.ended };
};
