import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changedConditions } from '../../../../../functions/persistent-ip/conditions.ts';
import { decideRoute } from '../../../../../functions/persistent-ip/decide-route.ts';
import { decideClass } from '../../../../../functions/persistent-ip/gateway-class.ts';
import type { Condition } from '../../../../../functions/persistent-ip/objects.ts';
import type { RouteObservation } from '../../../../../functions/persistent-ip/observation.ts';
import { vocabulary } from '../../../../../functions/persistent-ip/vocabulary.ts';
import { World } from '../../../world.ts';
import { controllerName } from '../cluster.ts';
import { decideOnGateway, deliverGateway } from '../world/deliver-gateway.ts';
import { deliverRoute } from '../world/deliver-route.ts';
import { observe } from '../world/observe.ts';
import { place } from '../world/place.ts';
import { settleWorld } from '../world/settle.ts';
import { wounded, wounds } from './absurd.ts';
import { storyOf } from './agree.ts';
import { brokenBy } from './invariants.ts';

/** `MODEL_SEED` runs other cases; a failure prints fast-check's own seed and path beside the smallest case. */
const seed = Number(process.env.MODEL_SEED ?? 20_261_125);
const runs = Number(process.env.MODEL_RUNS ?? 500);

/** The seed of a story; a smaller seed is no smaller story. */
const story = fc.noShrink(fc.nat());

/** A world at rest, then changed: not yet looked at. */
const changedWorld = (number: number): World => {
  const { before, after } = storyOf(number);
  const world = new World();
  place(world, before);
  settleWorld(world, before);
  place(world, after);
  return world;
};

const failure = fc.option(fc.record({ code: fc.string(), message: fc.string() }), { nil: undefined });

/** What was observed of every route, made absurd; what configuration says stays. */
const absurdly = (world: World, hurt: Parameters<typeof wounded>[1]): readonly RouteObservation[] =>
  [...world.routes.values()].map((route) => {
    const { now, cause, deployment, cluster, clusterUid, controllerName: _, ...seen } = observe(world, route);
    return { ...wounded(seen, hurt), now, cause, deployment, cluster, clusterUid, controllerName };
  });

const freeze = <T>(value: T): T => {
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  for (const child of value instanceof Map ? value.values() : Object.values(value)) freeze(child);
  return Object.freeze(value);
};

describe('whatever is observed of a route', () => {
  it('there is a decision, the same each time, and it keeps the invariants', () => {
    fc.assert(
      fc.property(
        story,
        fc.array(wounds(6), { maxLength: 4 }),
        failure,
        fc.boolean(),
        (one, hurts, failed, sweeps) => {
          const world = changedWorld(one);
          for (const seen of [[], ...hurts].flatMap((hurt) => absurdly(world, hurt))) {
            const observed = sweeps ? { ...seen, cause: { ...seen.cause, method: 'sweep' } } : seen;
            const delivery = failed === undefined ? {} : { failure: failed };
            const decision = decideRoute(freeze(observed), delivery);
            expect(decideRoute(observed, delivery)).toEqual(decision);
            expect(brokenBy(observed, decision)).toEqual([]);
          }
        },
      ),
      { seed, numRuns: runs },
    );
  });
});

describe('whatever is observed of a Gateway or a class', () => {
  const says = (
    kind: 'Gateway' | 'Listener' | 'GatewayClass',
    type: string,
    status: string,
  ): readonly string[] => {
    const words: Record<string, Record<string, Record<string, readonly string[]>>> = vocabulary;
    return words[kind]?.[type]?.[status] ?? [];
  };

  /** What is new in a status: the rest is whoever's it was. */
  const said = (before: readonly Condition[], after: readonly Condition[] = []): readonly Condition[] =>
    changedConditions(before, after);

  it('there is a decision in words that we have, and no step touches an address that we have not reserved', () => {
    fc.assert(
      fc.property(story, wounds(6), (one, hurt) => {
        const world = changedWorld(one);
        const { gateways, reserved, routes, namespaces } = wounded(
          {
            gateways: world.gateways,
            reserved: world.reserved,
            routes: world.routes,
            namespaces: world.namespaces,
          },
          hurt,
        );
        const absurd = Object.assign(new World(), { gateways, reserved, routes, namespaces });
        absurd.classes.push(...wounded({ classes: world.classes }, hurt).classes);
        for (const gateway of gateways.values()) {
          const { status, stages } = decideOnGateway(absurd, gateway);
          for (const { type, status: value, reason } of said(gateway.status.conditions, status?.conditions))
            expect(says('Gateway', type, value)).toContain(reason);
          for (const { name, conditions } of status?.listeners ?? []) {
            const before = gateway.status.listeners.find((listener) => listener.name === name);
            for (const { type, status: value, reason } of said(before?.conditions ?? [], conditions))
              expect(says('Listener', type, value)).toContain(reason);
          }
          for (const step of stages.flat()) {
            expect(step.do).toMatch(/^(reserve|delete)-address$/);
            if (step.do !== 'delete-address') continue;
            const address = reserved.find(({ name }) => name === step.name);
            expect(JSON.parse(address?.description ?? '').gateway.uid).toBe(gateway.metadata.uid);
          }
        }
        for (const gatewayClass of absurd.classes) {
          const verdict = decideClass(gatewayClass, controllerName);
          if (verdict === undefined) expect(gatewayClass.controllerName).not.toBe(controllerName);
          else expect(says('GatewayClass', verdict.type, verdict.status)).toContain(verdict.reason);
        }
      }),
      { seed, numRuns: runs },
    );
  });
});

/** The API server keeps `conditions` as a map by type. */
const onePerType = (conditions: readonly Condition[]): readonly Condition[] => [
  ...new Map(conditions.map((condition) => [condition.type, condition])).values(),
];

/** What somebody may have done to our resources and statuses; names, addresses and fences are Google Cloud's. */
const hurtWorld = (world: World, hurt: Parameters<typeof wounded>[1]): void => {
  const statuses = new Map([...world.routes].map(([key, { status }]) => [key, status]));
  const services = new Map([...world.services].map(([key, { description }]) => [key, { description }]));
  const firewalls = new Map([...world.firewalls].map(([key, { name: _, ...rest }]) => [key, rest]));
  const negs = new Map([...world.negs].map(([key, { endpoints, owner }]) => [key, { endpoints, owner }]));
  const after = wounded({ statuses, services, firewalls, negs }, hurt);
  for (const [key, route] of world.routes) {
    const status = after.statuses.get(key);
    if (status === undefined) world.put({ ...route, status: { pods: [], conditions: [] } });
    else world.put({ ...route, status: { ...status, conditions: onePerType(status.conditions) } });
  }
  for (const [key, service] of world.services)
    world.services.set(key, { ...service, ...after.services.get(key) });
  for (const [key, firewall] of world.firewalls) {
    const left = after.firewalls.get(key);
    if (left === undefined) world.firewalls.delete(key);
    else world.firewalls.set(key, { ...firewall, ...left });
  }
  for (const [key, neg] of world.negs) world.negs.set(key, { ...neg, ...after.negs.get(key) });
};

describe('decisions carried out', () => {
  it('lead to rest: decided again there is no step, and nothing is written', () => {
    fc.assert(
      fc.property(story, wounds(3), (one, hurt) => {
        const world = changedWorld(one);
        for (const key of world.gateways.keys()) deliverGateway(world, key);
        hurtWorld(world, hurt);
        for (const key of [...world.routes.keys()]) {
          deliverRoute(world, key);
          const again = deliverRoute(world, key);
          expect({ key, steps: again.steps, changed: again.changed }).toEqual({
            key,
            steps: [],
            changed: false,
          });
        }
      }),
      { seed, numRuns: runs },
    );
  });
});
