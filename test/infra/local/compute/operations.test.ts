import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Clock } from '../../../../infra/local/clock.ts';
import type { ComputeAudit } from '../../../../infra/local/compute/index.ts';
import {
  base,
  leader,
  neg,
  operationPath,
  paths,
  refusal,
  rule,
  startCloud,
  withRoute,
  withService,
  zoneA,
} from './cloud.ts';

/** Time that passes only when a test says so. */
const manualClock = () => {
  let now = Date.parse('2026-01-01T12:00:00Z');
  const timers = new Set<{ at: number; task: () => void }>();
  const clock: Clock = {
    now: () => new Date(now),
    after(ms, task) {
      const timer = { at: now + ms, task };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
  };
  const pass = (ms: number) => {
    now += ms;
    for (const timer of [...timers]) {
      if (timer.at > now) continue;
      timers.delete(timer);
      timer.task();
    }
  };
  return { clock, pass, pending: () => timers.size };
};

describe('an operation', () => {
  test('is RUNNING first, takes its time, and is DONE', async () => {
    const { clock, pass } = manualClock();
    const cloud = await startCloud({ clock, operationMs: 3000 });
    const { body: running } = await cloud.send('POST', paths.negs, neg());
    expect(running).toMatchObject({
      kind: 'compute#operation',
      id: expect.stringMatching(/^\d+$/),
      name: expect.stringMatching(/^operation-/),
      operationType: 'insert',
      status: 'RUNNING',
      progress: 0,
      targetLink: `${base}${paths.neg}`,
      zone: `${base}zones/${zoneA}`,
      insertTime: '2026-01-01T05:00:00.000-07:00',
    });
    pass(2999);
    expect((await cloud.get(operationPath(running))).status).toBe('RUNNING');
    expect((await cloud.send('GET', paths.neg)).status).toBe(404);
    pass(1);
    const done = await cloud.get(operationPath(running));
    expect(done).toMatchObject({ status: 'DONE', progress: 100, endTime: '2026-01-01T05:00:03.000-07:00' });
    expect((await cloud.get(paths.neg)).id).toBe(done.targetId);
  });

  test('is waited for until it is DONE', async () => {
    const { clock, pass } = manualClock();
    const cloud = await startCloud({ clock, operationMs: 3000 });
    const { body } = await cloud.send('POST', paths.negs, neg());
    const waiting = cloud.send('POST', `${operationPath(body)}/wait`);
    // The wait has arrived when a later request on the same cloud was answered.
    await cloud.get('zones');
    pass(3000);
    expect((await waiting).body.status).toBe('DONE');
  });

  test('that lasts longer is waited for two minutes', async () => {
    const { clock, pass, pending } = manualClock();
    const cloud = await startCloud({ clock, operationMs: 600_000 });
    const { body } = await cloud.send('POST', paths.negs, neg());
    const waiting = cloud.send('POST', `${operationPath(body)}/wait`);
    await expect.poll(pending, { interval: 1 }).toBe(2);
    pass(120_000);
    expect((await waiting).body).toMatchObject({ status: 'RUNNING', name: body.name });
  });

  test('lies in the zone, the region or the project of what it changes', async () => {
    const cloud = await startCloud();
    const zonal = await cloud.done('POST', paths.negs, neg());
    const regional = await cloud.done('POST', paths.addresses, { name: 'a' });
    const global = await cloud.done('POST', paths.firewalls, {
      name: 'fw',
      allowed: [{ IPProtocol: 'all' }],
    });
    expect(operationPath(zonal)).toContain(`zones/${zoneA}/operations/`);
    expect(operationPath(regional)).toContain('regions/us-central1/operations/');
    expect(regional.region).toBe(`${base}regions/us-central1`);
    expect(operationPath(global)).toContain('global/operations/');
    expect((await cloud.get('global/operations')).items).toEqual([global]);
    const { items } = await cloud.get('aggregated/operations');
    expect(items['regions/us-central1'].operations).toEqual([regional]);
    expect(await cloud.get(`global/operations/${global.id}`)).toEqual(global);
    expect(refusal(await cloud.send('GET', 'global/operations/no'))).toBe('404 404 notFound global');
  });

  test('of a write that a planned fault fails does nothing and carries the code', async () => {
    const cloud = await withService();
    const effect = { fail: { code: 'RESOURCE_OPERATION_RATE_EXCEEDED', status: 403, message: 'slow down' } };
    const planned = cloud.inject({ method: 'PATCH', path: /backendServices\/bs$/, effect });
    const operation = await cloud.done('PATCH', paths.service, { description: 'x' });
    expect(operation).toMatchObject({
      httpErrorStatusCode: 403,
      httpErrorMessage: 'FORBIDDEN',
      error: { errors: [{ code: 'RESOURCE_OPERATION_RATE_EXCEEDED', message: 'slow down' }] },
    });
    expect((await cloud.get(paths.service)).description).toBeUndefined();
    expect(planned.hits).toBe(1);
  });
});

describe('a requestId', () => {
  test('that was used gives the same operation and does nothing again', async () => {
    const cloud = await startCloud();
    const path = `${paths.addresses}?requestId=${randomUUID()}`;
    const first = await cloud.done('POST', path, { name: 'a' });
    const again = await cloud.send('POST', path, { name: 'a' });
    expect(again).toEqual({ status: 200, body: first });
    expect(first.clientOperationId).toBe(path.split('=')[1]);
  });

  test('hides a second creation behind the first, though the resource was deleted in between', async () => {
    const cloud = await startCloud();
    const path = `${paths.addresses}?requestId=${randomUUID()}`;
    await cloud.done('POST', path, { name: 'a' });
    await cloud.done('DELETE', paths.address);
    expect((await cloud.send('POST', path, { name: 'a' })).body.status).toBe('DONE');
    expect((await cloud.send('GET', paths.address)).status).toBe(404);
  });

  test('of a request that was refused can be used again', async () => {
    const cloud = await startCloud();
    const path = `${paths.addresses}?requestId=${randomUUID()}`;
    expect((await cloud.send('POST', path, { name: 'BAD' })).status).toBe(400);
    expect((await cloud.done('POST', path, { name: 'a' })).error).toBeUndefined();
  });

  test('belongs to one method and path', async () => {
    const cloud = await withRoute();
    const id = `?requestId=${randomUUID()}`;
    await cloud.done('DELETE', paths.rule + id);
    expect((await cloud.done('DELETE', paths.service + id)).targetLink).toBe(base + paths.service);
  });

  test.each(['', 'abc', '00000000-0000-0000-0000-000000000000'])(
    'must be a non-zero UUID: %j',
    async (id) => {
      const cloud = await startCloud();
      const answer = await cloud.send('POST', `${paths.addresses}?requestId=${id}`, { name: 'a' });
      expect(refusal(answer)).toBe('400 400 invalid global');
    },
  );
});

describe('the audit log', () => {
  test('has each write twice: when it is accepted, and when its operation has ended', async () => {
    const cloud = await withService({ defaultPrincipal: 'me@example.com' });
    const entries: ComputeAudit[] = [];
    cloud.onAudit((entry) => entries.push(entry));
    const { name: id } = await cloud.done('PATCH', paths.service, { haPolicy: { leader: leader('vm-2') } });
    const common = {
      methodName: 'v1.compute.regionBackendServices.patch',
      resourceName: 'projects/p1/regions/us-central1/backendServices/bs',
      principal: 'me@example.com',
      project: 'p1',
      status: { code: 0 },
    };
    const type = 'type.googleapis.com/compute.regionBackendServices.patch';
    expect(entries).toEqual([
      expect.objectContaining({
        ...common,
        operation: { id, first: true },
        request: { '@type': type, haPolicy: { leader: leader('vm-2') } },
        response: expect.objectContaining({ '@type': 'type.googleapis.com/operation', name: id }),
      }),
      expect.objectContaining({ ...common, operation: { id, last: true }, request: { '@type': type } }),
    ]);
    expect(entries[0]?.insertId).not.toBe(entries[1]?.insertId);
  });

  test('says how an operation failed, and nothing of reads and refusals', async () => {
    const cloud = await withRoute();
    const entries: ComputeAudit[] = [];
    cloud.onAudit((entry) => entries.push(entry));
    await cloud.get(paths.rule);
    await cloud.send('POST', paths.rules, rule());
    expect(entries).toEqual([]);
    const effect = { fail: { code: 'QUOTA_EXCEEDED', status: 403 } };
    cloud.inject({ method: 'DELETE', path: paths.rule, effect });
    await cloud.done('DELETE', paths.rule);
    expect(entries.map(({ methodName, status }) => [methodName, status])).toEqual([
      ['v1.compute.forwardingRules.delete', { code: 0 }],
      ['v1.compute.forwardingRules.delete', { code: 7, message: 'QUOTA_EXCEEDED' }],
    ]);
  });

  test('names instances.delete and instances.stop as Eventarc filters them', async () => {
    const cloud = await startCloud();
    const names = new Set<string>();
    cloud.onAudit(({ methodName }) => names.add(methodName));
    await cloud.done('POST', `${paths.instances}/vm-1/stop`);
    await cloud.done('DELETE', `${paths.instances}/vm-1`);
    expect([...names]).toEqual(['v1.compute.instances.stop', 'v1.compute.instances.delete']);
  });
});
