import { openApi } from '../discovery/openapi.ts';
import { openApiV2 } from '../discovery/openapi-v2.ts';
import type { Catalog } from '../resources/catalog.ts';
import type { Answer } from './answer.ts';
import { encodeOpenApi, openApiProtobufTypes } from './openapi-protobuf.ts';

const [protobufType] = openApiProtobufTypes;

const typesOf = (accept: string | undefined): string[] =>
  (accept ?? '*/*').split(',').map((clause) => clause.split(';')[0]?.trim() ?? '');

const takesProtobuf = (type: string): boolean => (openApiProtobufTypes as readonly string[]).includes(type);
const takesJson = (type: string): boolean => ['application/json', 'application/*', '*/*'].includes(type);

/**
 * `/openapi/v3` and below it, and `/openapi/v2` as JSON or protobuf, as the client's first type that is served has it;
 * 406 where none is (kube-openapi `pkg/handler`). `undefined` for any other path.
 */
export const openApiAnswer = (catalog: Catalog, path: string, accept: string | undefined): Answer => {
  if (path !== '/openapi/v2') {
    const body = openApi(catalog, path);
    return body === undefined ? undefined : { code: 200, body };
  }
  const type = typesOf(accept).find((each) => takesProtobuf(each) || takesJson(each));
  if (type === undefined) return { code: 406, plain: '' };
  const body = openApiV2(catalog);
  if (takesJson(type)) return { code: 200, body };
  return { code: 200, bytes: encodeOpenApi(body), type: protobufType };
};
