import { badField, GoogleError } from '../google-error.ts';

/** A message once it is published. `data` stays base64, as it is on the wire. */
export interface Message {
  readonly messageId: string;
  /** RFC 3339. */
  readonly publishTime: string;
  readonly data?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly orderingKey?: string;
}

/** A message as its publisher hands it over. */
export type NewMessage = Omit<Message, 'messageId' | 'publishTime'>;

/** Source: Pub/Sub quotas and limits, "Resource limits". Sizes in bytes. */
export const limits = {
  messagesARequest: 1_000,
  request: 10_000_000,
  attributes: 100,
  attributeKey: 256,
  attributeValue: 1024,
  orderingKey: 1024,
} as const;

const bytes = (text: string): number => Buffer.byteLength(text);

/**
 * Refuses what Pub/Sub does not publish: an empty message, one over a limit, a reserved attribute. All or
 * nothing: one bad message refuses the request.
 * @throws GoogleError 400 naming the message by its index
 */
export const checkMessages = (messages: readonly NewMessage[]): void => {
  if (messages.length === 0)
    throw badField('messages', 'The publish request must contain at least one message.');
  if (messages.length > limits.messagesARequest)
    throw badField(
      'messages',
      `At most ${limits.messagesARequest} messages a request; got ${messages.length}.`,
    );
  for (const [index, message] of messages.entries()) checkMessage(message, `messages[${index}]`);
  const total = messages.reduce((sum, message) => sum + sizeOf(message), 0);
  if (total > limits.request)
    throw badField(
      'messages',
      `The request is ${total} bytes; at most ${limits.request} are published at once.`,
    );
};

const checkMessage = (message: NewMessage, at: string): void => {
  const attributes = Object.entries(message.attributes ?? {});
  if (!message.data && attributes.length === 0)
    throw new GoogleError(
      'INVALID_ARGUMENT',
      `${at}: One or more messages in the publish request is empty. Each message must contain either ` +
        'non-empty data, or at least one attribute.',
    );
  if (attributes.length > limits.attributes)
    throw badField(`${at}.attributes`, `At most ${limits.attributes} attributes a message.`);
  for (const [key, value] of attributes) {
    if (key === '' || bytes(key) > limits.attributeKey)
      throw badField(`${at}.attributes`, `An attribute's key has 1 to ${limits.attributeKey} bytes.`);
    if (key.startsWith('goog'))
      throw badField(`${at}.attributes.${key}`, 'Attribute keys that begin with "goog" are reserved.');
    if (bytes(value) > limits.attributeValue)
      throw badField(`${at}.attributes.${key}`, `An attribute has at most ${limits.attributeValue} bytes.`);
  }
  if (bytes(message.orderingKey ?? '') > limits.orderingKey)
    throw badField(`${at}.orderingKey`, `An ordering key has at most ${limits.orderingKey} bytes.`);
};

const sizeOf = ({ data = '', attributes = {}, orderingKey = '' }: NewMessage): number =>
  Buffer.byteLength(data, 'base64') +
  bytes(orderingKey) +
  Object.entries(attributes).reduce((sum, [key, value]) => sum + bytes(key) + bytes(value), 0);

/** The message's JSON: empty fields are left out, as the real service leaves them out. */
export const messageJson = (message: Message): Message => ({
  ...(message.data && { data: message.data }),
  ...(Object.keys(message.attributes ?? {}).length > 0 && { attributes: message.attributes }),
  messageId: message.messageId,
  publishTime: message.publishTime,
  ...(message.orderingKey && { orderingKey: message.orderingKey }),
});
