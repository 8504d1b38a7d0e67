import { describe, expect, it } from 'vitest';
import { cloudEventOf, onComputeEvent } from '../../functions/on-compute-event.ts';
import { onReconcileRequest } from '../../functions/reconcile.ts';
import { asked, oneRoute, push, request, wiring, world } from './entries.ts';
import { metadata, route } from './fixtures.ts';

oneRoute();

describe('on-compute-event', () => {
  const computeEntry = (methodName: string, resourceName: string, operation: object) => ({
    insertId: 'c-1',
    logName: 'projects/p/logs/cloudaudit.googleapis.com%2Factivity',
    timestamp: '2026-11-24T14:04:59Z',
    resource: { type: 'gce_instance', labels: { project_id: 'p' } },
    operation,
    protoPayload: {
      serviceName: 'compute.googleapis.com',
      methodName,
      resourceName,
      authenticationInfo: { principalEmail: 'someone' },
    },
  });
  const headers = { 'ce-id': 'c-1', 'ce-type': 'google.cloud.audit.log.v1.written' };
  const vmGone = () =>
    computeEntry('v1.compute.instances.delete', 'projects/p/zones/us-central1-a/instances/node-a', {
      first: true,
    });

  it('a VM that is going asks for the routes of its Pods', async () => {
    await onComputeEvent(wiring, cloudEventOf(headers, vmGone()));
    expect(asked()).toEqual(['route edge/nat']);
  });

  it('structured CloudEvents are taken whole', async () => {
    await onComputeEvent(wiring, cloudEventOf({}, { type: headers['ce-type'], data: vmGone() }));
    expect(asked()).toEqual(['route edge/nat']);
  });

  it('a system event pushed by a sink is taken from its envelope', async () => {
    const preempted = {
      ...computeEntry('compute.instances.preempted', 'projects/p/zones/us-central1-a/instances/node-a', {
        first: true,
        last: true,
      }),
      logName: 'projects/p/logs/cloudaudit.googleapis.com%2Fsystem_event',
    };
    await onComputeEvent(wiring, cloudEventOf({}, push(preempted)));
    expect(asked()).toEqual(['route edge/nat']);
  });

  it('a backend service asks for the route whose name it has, and for no other', async () => {
    await onReconcileRequest(wiring, push(request));
    const [name] = [...world.services.keys()];
    world.put(route(undefined, { metadata: metadata('other') }));
    world.published.length = 0;
    const patched = (service: string) =>
      computeEntry(
        'v1.compute.regionBackendServices.patch',
        `projects/p/regions/us-central1/backendServices/${service}`,
        { last: true },
      );
    await onComputeEvent(wiring, cloudEventOf(headers, patched(name!)));
    expect(asked()).toEqual(['route edge/nat']);
    await onComputeEvent(wiring, cloudEventOf(headers, patched('somebody-elses')));
    expect(asked()).toEqual(['route edge/nat']);
  });

  it('an event of another project is refused', async () => {
    const foreign = computeEntry('v1.compute.instances.delete', 'projects/q/zones/z/instances/i', {
      first: true,
    });
    expect(await onComputeEvent(wiring, cloudEventOf(headers, foreign))).toMatchObject({ kind: 'refused' });
  });
});
