import type { IncomingMessage } from 'node:http';
import { type DocumentOptions, type ParseOptions, parse as parseYaml, type SchemaOptions } from 'yaml';
import type { Json } from '../objects/object.ts';
import { StatusError } from '../objects/status.ts';
import { patchTypes } from '../patch/patch.ts';
import { scan } from '../types/syntax.ts';
import { decodeProtobuf, protobufType } from './protobuf.ts';

/** The API server's own limit of a request. */
const largest = 3 * 1024 * 1024;

const yamlTypes = ['application/yaml', patchTypes.apply];
const objectTypes: readonly string[] = ['application/json', 'application/yaml', protobufType];

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

/** A body, and the fields that stand twice in it, by their paths. */
export interface Content {
  readonly body: Json | undefined;
  readonly duplicates: readonly string[];
}

/** A body that does not parse, with the reason in the words of Go. Its answer depends on what it was for. */
export class Malformed extends Error {
  readonly bytes: Buffer;
  constructor(why: string, bytes: Buffer) {
    super(why);
    this.bytes = bytes;
  }
}

/** YAML 1.1, as Kubernetes reads it: `y` is true. Times stay texts, and what else JSON has not is nothing. */
const yamlOptions: ParseOptions & DocumentOptions & SchemaOptions = {
  version: '1.1',
  customTags: (tags) =>
    tags.filter(
      (tag) => typeof tag !== 'string' || !['timestamp', 'intTime', 'floatTime', 'binary'].includes(tag),
    ),
};

const jsonOf = (bytes: Buffer): Content => {
  try {
    const { duplicates } = scan(bytes);
    return { body: JSON.parse(bytes.toString()) as Json, duplicates };
  } catch (error) {
    throw new Malformed(error instanceof Error ? error.message : '', bytes);
  }
};

const yamlOf = (bytes: Buffer): Content => {
  try {
    return { body: parseYaml(bytes.toString(), yamlOptions) as Json, duplicates: [] };
  } catch (error) {
    throw new Malformed(`yaml: ${error instanceof Error ? error.message : ''}`, bytes);
  }
};

const messageOf = (bytes: Buffer): Json | undefined => {
  try {
    return decodeProtobuf(bytes);
  } catch (error) {
    throw new Malformed(error instanceof Error ? error.message : '', bytes);
  }
};

/** @throws Error that `unreadableAnswer` answers */
const contentOf = (bytes: Buffer, type: string): Content => {
  if (type === protobufType) {
    const body = messageOf(bytes);
    if (body === undefined) throw new UnknownMedia();
    return { body, duplicates: [] };
  }
  return yamlTypes.includes(type) ? yamlOf(bytes) : jsonOf(bytes);
};

/** A body of a type that is not read, or a protobuf message of a kind that is not. */
export class UnknownMedia extends Error {}

/**
 * The body of a request, or nothing when it has none. A body without a content type is read as JSON.
 * @throws StatusError 413 when it is too large, Malformed, or UnknownMedia
 */
export const readBody = async (request: IncomingMessage): Promise<Content> => {
  const bytes = await bytesOf(request);
  const type = mediaType(request.headers['content-type']) || 'application/json';
  if (bytes.length === 0) return { body: undefined, duplicates: [] };
  const known = request.method === 'PATCH' ? Object.values<string>(patchTypes) : objectTypes;
  if (!known.includes(type)) throw new UnknownMedia();
  return contentOf(bytes, type);
};
