import { describe, expect, test } from 'vitest';
import type { Write } from './entries.ts';
import { judge, noChange, nodeController, noWrite } from './judging.ts';

describe('Nodes', () => {
  const write = (rest: string, more: Partial<Write> = {}): Write => ({
    method: `io.k8s.core.v1.nodes.${rest}`,
    path: rest.startsWith('status.') ? 'core/v1/nodes/n1/status' : 'core/v1/nodes/n1',
    principal: nodeController,
    ...more,
  });

  test('a deleted Node is gone', () => {
    expect(judge(write('delete'))).toEqual({ kind: 'node', name: 'n1', gone: true });
  });

  test('a whole status is kept: so a dead node turns Unknown', () => {
    expect(judge(write('status.update'))).toEqual({ kind: 'node', name: 'n1', gone: false });
  });

  test('a Ready entry with a status is kept', () => {
    const request = { status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } };
    expect(judge(write('status.patch', { request }))).toEqual({ kind: 'node', name: 'n1', gone: false });
  });

  test('a heartbeat is dropped', () => {
    const request = {
      status: { conditions: [{ type: 'Ready', lastHeartbeatTime: '2024-01-01T01:00:00Z' }] },
    };
    expect(judge(write('status.patch', { request }))).toEqual(noChange);
    expect(judge(write('status.patch', { request: {} }))).toEqual(noChange);
  });

  test.each(['create', 'patch', 'update'])('%s of the object is dropped', (verb) => {
    expect(judge(write(verb))).toEqual(noWrite);
  });
});
