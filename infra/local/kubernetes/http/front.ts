import { aggregatedDiscovery } from '../discovery/aggregated-discovery.ts';
import { discovery } from '../discovery/discovery.ts';
import type { Catalog } from '../resources/catalog.ts';
import { accepted, discoveryType } from './accept.ts';
import { type Answer, plainAnswer } from './answer.ts';
import { openApiAnswer } from './openapi-answer.ts';

/** A request about the server itself. */
export interface FrontRequest {
  readonly method: string;
  readonly path: string;
  readonly accept: string | undefined;
}

/**
 * Health, version, discovery and OpenAPI: what every authenticated user may read (the role `system:discovery`).
 * `undefined` for any other request.
 */
export const frontAnswer = (catalog: Catalog, { method, path, accept }: FrontRequest): Answer => {
  const plain = plainAnswer(path);
  if (typeof plain === 'string') return { code: 200, plain };
  if (plain !== undefined) return { code: 200, body: plain };
  if (method !== 'GET') return undefined;
  if (accepted(accept, ['discovery']) === 'discovery') {
    const whole = aggregatedDiscovery(catalog, path);
    if (whole !== undefined) return { code: 200, body: whole, type: discoveryType };
  }
  const body = discovery(catalog, path);
  return body === undefined ? openApiAnswer(catalog, path, accept) : { code: 200, body };
};
