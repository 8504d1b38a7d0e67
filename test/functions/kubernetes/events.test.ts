import { describe, expect, it } from 'vitest';
import { EventPace } from '../../../functions/kubernetes/event-pace.ts';
import { createEvents } from '../../../functions/kubernetes/events.ts';
import type { RouteEvent } from '../../../functions/persistent-ip/route-event.ts';
import { type Answer, onlyPlannedAnswers, serve } from '../wire.ts';
import { answer, endpoint, failureOf, notFound, refusal } from './setup.ts';

onlyPlannedAnswers();

const event: RouteEvent = {
  name: 'nat.0123456789abcdef',
  route: { namespace: 'edge', name: 'nat', uid: 'uid-nat' },
  action: 'Move',
  reason: 'Moved',
  type: 'Normal',
  note: '34.1.2.3 went on',
  at: '2026-11-24T14:05:00.250Z',
  pod: { name: 'nat-2', uid: 'uid-2' },
};

const port = (answers: readonly Answer[] | (() => Answer), now = new Date(event.at)) => ({
  wire: serve(endpoint, answers),
  events: createEvents({ endpoint, token: async () => 't', deployment: 'edge-prod', now: () => now }),
});

const path = '/apis/events.k8s.io/v1/namespaces/edge/events';
const mine = '?fieldManager=persistent-ip.dev';
const made = answer(201, { metadata: { name: event.name } });
const there = refusal(409, 'AlreadyExists', { details: { name: event.name } });
const found = (more: object = {}) =>
  answer(200, {
    metadata: { name: event.name, resourceVersion: '7' },
    eventTime: '2026-11-24T14:00:00.000000Z',
    ...more,
  });

describe('an Event', () => {
  it('is one POST, with what events.k8s.io asks for and the time in six digits', async () => {
    const { events, wire } = port([made]);
    await events.announce(event);
    expect(wire.calls).toEqual([
      {
        method: 'POST',
        path: `${path}${mine}`,
        contentType: 'application/json',
        authorization: 'Bearer t',
        body: {
          apiVersion: 'events.k8s.io/v1',
          kind: 'Event',
          metadata: { name: event.name, namespace: 'edge' },
          eventTime: '2026-11-24T14:05:00.250000Z',
          reportingController: 'persistent-ip.dev/reconcile',
          reportingInstance: 'edge-prod',
          action: 'Move',
          reason: 'Moved',
          type: 'Normal',
          note: '34.1.2.3 went on',
          regarding: {
            apiVersion: 'networking.gke.io/v1',
            kind: 'GKEIPRoute',
            namespace: 'edge',
            name: 'nat',
            uid: 'uid-nat',
          },
          related: { apiVersion: 'v1', kind: 'Pod', namespace: 'edge', name: 'nat-2', uid: 'uid-2' },
        },
      },
    ]);
  });

  it('that is there is counted in its series, fenced by its version', async () => {
    const { events, wire } = port([there, found(), answer(200, {})]);
    await events.announce(event);
    expect(wire.lines()).toEqual([
      `POST ${path}${mine}`,
      `GET ${path}/${event.name}`,
      `PATCH ${path}/${event.name}${mine}`,
    ]);
    expect(wire.calls[2]).toMatchObject({
      contentType: 'application/merge-patch+json',
      body: {
        metadata: { resourceVersion: '7' },
        series: { count: 2, lastObservedTime: '2026-11-24T14:05:00.250000Z' },
      },
    });
  });

  it('and counted on from there', async () => {
    const series = { count: 4, lastObservedTime: '2026-11-24T14:04:00.000000Z' };
    const { events, wire } = port([there, found({ series }), answer(200, {})]);
    await events.announce(event);
    expect(wire.calls[2]?.body).toMatchObject({ series: { count: 5 } });
  });

  it.each([
    ['the first occurrence', { eventTime: '2026-11-24T14:05:00.250000Z' }],
    ['the last one counted', { series: { count: 2, lastObservedTime: '2026-11-24T14:05:00.250000Z' } }],
    ['an older one', { series: { count: 2, lastObservedTime: '2026-11-24T14:06:00.000000Z' } }],
  ])('that was told before is not counted again: %s', async (_, more) => {
    const { events, wire } = port([there, found(more)]);
    await events.announce(event);
    expect(wire.calls).toHaveLength(2);
  });

  it('that the API server has forgotten meanwhile is let go', async () => {
    const { events, wire } = port([there, notFound(event.name)]);
    await events.announce(event);
    expect(wire.calls).toHaveLength(2);
  });

  it.each<[string, Answer[], object]>([
    ['403', [refusal(403, 'Forbidden')], { status: 403 }],
    ['no answer', ['broken'], { status: 0 }],
    ['another count in between', [there, found(), refusal(409, 'Conflict')], { kind: 'stale' }],
  ])('fails by a Failure and is not tried again: %s', async (_, answers, failure) => {
    const { events, wire } = port(answers);
    expect(await failureOf(events.announce(event))).toMatchObject(failure);
    expect(wire.calls).toHaveLength(answers.length);
  });
});

describe('Events of one route', () => {
  const at = (seconds: number) => new Date(Date.parse(event.at) + seconds * 1_000);
  const howMany = (pace: EventPace, tries: number, now: Date, route = 'r') =>
    Array.from({ length: tries }, () => pace.allows(route, now)).filter(Boolean).length;

  it('are thirty at once at most, then twelve a minute', () => {
    const pace = new EventPace();
    expect(howMany(pace, 100, at(0))).toBe(30);
    expect(howMany(pace, 100, at(60))).toBe(12);
    expect(howMany(pace, 100, at(3_600))).toBe(30);
  });

  it('are no other route’s', () => {
    const pace = new EventPace();
    howMany(pace, 100, at(0));
    expect(howMany(pace, 100, at(0), 'another')).toBe(30);
  });

  it('go on after a clock that was ahead for an hour is set right', () => {
    const pace = new EventPace();
    howMany(pace, 100, at(3_600));
    expect(howMany(pace, 1, at(5))).toBe(0);
    expect(howMany(pace, 1, at(160))).toBe(1);
  });

  it('beyond that are refused without a call', async () => {
    const { events, wire } = port(() => made);
    for (let sent = 0; sent < 30; sent += 1) await events.announce(event);
    expect(await failureOf(events.announce(event))).toMatchObject({ code: 'TooManyEvents' });
    expect(wire.calls).toHaveLength(30);
  });
});
