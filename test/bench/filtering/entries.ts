import { judgeClusterEvent } from '../../../events/judge-cluster-event.ts';
import { parseClusterEvent } from '../../../events/log-entry.ts';
import { sample, sampleCluster, withAt } from '../../events/entries.ts';

export const judgement = {
  clusters: [sampleCluster],
  ownPrincipal: 'functions@sample-project.iam.gserviceaccount.com',
};

const patchOf = (status: object): unknown =>
  withAt(sample('pods-status-patch'), ['protoPayload', 'request', 'status'], status);

/**
 * Entries that the sink lets through and no address depends on, made of the real samples: a kubelet that says again what it
 * said before (Ready without a status), a container that restarted, and a Pod that has no node yet.
 */
export const irrelevant: readonly string[] = [
  patchOf({
    $setElementOrder: { conditions: [{ type: 'Ready' }, { type: 'ContainersReady' }] },
    conditions: [{ type: 'Ready', message: 'containers with unready status: [app]' }],
  }),
  patchOf({
    containerStatuses: [{ name: 'app', restartCount: 7, ready: false }],
    conditions: [{ type: 'Ready' }],
  }),
  withAt(sample('pods-create'), ['protoPayload', 'response', 'spec', 'nodeName'], undefined),
].map((entry) => JSON.stringify(entry));

/** @throws Error unless each of them is dropped by its content, and not by being refused */
export const checkDropped = (): void => {
  for (const text of irrelevant) {
    const event = parseClusterEvent(text);
    const verdict = event.ok ? judgeClusterEvent(event.value, judgement) : event.refusal;
    if (!('kind' in verdict) || verdict.kind !== 'drop')
      throw new Error(`not dropped: ${JSON.stringify(verdict)}`);
  }
};
