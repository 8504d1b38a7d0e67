import { configVariable, readConfig } from '../../../functions/config.ts';
import { connect } from '../../../functions/connect.ts';
import { staticCredentials } from '../../../functions/google-cloud/credentials.ts';
import { onClusterEvent } from '../../../functions/on-cluster-event.ts';
import { onReconcileRequest } from '../../../functions/reconcile.ts';
import { systemRuntime } from '../../../functions/system-runtime.ts';
import { adminOf } from '../../../infra/local/admin.ts';
import { viewRoute } from '../../../infra/local/tour/route-view.ts';
import { routesInTurn, startWorld, type World } from '../world.ts';
import { latencies } from './latencies.ts';
import { VirtualTime } from './virtual-time.ts';
import { tapWire, type WireCall } from './wire.ts';

/** What one move took: of `addresses` that a Pod of the default network held, to a Pod on a node that is attached. */
export interface Move {
  readonly addresses: number;
  /** Of the functions, from the audit entry to Ready. */
  readonly calls: readonly WireCall[];
  readonly mutations: number;
  /** One after the other, from the delivery of the request until the PATCH of the leader is sent. */
  readonly rounds: number;
  readonly bytes: number;
  /** Virtual milliseconds from the audit entry until the PATCH is sent, and until Ready is written. */
  readonly patchMs: number;
  readonly readyMs: number;
}

const isPatch = ({ service, method, path }: WireCall): boolean =>
  service === 'compute' && method === 'PATCH' && path.includes('/backendServices/');

const isMutation = ({ service, method, path }: WireCall): boolean =>
  service === 'compute' && method !== 'GET' && !path.endsWith('/listNetworkEndpoints');

/** Different moments at which calls were sent: what is sent at one moment does not wait for each other. */
const roundsBefore = (calls: readonly WireCall[], from: number, patch: WireCall): number =>
  new Set(calls.filter(({ sentAt }) => sentAt >= from && sentAt < patch.sentAt).map(({ sentAt }) => sentAt))
    .size;

const pushed = (data: string): object => ({
  subscription: 'projects/local/subscriptions/bench',
  message: { data, messageId: '1', publishTime: new Date().toISOString() },
});

const measureIn = async (world: World, addresses: number): Promise<Move> => {
  const { holder, route, check } = await world.makeMoveDue();
  const entry = world.entry('pod', holder);
  const time = new VirtualTime();
  const wire = tapWire(world, time);
  try {
    const wiring = connect({
      config: readConfig({ [configVariable]: JSON.stringify(world.config) }),
      tokens: staticCredentials(world.token),
      runtime: {
        ...systemRuntime,
        elapsed: () => time.now(),
        sleep: (ms) => time.sleep(ms),
        log: () => {},
      },
      onPlatform: false,
    });
    let delivered = 0;
    const fromEntry = async (): Promise<void> => {
      await time.sleep(latencies.pubsub);
      await onClusterEvent(wiring, entry);
      const [request] = wire.take();
      if (request === undefined) throw new Error('the audit entry asked for nothing');
      await time.sleep(latencies.pubsub);
      delivered = time.now();
      await onReconcileRequest(wiring, pushed(request));
    };
    await time.run(fromEntry());
    await check();
    if (!(await viewRoute(adminOf(world.cloud), 'edge', route))?.ready)
      throw new Error('one delivery did not make the route Ready: the node agent was late');
    const { calls } = wire;
    const patch = calls.find(isPatch);
    const ready = calls.findLast(({ service, method }) => service === 'kubernetes' && method === 'PATCH');
    if (patch === undefined || ready === undefined) throw new Error('no PATCH was sent');
    return {
      addresses,
      calls,
      mutations: calls.filter(isMutation).length,
      rounds: roundsBefore(calls, delivered, patch),
      bytes: calls.reduce((sum, call) => sum + call.bytes, 0),
      patchMs: patch.sentAt,
      readyMs: ready.sentAt + latencies.kubernetes,
    };
  } finally {
    wire.restore();
  }
};

/** One move on a local cloud of its own. @throws Error when it did not go as a move must */
export const measureMove = async (addresses: number): Promise<Move> => {
  const world = await startWorld(routesInTurn(1, addresses));
  try {
    return await measureIn(world, addresses);
  } finally {
    await world.close();
  }
};
