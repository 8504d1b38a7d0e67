import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Answer, Api } from './api.ts';

let api: Api;
beforeEach(async () => {
  api = await Api.start();
});
afterEach(() => api.close());

const events = '/apis/events.k8s.io/v1/namespaces/default/events';
const core = '/api/v1/namespaces/default/events';
const time = '2026-11-25T15:00:00.000000Z';
const event = (more: object = {}): object => ({
  metadata: { name: 'nat.1' },
  eventTime: time,
  reportingController: 'persistent-ip.dev/reconcile',
  reportingInstance: 'test',
  action: 'Move',
  reason: 'Moved',
  type: 'Normal',
  note: 'from a to b',
  regarding: { kind: 'GKEIPRoute', name: 'nat', namespace: 'default', uid: 'u-1' },
  ...more,
});
const said = ({ code, body }: Answer): unknown => [code, (body as unknown as { message?: string }).message];

describe('an Event of events.k8s.io/v1', () => {
  it('is one of core/v1 in other words, and found there by what it is about', async () => {
    await api.post(events, event());
    const { body } = await api.get(`${core}?fieldSelector=involvedObject.uid%3Du-1`);
    expect(body.items).toMatchObject([
      {
        message: 'from a to b',
        involvedObject: { kind: 'GKEIPRoute', name: 'nat' },
        reportingComponent: 'persistent-ip.dev/reconcile',
        firstTimestamp: null,
        eventTime: time,
      },
    ]);
    expect((await api.get(`${events}?fieldSelector=regarding.uid%3Du-2`)).body.items).toEqual([]);
    await api.delete(`${core}/nat.1`);
    expect(said(await api.get(`${events}/nat.1`))).toEqual([404, 'events.events.k8s.io "nat.1" not found']);
  });

  it('is not made twice', async () => {
    await api.post(events, event());
    expect(said(await api.post(events, event()))).toEqual([
      409,
      'events.events.k8s.io "nat.1" already exists',
    ]);
  });

  it.each([
    [{ eventTime: '2026-11-25T15:00:00Z' }, 400],
    [{ eventTime: undefined }, 422],
    [{ note: 'x'.repeat(1_025) }, 422],
    [{ type: 'Odd' }, 422],
    [{ action: '' }, 422],
    [{ reportingController: 'a/b/c' }, 422],
    [{ reportingInstance: 'x'.repeat(129) }, 422],
    [{ regarding: { kind: 'GKEIPRoute', name: 'nat' } }, 201],
    [{ series: { count: 1, lastObservedTime: time } }, 422],
  ])('that is not whole is refused: %j', async (fault, code) => {
    expect((await api.post(events, event(fault))).code).toBe(code);
  });

  it('is counted, and says for ever what it said', async () => {
    await api.post(events, event());
    const counted = await api.merge(`${events}/nat.1`, { series: { count: 2, lastObservedTime: time } });
    expect(counted.body.series).toEqual({ count: 2, lastObservedTime: time });
    expect(said(await api.merge(`${events}/nat.1`, { note: 'otherwise' }))).toEqual([
      422,
      'Event "nat.1" is invalid: message: Invalid value: "otherwise": field is immutable',
    ]);
  });
});
