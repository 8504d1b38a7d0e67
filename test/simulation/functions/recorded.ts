import type { AuditEntry } from '../../../functions/persistent-ip/audit.ts';
import type { CloudStep } from '../../../functions/persistent-ip/cloud.ts';
import type { ComputeLists, ComputePort, KubernetesPort } from '../../../functions/persistent-ip/ports.ts';
import type { Delivery } from './delivery.ts';
import type { Listener, Ports } from './ports.ts';

const writes = [
  'writeRouteStatus',
  'writeGatewayStatus',
  'writeClassConditions',
  'setGatewayFinalizers',
  'setRouteFinalizers',
];

/** The ports with a memory: what a delivery has read is what its writes are judged by. */
export const recorded = (
  { kubernetes, compute, lists, audit }: Ports,
  delivery: Delivery,
  { onStep }: Pick<Listener, 'onStep'>,
): Ports => {
  const remembering = <P extends KubernetesPort | ComputePort | ComputeLists>(port: P): P =>
    Object.fromEntries(
      Object.entries(port).map(([of, method]: [string, (...args: unknown[]) => Promise<unknown>]) => [
        of,
        async (...args: unknown[]) => {
          if (of === 'apply') {
            onStep(delivery, args[0] as CloudStep);
            delivery.steps.push(args[0] as CloudStep);
          }
          const value = await method(...args);
          if (of !== 'apply' && !writes.includes(of)) delivery.looks.push({ of, args, value });
          return value;
        },
      ]),
    ) as unknown as P;
  return {
    kubernetes: remembering(kubernetes),
    compute: remembering(compute),
    lists: remembering(lists),
    audit: { write: (entries: readonly AuditEntry[]) => audit.write(entries) },
  };
};
