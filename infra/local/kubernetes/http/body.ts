import type { IncomingMessage } from 'node:http';
import { parse as parseYaml } from 'yaml';
import type { Json } from '../objects/object.ts';
import { badRequest, StatusError, unsupportedMediaType } from '../objects/status.ts';
import { patchTypes } from '../patch/patch.ts';
import { decodeProtobuf, protobufType } from './protobuf.ts';

/** The API server's own limit of a request. */
const largest = 3 * 1024 * 1024;

const yamlTypes = ['application/yaml', patchTypes.apply];
const jsonTypes = ['application/json', patchTypes.json, patchTypes.merge, patchTypes.strategic];

/** `application/json; charset=utf-8` as `application/json`. */
export const mediaType = (header: string | undefined): string =>
  (header ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

/** @throws StatusError 413 */
const bytesOf = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = chunk as Buffer;
    size += bytes.length;
    if (size > largest) {
      throw new StatusError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${largest}`);
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
};

/**
 * The body of a request, or `undefined` when it has none. A body without a content type is read as JSON.
 * @throws StatusError 400 when it does not parse, 413 when it is too large, 415 for another type, and for protobuf
 * of a kind that is not read here
 */
export const readBody = async (request: IncomingMessage): Promise<Json | undefined> => {
  const bytes = await bytesOf(request);
  if (bytes.length === 0) return undefined;
  const type = mediaType(request.headers['content-type']) || 'application/json';
  const patch = request.method === 'PATCH';
  const refuse = (): StatusError =>
    unsupportedMediaType(patch ? Object.values(patchTypes) : ['application/json', 'application/yaml']);
  if (![...jsonTypes, ...yamlTypes, protobufType].includes(type)) throw refuse();
  const content = bytes.toString();
  try {
    if (type === protobufType) {
      const object = decodeProtobuf(bytes);
      if (object === undefined) throw refuse();
      return object;
    }
    return yamlTypes.includes(type) ? (parseYaml(content) as Json) : (JSON.parse(content) as Json);
  } catch (error) {
    if (error instanceof StatusError) throw error;
    throw badRequest(
      `the body of the request does not parse: ${error instanceof Error ? error.message : ''}`,
    );
  }
};
