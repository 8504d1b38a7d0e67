import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPushEnvelope } from '../../events/push-envelope.ts';
import { withAt } from './entries.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

const push = {
  message: {
    data: base64('{"a":"ä漢"}'),
    attributes: { 'logging.googleapis.com/timestamp': '2024-01-01T01:00:00Z' },
    messageId: '136969346945',
    message_id: '136969346945',
    publishTime: '2024-01-01T01:00:00.89Z',
    publish_time: '2024-01-01T01:00:00.89Z',
    orderingKey: 'proj/us-central1/prod/route/edge/nat',
  },
  subscription: 'projects/proj/subscriptions/reconcile',
  deliveryAttempt: 3,
};

const read = (path: string, value: unknown) => readPushEnvelope(withAt(push, path.split('.'), value));

describe('a push', () => {
  test('is read whole, its data decoded', () => {
    expect(readPushEnvelope(push)).toEqual({
      ok: true,
      value: {
        data: '{"a":"ä漢"}',
        attributes: { 'logging.googleapis.com/timestamp': '2024-01-01T01:00:00Z' },
        messageId: '136969346945',
        publishTime: '2024-01-01T01:00:00.89Z',
        orderingKey: 'proj/us-central1/prod/route/edge/nat',
        deliveryAttempt: 3,
        subscription: 'projects/proj/subscriptions/reconcile',
      },
    });
  });

  test.each(['orderingKey', 'deliveryAttempt'])('%s comes only where it is configured', (field) => {
    const path = field === 'orderingKey' ? 'message.orderingKey' : field;
    for (const absent of [undefined, null]) {
      const envelope = read(path, absent);
      expect(envelope.ok && field in envelope.value).toBe(false);
      expect(envelope.ok).toBe(true);
    }
  });

  test('a message of attributes alone has empty data', () => {
    expect(read('message.data', undefined)).toMatchObject({ ok: true, value: { data: '' } });
  });

  test('any text survives base64', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(read('message.data', base64(text))).toMatchObject({ ok: true, value: { data: text } });
      }),
    );
  });

  test('an attribute named like a property of every object is found only if it was sent', () => {
    const envelope = readPushEnvelope(JSON.parse(JSON.stringify(push)));
    expect(envelope.ok && envelope.value.attributes.constructor).toBe(undefined);
  });
});

describe('a malformed push is refused by the name of its field', () => {
  test.each<[string, unknown[]]>([
    ['message', [undefined, null, [], 'text', 7]],
    ['subscription', [undefined, '', 7]],
    ['deliveryAttempt', ['3', 1.5, {}]],
    ['message.messageId', [undefined, 7, '']],
    ['message.publishTime', [undefined, 7, 'now']],
    ['message.attributes', [7, [], 'a=b', { a: 1 }, { a: null }]],
    ['message.orderingKey', [7, {}]],
    ['message.data', [7, {}, 'not base64!', 'eyJh-_==', 'A']],
  ])('%s', (field, values) => {
    for (const value of values)
      expect(read(field, value)).toEqual({
        ok: false,
        refusal: { kind: 'malformed', field, problem: expect.any(String) },
      });
  });

  test('data that is no text is refused as such', () => {
    const refused = read('message.data', Buffer.from([0xff, 0xfe, 0x80]).toString('base64'));
    expect(refused).toEqual({
      ok: false,
      refusal: { kind: 'malformed', field: 'message.data', problem: 'is not UTF-8' },
    });
  });

  test('whatever JSON it is, it never throws', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(readPushEnvelope(value).ok).toBe(false);
      }),
    );
    const fields = [
      'message',
      'message.data',
      'message.attributes',
      'message.publishTime',
      'deliveryAttempt',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...fields), fc.anything(), (field, value) => {
        const envelope = read(field, value);
        if (!envelope.ok) expect(envelope.refusal.kind).toBe('malformed');
      }),
    );
  });
});
