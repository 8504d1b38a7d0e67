import {
  type Descriptors,
  loadDescriptors,
  type Method,
} from '../../../infra/local/compute/http/descriptors.ts';
import { handlerOf, scopeOfPath } from '../../../infra/local/compute/http/router.ts';
import { addPlaces } from '../../../infra/local/compute/resources/places.ts';
import type { JsonObject } from '../../../infra/local/compute/types.ts';
import type { OperationFate } from '../../../infra/local/compute/world/operations.ts';
import { World } from '../../../infra/local/compute/world/world.ts';
import { WorldKit } from '../../../infra/local/compute/world/world-kit.ts';
import { facts } from '../../functions/fixtures.ts';
import type { SimTime } from '../engine/time.ts';

/** What a request asks for, in the client's own form: parameters by name, the body as `...Resource`. */
export type Asked = Readonly<Record<string, unknown>>;

const camel = (snake: string): string => snake.replace(/_([a-z0-9])/g, (_, c: string) => c.toUpperCase());

const isParameter = (segment: string): boolean => segment.startsWith('{');

/** The local cloud's Compute Engine without its HTTP: its resources, operations, refusals and audit entries. */
export class SimCompute {
  readonly world: World;
  readonly kit: WorldKit;
  readonly #api: Descriptors = loadDescriptors();

  constructor(time: SimTime, operationMs: number) {
    const { region, zones, networkProject: project } = facts;
    this.world = new World({ project, region, clock: time, operationMs });
    addPlaces(this.world, project, region, zones);
    this.kit = new WorldKit(this.world, this.#api, new Set([region, ...zones]));
  }

  /**
   * One request, as `service` and `method` of the API's descriptors.
   * @throws ComputeError as the API refuses
   */
  request(
    principal: string,
    service: string,
    name: string,
    asked: Asked,
    fate?: OperationFate,
  ): JsonObject | Promise<JsonObject> {
    const method = this.#api.named(service, name);
    if (method === undefined) throw new Error(`the Compute API has no ${service}.${name}`);
    const path = method.path.map((segment) =>
      isParameter(segment) ? String(asked[camel(segment.slice(1, -1))] ?? '') : segment,
    );
    const call = {
      method,
      params: Object.fromEntries(
        method.path.flatMap((segment, at) =>
          isParameter(segment) ? [[segment.slice(1, -1), path[at] ?? '']] : [],
        ),
      ),
      scope: scopeOfPath(path),
      name: path[method.path.findLastIndex(isParameter)] ?? '',
      query: queryOf(method, asked),
      body: bodyOf(asked),
      principal,
      ...(fate === undefined ? {} : { fate }),
    };
    return this.world.repeated(call) ?? handlerOf(method)(call, this.world, this.#api);
  }
}

const queryOf = (method: Method, asked: Asked): Record<string, string> =>
  Object.fromEntries(
    Object.keys(method.query).flatMap((name) =>
      asked[name] === undefined ? [] : [[name, String(asked[name])]],
    ),
  );

/** As it comes over the wire. */
const bodyOf = (asked: Asked): JsonObject => {
  const [, body] = Object.entries(asked).find(([name]) => name.endsWith('Resource')) ?? [];
  return body === undefined ? {} : (JSON.parse(JSON.stringify(body)) as JsonObject);
};
