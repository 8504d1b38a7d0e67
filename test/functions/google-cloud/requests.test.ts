import { describe, expect, it } from 'vitest';
import { parseReconcileRequest, type ReconcileRequest } from '../../../events/reconcile-request.ts';
import { createRequests } from '../../../functions/google-cloud/requests.ts';
import { type Answer, onlyPlannedAnswers, type Seen, serve } from '../wire.ts';
import { fakePace } from './pace.ts';
import { failureOf, tokens } from './setup.ts';

onlyPlannedAnswers();

const request = (name: string): ReconcileRequest => ({
  cluster: { project: 'prj-1', location: 'reg-a', name: 'c1' },
  kind: 'route',
  namespace: 'edge',
  name,
  cause: { insertId: 'i', method: 'm', principal: 'p', at: '2026-01-01T00:00:00Z' },
});

const requests = (answers: readonly Answer[] | ((call: Seen) => Answer), endpoint?: string) => {
  const origin = endpoint ?? 'https://us-east1-pubsub.googleapis.com';
  const port = createRequests({
    project: 'prj',
    topic: 'projects/prj/topics/requests',
    region: 'us-east1',
    tokens,
    ...fakePace(),
    ...(endpoint === undefined ? {} : { endpoint }),
  });
  return { port, wire: serve(origin, answers) };
};

type Body = { messages: { data: string; orderingKey: string }[] };
const messagesOf = (call: Seen | undefined) => (call?.body as Body | undefined)?.messages ?? [];

/** The generated client asks for enums as numbers, whatever it is told. */
const query = '?$alt=json;enum-encoding=int';

describe('reconcile requests are published in the order of their objects', () => {
  it('through the regional endpoint, one ordered message each', async () => {
    const { port, wire } = requests([[200, { messageIds: ['1', '2'] }]]);
    await port.publish([request('a'), request('b')]);
    expect(wire.lines()).toEqual([`POST /v1/projects/prj/topics/requests:publish${query}`]);
    const [call] = wire.calls;
    expect(call).toMatchObject({ contentType: 'application/json', authorization: 'Bearer tok' });
    const data = (name: string) => Buffer.from(JSON.stringify(request(name))).toString('base64');
    expect(call?.body).toEqual({
      messages: ['a', 'b'].map((name) => ({
        attributes: {},
        data: data(name),
        orderingKey: `prj-1/reg-a/c1/route/edge/${name}`,
      })),
    });
    const sent = Buffer.from(messagesOf(call)[0]?.data ?? '', 'base64').toString();
    expect(parseReconcileRequest(sent)).toEqual({ ok: true, value: request('a') });
  });

  it('to the local cloud over plain HTTP', async () => {
    const { port, wire } = requests([[200, { messageIds: ['1'] }]], 'http://127.0.0.1:8085');
    await port.publish([request('a')]);
    expect(wire.calls).toHaveLength(1);
  });

  it('two requests for one object are one message', async () => {
    const { port, wire } = requests([[200, { messageIds: ['1'] }]]);
    await port.publish([request('a'), request('a')]);
    expect(messagesOf(wire.calls[0])).toHaveLength(1);
  });

  it('no requests: no call', async () => {
    const { port, wire } = requests([]);
    await port.publish([]);
    expect(wire.calls).toHaveLength(0);
  });

  it('at most a thousand messages a call, and every call is answered', async () => {
    const { port, wire } = requests(() => [200, { messageIds: [] }]);
    await port.publish(Array.from({ length: 2001 }, (_, n) => request(`r${n}`)));
    expect(wire.calls.map((call) => messagesOf(call).length)).toEqual([1000, 1000, 1]);
  });
});

describe('a publish that fails', () => {
  it.each([
    ['is unavailable', [503, { error: { code: 503, message: 'm', status: 'UNAVAILABLE' } }] as Answer],
    ['is too fast', [429, { error: { code: 429, message: 'm', status: 'RESOURCE_EXHAUSTED' } }] as Answer],
    ['is not answered', 'broken' as Answer],
  ])('because it %s is sent again', async (_, answer) => {
    const { port, wire } = requests([answer, [200, { messageIds: ['1'] }]]);
    await port.publish([request('a')]);
    expect(wire.calls).toHaveLength(2);
  });

  it('rejects after four tries', async () => {
    const { port, wire } = requests(() => [503, { error: { code: 503, message: 'm' } }]);
    expect(await failureOf(port.publish([request('a')]))).toMatchObject({ kind: 'retry', status: 503 });
    expect(wire.calls).toHaveLength(4);
  });

  it('rejects at once where the right is missing', async () => {
    const { port, wire } = requests([
      [403, { error: { code: 403, message: 'no pubsub.topics.publish', status: 'PERMISSION_DENIED' } }],
    ]);
    expect(await failureOf(port.publish([request('a')]))).toMatchObject({
      kind: 'user',
      code: 'PERMISSION_DENIED',
      message: 'no pubsub.topics.publish',
    });
    expect(wire.calls).toHaveLength(1);
  });
});
