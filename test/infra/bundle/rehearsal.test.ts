import { afterEach, beforeEach, expect, it } from 'vitest';
import { readConfig } from '../../../functions/config.ts';
import { connect } from '../../../functions/connect.ts';
import { staticCredentials } from '../../../functions/google-cloud/credentials.ts';
import { onClusterEvent } from '../../../functions/on-cluster-event.ts';
import { onReconcileRequest } from '../../../functions/reconcile.ts';
import { systemRuntime } from '../../../functions/system-runtime.ts';
import { type RehearsalCloud, startCloud } from '../../../infra/bundle/rehearsal/cloud.ts';
import { authorization, environment, rehearsed } from '../../../infra/bundle/rehearsal/events.ts';

let cloud: RehearsalCloud;
beforeEach(async () => {
  cloud = await startCloud();
});
afterEach(() => {
  expect(cloud.unknown).toEqual([]);
  cloud.close();
});

const wiring = () =>
  connect({
    config: readConfig(environment(cloud.host)),
    tokens: staticCredentials('rehearsal'),
    runtime: { ...systemRuntime, log: () => {} },
    onPlatform: true,
  });

const now = new Date();
const handlers = { 'on-cluster-event': onClusterEvent, reconcile: onReconcileRequest };

it('a rehearsal of reconcile is a whole move: one mutation, the status before and after it, the audit entries', async () => {
  const due = rehearsed.find(({ name }) => name === 'reconcile');
  expect(await handlers.reconcile(wiring(), due?.body(now))).toEqual({ kind: 'settled' });
  const writes = cloud.asked.filter((what) => /^(?:PATCH|DELETE|PUT)|entries:write/.test(what));
  expect(writes.map((what) => what.replace(/.*\//, ''))).toEqual([
    'status',
    expect.stringMatching(/^pip-edge-nat-/),
    'entries:write',
    'entries:write',
    'status',
    'entries:write',
  ]);
});

it('a rehearsal of on-cluster-event drops its entry without a call', async () => {
  const dropped = rehearsed.find(({ name }) => name === 'on-cluster-event');
  expect(await handlers['on-cluster-event'](wiring(), dropped?.body(now))).toEqual({ kind: 'settled' });
  expect(cloud.asked).toEqual([]);
});

it('whoever pushes in a rehearsal is checked as on the platform', async () => {
  for (const { name } of rehearsed)
    expect(await wiring().identityOf(name)(authorization(now))).toMatchObject({ ok: true });
});
