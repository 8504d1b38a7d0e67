import { isAbsent, isObject, stringMap } from './json.ts';
import { accept, malformed, type Parsed } from './refusal.ts';
import { isTimestamp } from './timestamp.ts';

/** One delivery of a Pub/Sub push subscription. */
export interface PushEnvelope {
  /** The message's data, decoded to text; empty when the message has attributes only. */
  readonly data: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageId: string;
  /** RFC 3339. */
  readonly publishTime: string;
  /** Messages of a log sink have none. */
  readonly orderingKey?: string;
  /** From 1; only with a dead-letter policy. */
  readonly deliveryAttempt?: number;
  /** `projects/P/subscriptions/S`. */
  readonly subscription: string;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const beyondAscii = /[\x80-\xff]/;

/**
 * Base64 of UTF-8 to text. `atob` is strict, which `Buffer` is not, and for ASCII its result is the text: 5 µs for
 * 4.4 kB on Node 24, 11 µs where UTF-8 has to be decoded. Node 24 has no `Uint8Array.fromBase64` yet.
 */
const decodeData = (base64: string): Parsed<string> => {
  let binary: string;
  try {
    binary = atob(base64);
  } catch {
    return malformed('message.data', 'is not base64');
  }
  if (!beyondAscii.test(binary)) return accept(binary);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = binary.charCodeAt(at);
  try {
    return accept(utf8.decode(bytes));
  } catch {
    return malformed('message.data', 'is not UTF-8');
  }
};

const noAttributes: Readonly<Record<string, string>> = Object.freeze(Object.create(null));

/**
 * The body of a push, as JSON has parsed it (`req.body` of an `http` function, which alone sees it raw).
 * Source: Pub/Sub "Receive push messages"; design/events.md.
 */
export const readPushEnvelope = (body: unknown): Parsed<PushEnvelope> => {
  if (!isObject(body)) return malformed('body', 'is no JSON object');
  const { message, subscription, deliveryAttempt } = body;
  if (!isObject(message)) return malformed('message', 'is missing or no object');
  const { messageId, publishTime, orderingKey } = message;
  if (typeof subscription !== 'string' || subscription === '')
    return malformed('subscription', 'is missing or no string');
  if (typeof messageId !== 'string' || messageId === '')
    return malformed('message.messageId', 'is missing or no string');
  if (!isTimestamp(publishTime)) return malformed('message.publishTime', 'is no RFC 3339 time');
  const attributes = isAbsent(message.attributes) ? noAttributes : stringMap(message.attributes);
  if (attributes === undefined) return malformed('message.attributes', 'is no map of strings');
  if (!isAbsent(orderingKey) && typeof orderingKey !== 'string')
    return malformed('message.orderingKey', 'is no string');
  const isAttempt = typeof deliveryAttempt === 'number' && Number.isInteger(deliveryAttempt);
  if (!isAbsent(deliveryAttempt) && !isAttempt) return malformed('deliveryAttempt', 'is no whole number');
  const encoded = message.data ?? '';
  if (typeof encoded !== 'string') return malformed('message.data', 'is no string');
  const data = decodeData(encoded);
  if (!data.ok) return data;
  return accept({
    data: data.value,
    attributes,
    messageId,
    publishTime,
    subscription,
    ...(orderingKey ? { orderingKey } : {}),
    ...(isAttempt ? { deliveryAttempt } : {}),
  });
};
