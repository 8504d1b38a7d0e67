import { beforeEach, expect } from 'vitest';
import { stringify } from 'yaml';
import { onInventory } from '../../functions/inventory.ts';
import type { Plan } from '../../functions/plan.ts';
import type { Wiring } from '../../functions/wiring.ts';
import { worldToPlanFor } from './plan-world.ts';
import type { World } from './world.ts';

/** The world of the cluster that is asked about. */
export let world: World;
let worlds: World[];

/** Before each test: one cluster, as plan-world.ts makes it. */
export const aWorldToPlanFor = (): void => {
  beforeEach(async () => {
    world = await worldToPlanFor();
    worlds = [world];
  });
};

/** So many clusters are configured: the one, again and again. */
export const configured = (clusters: number): void => {
  worlds = Array.from({ length: clusters }, () => world);
};

/** `POST /v1/plan`. */
export const send = async (
  body: string | Buffer,
  { query = '', type = 'application/yaml', method = 'POST' } = {},
) => {
  const wiring = { readers: () => worlds.map(({ deps }) => deps) } as unknown as Wiring;
  const content = { type, bytes: Buffer.from(body) };
  const url = `/v1/plan${query}`;
  const answer = await onInventory(wiring, { method, url, ifNoneMatch: undefined, content });
  return { status: answer.status, json: JSON.parse(answer.body) as Plan & { error: { message: string } } };
};

/** The plan for these manifests, all of which can be planned. */
export const plan = async (...manifests: readonly object[]): Promise<Plan> => {
  const { status, json } = await send(manifests.map((one) => stringify(one)).join('---\n'));
  expect({ status, error: json.error }).toEqual({ status: 200, error: undefined });
  return json;
};
