import { describe, expect, it } from 'vitest';
import { strategicMerge } from '../../../../infra/local/kubernetes/patch/strategic-merge.ts';

describe('a strategic merge patch', () => {
  it('changes the condition of its type and leaves the others', () => {
    const status = {
      conditions: [
        { type: 'Initialized', status: 'True' },
        { type: 'Ready', status: 'False' },
      ],
    };
    expect(
      strategicMerge({ status }, { status: { conditions: [{ type: 'Ready', status: 'True' }] } }),
    ).toEqual({
      status: {
        conditions: [
          { type: 'Initialized', status: 'True' },
          { type: 'Ready', status: 'True' },
        ],
      },
    });
  });

  it('orders a list as its setElementOrder says, and keeps what only the server has in its place', () => {
    const before = { conditions: [{ type: 'mine' }, { type: 'A' }, { type: 'B' }] };
    const patch = {
      '$setElementOrder/conditions': [{ type: 'B' }, { type: 'A' }, { type: 'C' }],
      conditions: [{ type: 'C' }],
    };
    expect(strategicMerge(before, patch)).toEqual({
      conditions: [{ type: 'mine' }, { type: 'B' }, { type: 'A' }, { type: 'C' }],
    });
  });

  it('removes an item marked $patch: delete, and only that', () => {
    const before = { podIPs: [{ ip: '10.0.0.1' }, { ip: '10.0.0.2' }] };
    expect(strategicMerge(before, { podIPs: [{ $patch: 'delete', ip: '10.0.0.1' }] })).toEqual({
      podIPs: [{ ip: '10.0.0.2' }],
    });
  });

  it('replaces lists without a key whole', () => {
    const before = {
      containerStatuses: [
        { name: 'a', ready: false },
        { name: 'b', ready: false },
      ],
    };
    expect(strategicMerge(before, { containerStatuses: [{ name: 'a', ready: true }] })).toEqual({
      containerStatuses: [{ name: 'a', ready: true }],
    });
  });

  it('removes what is null, and keeps only what $retainKeys names', () => {
    const before = { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } }, gone: 1 };
    const patch = { strategy: { $retainKeys: ['type'], type: 'Recreate' }, gone: null };
    expect(strategicMerge(before, patch)).toEqual({ strategy: { type: 'Recreate' } });
  });

  it('takes values out of a set of finalizers, and adds to it without repeating', () => {
    const before = { metadata: { finalizers: ['a', 'b'] } };
    const patch = { metadata: { '$deleteFromPrimitiveList/finalizers': ['a'], finalizers: ['b', 'c'] } };
    expect(strategicMerge(before, patch)).toEqual({ metadata: { finalizers: ['b', 'c'] } });
  });

  it('refuses an item without the key of its list', () => {
    expect(() => strategicMerge({}, { conditions: [{ status: 'True' }] })).toThrow('merge key: type');
  });
});
