import { randomBytes } from 'node:crypto';
import { ComputeError } from '../errors.ts';
import type { Asked } from './exchange.ts';

/**
 * The batch form of the API (https://cloud.google.com/compute/docs/api/how-tos/batch): a `multipart/mixed`
 * body whose parts are HTTP requests, answered by one whose parts are HTTP responses. gcloud sends several
 * requests so: `addresses delete a b`, and the waiting for both.
 */
export const isBatch = (verb: string | undefined, target: string | undefined): boolean =>
  verb === 'POST' && paths.test(target ?? '');

/** `gcloud beta` sends its batches to beta's, with requests for the endpoint that it was given inside. */
const paths = /^\/batch\/compute\/(?:v1|beta|alpha)$/;

/** *You are limited to 1,000 calls in a single batch request* (the same page). */
const maxParts = 1000;

/** One request of a batch, and the id that its answer must carry. */
interface Part {
  readonly id: string | undefined;
  readonly asked: Asked;
}

/** The answer to one of them. */
export interface PartAnswer {
  readonly status: number;
  readonly body: string;
}

const refusal = (why: string): ComputeError =>
  new ComputeError(400, 'badRequest', `Failed to parse batch request, error: ${why}`);

/** Header lines and what follows the first empty line. */
const split = (text: string): { readonly head: readonly string[]; readonly rest: string } => {
  // There may be no header: the empty line is the first one then.
  const led = `\n${text}`;
  const gap = led.indexOf('\n\n');
  if (gap === -1) return { head: text.split('\n'), rest: '' };
  return { head: led.slice(1, gap).split('\n'), rest: led.slice(gap + 2) };
};

const headersOf = (lines: readonly string[]): ReadonlyMap<string, string> =>
  new Map(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()] as const;
    }),
  );

const boundaryOf = (contentType: string | undefined): string => {
  const [, quoted, bare] =
    /^multipart\/mixed\b.*;\s*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType ?? '') ?? [];
  const boundary = quoted ?? bare;
  if (boundary === undefined) throw refusal('the content type is not multipart/mixed with a boundary.');
  return boundary;
};

const partOf = (text: string, authorization: string | undefined): Part => {
  const { head, rest } = split(text);
  const { head: inner, rest: body } = split(rest.trimStart());
  const [, verb, target] = /^([A-Z]+) (?:https?:\/\/[^/]+)?(\/\S*)/.exec(inner[0] ?? '') ?? [];
  if (verb === undefined || target === undefined) throw refusal('a part is not an HTTP request.');
  const own = headersOf(inner.slice(1)).get('authorization');
  return {
    id: headersOf(head).get('content-id'),
    asked: { verb, target, authorization: own ?? authorization, read: () => Promise.resolve(body.trim()) },
  };
};

/**
 * The requests of a batch. One without an `Authorization` of its own has the batch's.
 * @throws ComputeError 400 for what is not a batch of 1 to 1,000 requests
 */
export const partsOf = (
  contentType: string | undefined,
  text: string,
  authorization: string | undefined,
): Part[] => {
  const boundary = boundaryOf(contentType);
  // Lines end with CRLF, or with LF as gcloud's; in the JSON of a body neither means anything.
  const [, ...pieces] = `\n${text.replaceAll('\r\n', '\n')}`.split(`\n--${boundary}`);
  const end = pieces.findIndex((piece) => piece.startsWith('--'));
  if (end === -1) throw refusal('the last boundary is missing.');
  if (end === 0) throw refusal('it has no parts.');
  if (end > maxParts) throw refusal(`The batch request has more than ${maxParts} calls.`);
  return pieces.slice(0, end).map((piece) => partOf(piece.replace(/^[ \t]*\n/, ''), authorization));
};

/** `<abc+0>` is answered with `<response-abc+0>`. */
const responseId = (id: string): string => id.replace(/^<?/, '<response-').replace(/>?$/, '>');

const partText = ({ id }: Part, { status, body }: PartAnswer): string =>
  [
    'Content-Type: application/http',
    ...(id === undefined ? [] : [`Content-ID: ${responseId(id)}`]),
    '',
    // The reason phrase is for people; clients read the number.
    `HTTP/1.1 ${status} ${status < 400 ? 'OK' : 'Error'}`,
    'Content-Type: application/json; charset=UTF-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');

/** The answer to a batch: always 200, with every request's own status inside. */
export const batchAnswer = (
  answered: readonly (readonly [Part, PartAnswer])[],
): { readonly contentType: string; readonly body: string } => {
  const boundary = `batch_${randomBytes(12).toString('hex')}`;
  const parts = answered.map(([part, answer]) => `--${boundary}\r\n${partText(part, answer)}\r\n`);
  return {
    contentType: `multipart/mixed; boundary=${boundary}`,
    body: `${parts.join('')}--${boundary}--\r\n`,
  };
};
