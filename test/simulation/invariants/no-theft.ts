import type { Pod, Route } from '../../../functions/persistent-ip/objects.ts';
import type { Invariant } from './invariant.ts';

/**
 * design/concepts.md, invariant 5: *no object in a namespace that the listener does not admit changes who holds an
 * address.* Held whenever a delivery names a new holder: its route was admitted at some moment since the delivery began,
 * whatever the delivery took it for, and the Pod is of the route's namespace.
 */
export const noTheft: Invariant = {
  number: 5,
  name: 'no theft',
  onStep: ({ view, chronicle }, delivery, step) => {
    if (step.do !== 'patch-backend-service' && step.do !== 'create-backend-service') return undefined;
    const { holder } = step.record;
    if (holder === undefined) return undefined;
    const route = delivery.all('route').findLast(({ value }) => value !== undefined)?.value as
      | Route
      | undefined;
    if (route === undefined) return `${delivery.label} names a holder and has read no route`;
    const about = `${delivery.label} gives the addresses of ${route.metadata.namespace}/${route.metadata.name} to ${holder.pod}`;
    const since = chronicle.lastAdmitted(route);
    if (since === undefined || since < delivery.began)
      return `${about}, and no listener has admitted it since`;
    const pods = (delivery.last<readonly Pod[]>('pods', route.metadata.namespace) ?? []).concat(view.pods);
    const pod = pods.find(({ metadata }) => metadata.uid === holder.uid);
    return pod?.metadata.namespace === route.metadata.namespace
      ? undefined
      : `${about}, which is of namespace ${pod?.metadata.namespace}`;
  },
  always: ({ view, busy }) => {
    for (const { metadata, status } of view.routes) {
      const key = `${metadata.namespace}/${metadata.name}`;
      const [named] = status.pods;
      if (named === undefined || busy.has(key)) continue;
      const accepted = status.conditions.find(({ type }) => type === 'Accepted');
      if (accepted?.status !== 'True')
        return `${key} names ${named} and is not accepted: ${accepted?.reason}`;
    }
    return undefined;
  },
};
