import { describe, expect, it } from 'vitest';
import { type Answer, onlyPlannedAnswers } from '../wire.ts';
import { compute, failureOf, refusal } from './setup.ts';

onlyPlannedAnswers();

const step = { do: 'delete-backend-service', name: 'svc' } as const;
const accepted: Answer = [200, { name: 'op', id: '1', status: 'RUNNING' }];
const running: Answer = [200, { name: 'op', status: 'RUNNING' }];
const done: Answer = [200, { name: 'op', status: 'DONE' }];
const down = refusal(503, 'backendError');

const idOf = (path: string | undefined) => /requestId=([0-9a-f-]+)/.exec(path ?? '')?.[1];

describe('a requestId belongs to one request', () => {
  it.each([
    ['a 503', down],
    ['a 500', refusal(500, 'internalError')],
    ['no answer', 'broken' as const],
  ])('it is sent again after %s', async (_, lost) => {
    const { port, wire, deadline } = compute([lost, accepted, done]);
    await port.apply(step, deadline);
    const [first, second] = wire.calls;
    expect(second).toEqual(first);
    expect(idOf(first?.path)).toBeDefined();
  });

  it('another step has another one, even if it wants the same', async () => {
    const { port, wire, deadline } = compute([accepted, done, accepted, done]);
    await port.apply(step, deadline);
    await port.apply(step, deadline);
    expect(idOf(wire.calls[0]?.path)).not.toBe(idOf(wire.calls[2]?.path));
  });

  it.each([
    ['429', refusal(429, 'rateLimitExceeded')],
    ['403 rateLimitExceeded', refusal(403, 'rateLimitExceeded')],
    ['400 resourceNotReady', refusal(400, 'resourceNotReady')],
    ['412', refusal(412, 'conditionNotMet')],
  ])('after the verdict %s the request is not sent again', async (_, verdict) => {
    const { port, wire, deadline } = compute([verdict]);
    await failureOf(port.apply(step, deadline));
    expect(wire.calls).toHaveLength(1);
  });

  it('a request without an answer is sent four times at most', async () => {
    const { port, wire, deadline } = compute(() => down);
    expect(await failureOf(port.apply(step, deadline))).toMatchObject({ kind: 'retry', status: 503 });
    expect(wire.calls).toHaveLength(4);
    expect(new Set(wire.calls.map(({ path }) => path)).size).toBe(1);
  });
});

describe('an operation is waited for', () => {
  it('until it is done, however often wait comes back before', async () => {
    const { port, wire, deadline } = compute([accepted, running, running, done]);
    await port.apply(step, deadline);
    expect(wire.calls).toHaveLength(4);
  });

  it('with a pause, for a server whose wait does not block', async () => {
    const { port, pace, deadline } = compute([accepted, running, done]);
    await port.apply(step, deadline);
    expect(pace.naps).toEqual([200]);
  });

  it('through transient errors of the wait itself', async () => {
    const { port, deadline } = compute([accepted, down, 'broken', done]);
    await expect(port.apply(step, deadline)).resolves.toBeUndefined();
  });

  it('no longer than the delivery lasts', async () => {
    const { port, wire, pace } = compute(() => running);
    const failure = await failureOf(port.apply(step, new Date(pace.now().getTime() + 1000)));
    expect(failure).toMatchObject({ kind: 'unfinished' });
    // One mutation, then a wait every 200 ms.
    expect(wire.calls).toHaveLength(6);
  });

  it('a step whose time is over before it begins sends nothing', async () => {
    const { port, wire, pace } = compute([]);
    expect(await failureOf(port.apply(step, pace.now()))).toMatchObject({ kind: 'unfinished' });
    expect(wire.calls).toHaveLength(0);
  });
});

describe('what is absent is deleted', () => {
  it.each([
    { do: 'delete-forwarding-rule', name: 'r' },
    { do: 'delete-firewall', name: 'f' },
    { do: 'delete-backend-service', name: 'b' },
    { do: 'delete-neg', neg: { zone: 'reg-a', name: 'n' } },
  ] as const)('$do', async (deletion) => {
    const { port, wire, deadline } = compute([refusal(404, 'notFound')]);
    await expect(port.apply(deletion, deadline)).resolves.toBeUndefined();
    expect(wire.calls).toHaveLength(1);
  });

  it('also when only its operation finds that out', async () => {
    const error = { errors: [{ code: 'RESOURCE_NOT_FOUND', message: 'gone' }] };
    const failed: Answer = [200, { name: 'op', status: 'DONE', httpErrorStatusCode: 404, error }];
    const { port, deadline } = compute([accepted, failed]);
    await expect(port.apply(step, deadline)).resolves.toBeUndefined();
  });

  it('and so is a detachment whose group is gone', async () => {
    const { port, deadline } = compute([refusal(404, 'notFound')]);
    const detach = { do: 'detach', neg: { zone: 'reg-a', name: 'n' }, instances: ['vm'] } as const;
    await expect(port.apply(detach, deadline)).resolves.toBeUndefined();
  });

  it('but a creation that misses something fails', async () => {
    const { port, deadline } = compute([refusal(404, 'notFound')]);
    const attach = { do: 'attach', neg: { zone: 'reg-a', name: 'n' }, instances: ['vm'] } as const;
    expect(await failureOf(port.apply(attach, deadline))).toMatchObject({ kind: 'not-found' });
  });
});
