import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../infra/local/clock.ts';
import type { CloudCluster, ClusterOptions, StartCluster } from '../../infra/local/cluster.ts';
import { Identities } from '../../infra/local/identities.ts';
import { Recorder } from '../../infra/local/kubernetes/audit/recorder.ts';
import { Faults } from '../../infra/local/kubernetes/http/faults.ts';
import { listenSecurely } from '../../infra/local/kubernetes/http/secure.ts';
import { listen } from '../../infra/local/listen.ts';
import { administrator } from '../../infra/local/people.ts';
import { builtControlPlane } from './build.ts';
import { type ControlPlane, type ControlPlaneOptions, startControlPlane } from './control-plane.ts';
import { type FirstMoment, rememberMoment } from './first-moment.ts';
import { frontDoor } from './front-door.ts';
import { type Ask, manifestApplier } from './manifest.ts';

/** Opens a control plane to one local cloud: its identities are known at this door, and its calls are recorded. */
export const openDoor = async (
  controlPlane: ControlPlane,
  options: ClusterOptions,
): Promise<CloudCluster> => {
  const { clock, identities, port } = options;
  const recorder = new Recorder();
  const faults = new Faults();
  const { handle, close } = frontDoor({ controlPlane, identities, clock, recorder, faults });
  const plain = await listen(handle, port);
  const doors: { close(): Promise<void> }[] = [plain];
  const token = identities.tokenOf(administrator, ['system:masters']);
  const ask: Ask = async (method, path, body, contentType = 'application/json') => {
    const response = await fetch(plain.url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': contentType },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    return { code: response.status, body: isJson ? JSON.parse(text) : { message: text } };
  };
  const stops: (() => void)[] = [];
  return {
    url: plain.url,
    ownControllers: true,
    get calls() {
      return recorder.calls;
    },
    onCall: (listener) => recorder.onCall(listener),
    onAudit: (listener) => {
      const stop = controlPlane.audit.onEvent(listener);
      stops.push(stop);
      return stop;
    },
    apply: manifestApplier(ask),
    inject: (fault) => faults.plant(fault),
    openHttps: async (at = 0) => {
      const door = await listenSecurely(handle, at);
      doors.push(door);
      return {
        url: door.url,
        caPem: door.caPem,
        tokenOf: (name, groups) => identities.tokenOf(name, groups),
      };
    },
    close: async () => {
      for (const stop of stops) stop();
      await Promise.all(doors.map((door) => door.close()));
      close();
    },
  };
};

/** A control plane with what GKE brings: the CRDs of the Gateway API, as its release ships them, and its own components' rights. */
export const startGke = async (options: ControlPlaneOptions = {}): Promise<ControlPlane> => {
  const { binary, gatewayCrds } = await builtControlPlane();
  const controlPlane = await startControlPlane(binary, options);
  const door = await openDoor(controlPlane, { clock: systemClock, identities: new Identities() });
  const crds = readdirSync(gatewayCrds).map((file) => join(gatewayCrds, file));
  for (const file of [...crds, join(import.meta.dirname, 'gke-rights.yaml')])
    await door.apply(readFileSync(file, 'utf8'));
  await door.close();
  return controlPlane;
};

let running: Promise<{ readonly controlPlane: ControlPlane; readonly moment: FirstMoment }> | undefined;

const start = async () => {
  const controlPlane = await startGke();
  return { controlPlane, moment: await rememberMoment(controlPlane.registry) };
};

/**
 * A real Kubernetes control plane as the cluster of a local cloud. This process starts one, at the first call; every
 * further call finds it as it was at its beginning. One local cloud at a time.
 */
export const startRealCluster: StartCluster = async (options) => {
  running ??= start();
  const { controlPlane, moment } = await running;
  await moment.restore();
  return openDoor(controlPlane, options);
};

/** Ends this process's control plane, if there is one. */
export const stopRealCluster = async (): Promise<void> => {
  const stopping = running;
  running = undefined;
  await (await stopping)?.controlPlane.stop();
};
