import { configVariable } from '../../../functions/config.ts';
import { type FirstEvent, firstEvent } from '../cold-start/first-event.ts';
import type { Image } from '../cold-start/image.ts';
import { pushOf, type World } from '../world.ts';
import { type Latencies, serveScene } from './apis.ts';
import type { Scene } from './scene.ts';

/** A full run of the sweep, in a process that was started for it. */
export interface Run extends FirstEvent {
  readonly routes: number;
  readonly pods: number;
  /** Calls by kind. */
  readonly calls: Readonly<Record<string, number>>;
  readonly published: number;
}

const settingsOn = (settings: Readonly<Record<string, string>>, url: string): Record<string, string> => {
  const { computeCallsPerSecond: _, ...config } = JSON.parse(settings[configVariable] ?? '{}') as {
    computeCallsPerSecond?: number;
    clusters: readonly object[];
  };
  const endpoints = { compute: url, pubsub: url, logging: url };
  const clusters = config.clusters.map((cluster) => ({ ...cluster, endpoint: url }));
  // As Node limits its heap by itself in a container of 512 MiB: to half of it.
  const NODE_OPTIONS = '--max-old-space-size=256';
  return { ...settings, NODE_OPTIONS, [configVariable]: JSON.stringify({ ...config, clusters, endpoints }) };
};

const fullRun = (): object => {
  const { message, ...push } = pushOf('') as { message: object };
  return { ...push, message: { ...message, attributes: { scope: 'full' } } };
};

export const sweepOver = async (
  world: World,
  image: Image,
  scene: Scene,
  latencies?: Latencies,
): Promise<Run> => {
  const apis = await serveScene(scene, world.cloud.serviceAccount, latencies);
  try {
    const launch = await world.launch('sweep');
    const settings = (url: string) => settingsOn(launch.settings(url), apis.url);
    const measured = await firstEvent({ ...launch, settings, image, body: fullRun() });
    return {
      ...measured,
      routes: scene.lists.routes.count,
      pods: scene.lists.pods.count,
      calls: Object.fromEntries(apis.calls),
      published: apis.published(),
    };
  } finally {
    await apis.close();
  }
};
