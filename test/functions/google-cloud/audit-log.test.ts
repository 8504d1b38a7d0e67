import { describe, expect, it } from 'vitest';
import { createAuditLog } from '../../../functions/google-cloud/audit-log.ts';
import type { AuditEntry } from '../../../functions/persistent-ip/audit.ts';
import { type Answer, onlyPlannedAnswers, type Seen, serve } from '../wire.ts';
import { fakePace } from './pace.ts';
import { failureOf, tokens } from './setup.ts';

onlyPlannedAnswers();

const cluster = { project: 'prj-1', location: 'us-east1', name: 'c1' };
const holder = { pod: 'nat-1', uid: 'u1', node: 'n1', zone: 'us-east1-b', podIP: '' };
const entry: AuditEntry = {
  insertId: 'route-fp-u1',
  timestamp: '2026-01-01T00:00:00.123Z',
  action: 'allocate',
  cluster,
  route: { namespace: 'edge', name: 'nat', uid: 'route' },
  addresses: ['1.2.3.4/32'],
  to: holder,
  cause: { insertId: 'i', method: 'm', principal: 'p', at: '2026-01-01T00:00:00Z' },
  latencyMs: 0,
  outcome: 'held',
};

/** The generated client sends and wants enums as numbers (google.logging.type.LogSeverity), whatever it is told. */
const query = '?$alt=json;enum-encoding=int';
const severity = { info: 200, warning: 400 };

const audit = (answers: readonly Answer[] | ((call: Seen) => Answer)) => ({
  port: createAuditLog({ project: 'prj', tokens, ...fakePace() }),
  wire: serve('https://logging.googleapis.com', answers),
});

const unavailable: Answer = [503, { error: { code: 503, message: 'm', status: 'UNAVAILABLE' } }];

describe('an audit entry', () => {
  it('is written under the cluster, whole, with what tells its copies', async () => {
    const { port, wire } = audit([[200, {}]]);
    await port.write([entry]);
    expect(wire.lines()).toEqual([`POST /v2/entries:write${query}`]);
    expect(wire.calls[0]).toMatchObject({ contentType: 'application/json', authorization: 'Bearer tok' });
    const { insertId, timestamp, ...payload } = entry;
    expect(wire.calls[0]?.body).toEqual({
      logName: 'projects/prj/logs/persistent-ip-audit',
      labels: {},
      entries: [
        {
          insertId,
          timestamp: '2026-01-01T00:00:00.123Z',
          severity: severity.info,
          resource: {
            type: 'k8s_cluster',
            labels: { project_id: 'prj-1', location: 'us-east1', cluster_name: 'c1' },
          },
          labels: { namespace: 'edge', route: 'nat', action: 'allocate' },
          jsonPayload: payload,
        },
      ],
    });
  });

  it('of a refusal is a warning, and says what changed', async () => {
    const conditions = [{ type: 'Accepted', status: 'False', reason: 'InvalidLabels', message: '"" ü' }];
    const { port, wire } = audit([[200, {}]]);
    await port.write([{ ...entry, action: 'refuse', conditions, outcome: 'refused' }]);
    expect(wire.calls[0]?.body).toMatchObject({
      entries: [{ severity: severity.warning, jsonPayload: { conditions, outcome: 'refused' } }],
    });
  });

  it('goes with others in one call', async () => {
    const { port, wire } = audit([[200, {}]]);
    await port.write([entry, { ...entry, insertId: 'other' }]);
    expect(wire.calls).toHaveLength(1);
    expect(wire.calls[0]?.body).toMatchObject({
      entries: [{ insertId: 'route-fp-u1' }, { insertId: 'other' }],
    });
  });

  it('that is none makes no call', async () => {
    const { port, wire } = audit([]);
    await port.write([]);
    expect(wire.calls).toHaveLength(0);
  });

  it('is written again after a transient error, to the letter', async () => {
    const { port, wire } = audit([unavailable, 'broken', [200, {}]]);
    await port.write([entry]);
    expect(wire.calls).toHaveLength(3);
    expect(wire.calls[2]).toEqual(wire.calls[0]);
  });

  it('that cannot be written is a failure, not a loss', async () => {
    const { port, wire } = audit(() => unavailable);
    expect(await failureOf(port.write([entry]))).toMatchObject({ kind: 'retry', code: 'UNAVAILABLE' });
    expect(wire.calls).toHaveLength(4);
  });
});
