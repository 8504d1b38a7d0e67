import { describe, expect, it } from 'vitest';
import { findCondition, type Verdict } from '../../../functions/persistent-ip/conditions.ts';
import type { Holder, HolderRecord } from '../../../functions/persistent-ip/holder-record.ts';
import type { Condition } from '../../../functions/persistent-ip/objects.ts';
import {
  agentPatience,
  noteworthy,
  routeStatus,
  type StatusInput,
} from '../../../functions/persistent-ip/route-status.ts';
import { cause, metadata, route, start } from '../fixtures.ts';

const named: Holder = {
  pod: 'nat-1',
  uid: 'uid-nat-1',
  node: 'node-a',
  zone: 'us-central1-a',
  podIP: '10.0.0.1',
};
const record: HolderRecord = {
  holder: named,
  before: undefined,
  at: start.toISOString(),
  cause,
  replaced: '',
  written: start.toISOString(),
  addresses: ['34.1.2.3'],
  moves: [],
};
const accepted: Verdict<'Accepted'> = { type: 'Accepted', status: 'True', reason: 'Accepted', message: '' };
const ready: Verdict<'GCPReady'> = { type: 'GCPReady', status: 'True', reason: 'GCPReady', message: '' };
const busy: Verdict<'GCPReady'> = {
  type: 'GCPReady',
  status: 'False',
  reason: 'GCPNotReady',
  message: 'soon',
};
const later = (seconds: number) => new Date(start.getTime() + seconds * 1_000);

/** A route and what is written on it, delivery by delivery. */
class Story {
  conditions: readonly Condition[] = [];
  pods: readonly string[] = [];
  generation = 1;

  /** The status that a delivery writes so many seconds after the holder was named, and what the audit log is told. */
  at(seconds: number, more: Partial<StatusInput> = {}) {
    const { conditions: before, pods, generation } = this;
    const status = routeStatus({
      route: route(undefined, {
        metadata: metadata('nat', { generation }),
        status: { pods, conditions: before },
      }),
      now: later(seconds),
      accepted,
      gcpReady: ready,
      named,
      allocating: false,
      record,
      nextMove: undefined,
      ...more,
    });
    Object.assign(this, status);
    const told = noteworthy(before, status.conditions);
    return {
      says: findCondition(status.conditions, 'Ready')?.message ?? '',
      told: told.conditions.map(({ type }) => type),
      silent: told.agentSilent,
    };
  }

  /** What the node agent writes. */
  agent(status: 'True' | 'False', reason: string, message: string, seconds: number): void {
    const said = { type: 'DPV2Ready', status, reason, message, observedGeneration: this.generation };
    const lastTransitionTime = later(seconds).toISOString();
    this.conditions = this.conditions.map((one) =>
      one.type === 'DPV2Ready' ? { ...said, lastTransitionTime } : one,
    );
  }
}

const waits = expect.stringMatching(/^Waiting for the agent of node node-a/);
const nobodyAnswers = expect.stringMatching(/^No node agent has answered .* Pod nat-1 has an IP$/);

describe('an agent that does not answer', () => {
  it('is waited for two minutes, then told once', () => {
    const story = new Story();
    story.at(0);
    expect(story.at(119)).toEqual({ says: waits, told: [], silent: false });
    expect(story.at(agentPatience / 1_000)).toEqual({ says: nobodyAnswers, told: ['Ready'], silent: true });
    expect(story.at(180)).toEqual({ says: nobodyAnswers, told: [], silent: false });
  });

  it('is told with what else has turned, where Google Cloud took that long', () => {
    const story = new Story();
    story.at(0, { gcpReady: busy });
    expect(story.at(130)).toEqual({ says: nobodyAnswers, told: ['GCPReady', 'Ready'], silent: true });
  });

  it('is no matter while something before it is False', () => {
    const story = new Story();
    story.at(0);
    expect(story.at(130, { gcpReady: busy })).toMatchObject({ says: 'soon', silent: false });
  });

  it('is told anew of another holder, two minutes after that was named', () => {
    const story = new Story();
    story.at(0);
    story.at(130);
    const next = { ...named, pod: 'nat-2', uid: 'uid-nat-2' };
    const of = { named: next, record: { ...record, holder: next, written: later(200).toISOString() } };
    expect(story.at(200, of)).toMatchObject({ says: expect.stringMatching(/^Waiting/), silent: false });
    expect(story.at(319, of).silent).toBe(false);
    expect(story.at(320, of)).toMatchObject({ says: expect.stringContaining('Pod nat-2'), silent: true });
  });
});

describe('an agent that has answered is not silent', () => {
  it('with an error of its own, however old that is', () => {
    const story = new Story();
    story.at(0);
    story.agent('False', 'DPV2NotReady', 'no space left on device', 3);
    expect(story.at(4)).toMatchObject({ says: 'no space left on device', told: ['Ready'], silent: false });
    expect(story.at(600)).toEqual({ says: 'no space left on device', told: [], silent: false });
  });

  it('when a new generation of the same holder asks it again, until two minutes after that', () => {
    const story = new Story();
    story.at(0);
    story.agent('True', 'DPV2Ready', '', 3);
    story.at(4);
    story.generation = 2;
    expect(story.at(3_600)).toMatchObject({ says: waits, silent: false });
    expect(story.at(3_719)).toEqual({ says: waits, told: [], silent: false });
    expect(story.at(3_720)).toEqual({ says: nobodyAnswers, told: ['Ready'], silent: true });
  });
});
