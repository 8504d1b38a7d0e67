import { CustomObjectsApi, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import { Failure } from '../persistent-ip/failure.ts';
import type { EventPort } from '../persistent-ip/ports.ts';
import type { RouteEvent } from '../persistent-ip/route-event.ts';
import { fieldManager } from '../persistent-ip/second-controller.ts';
import type { Narrow } from './calls.ts';
import { EventPace } from './event-pace.ts';
import { call, find } from './failure-of.ts';
import { type ConnectionOptions, connect } from './http.ts';
import { count, object, text } from './read.ts';

const events = { group: 'events.k8s.io', version: 'v1', plural: 'events' } as const;

/** The controller that `kubectl describe` names as where an Event comes from. */
export const reportingController = 'persistent-ip.dev/reconcile';

/** Much less than for anything that matters, milliseconds: a delivery that is over waits for it. */
const timeout = 2_000;

export interface EventsOptions extends ConnectionOptions {
  /** The deployment's name; which instance it was, nobody needs to know, and the next delivery would be another. */
  readonly deployment: string;
  readonly now: () => Date;
}

/**
 * Events in one cluster's API server: the first occurrence makes one, whose name says what happened; the next finds it there
 * and is counted in its series, unless its time says that it has been. Three calls at most, and none of them twice.
 * By the client of custom objects, which is loaded anyway and sends what it is given: the one of Events would need its
 * types, which the bundle leaves out, to write a time with the six digits that the API server insists on.
 */
export const createEvents = (options: EventsOptions): EventPort => {
  const configuration = connect({ ...options, timeout });
  const custom: Narrow<CustomObjectsApi, 'CustomObjectsApi'> = new CustomObjectsApi(configuration);
  const pace = new EventPace();
  const mergePatch = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
  /** True when there was none of its name. */
  const isNew = async (event: RouteEvent): Promise<boolean> => {
    const { namespace } = event.route;
    const body = bodyOf(event, options.deployment);
    try {
      await call(() => custom.createNamespacedCustomObject({ ...events, namespace, fieldManager, body }));
      return true;
    } catch (error) {
      if (error instanceof Failure && error.kind === 'exists') return false;
      throw error;
    }
  };
  return {
    announce: async (event) => {
      const { route, name, at } = event;
      if (!pace.allows(route.uid, options.now()))
        throw new Failure('retry', 'TooManyEvents', 0, `too many Events about one route within minutes`);
      if (await isNew(event)) return;
      const { namespace } = route;
      const found = await find(() => custom.getNamespacedCustomObject({ ...events, namespace, name }));
      const { series, eventTime, metadata } = object(found);
      const { count: times, lastObservedTime } = object(series);
      // One that the API server forgot a moment ago is not counted, either.
      if (found === undefined || Date.parse(at) <= Date.parse(text(lastObservedTime, text(eventTime))))
        return;
      const body = {
        metadata: { resourceVersion: text(object(metadata).resourceVersion) },
        series: { count: Math.max(1, count(times)) + 1, lastObservedTime: microTime(at) },
      };
      await call(() =>
        custom.patchNamespacedCustomObject({ ...events, namespace, name, fieldManager, body }, mergePatch),
      );
    },
  };
};

/** `metav1.MicroTime`, which is read with six digits and no others. */
const microTime = (at: string): string => `${new Date(at).toISOString().slice(0, -1)}000Z`;

const bodyOf = ({ name, route, action, reason, type, note, at, pod }: RouteEvent, deployment: string) => ({
  apiVersion: 'events.k8s.io/v1',
  kind: 'Event',
  metadata: { name, namespace: route.namespace },
  eventTime: microTime(at),
  reportingController,
  reportingInstance: deployment,
  action,
  reason,
  type,
  note,
  regarding: { apiVersion: 'networking.gke.io/v1', kind: 'GKEIPRoute', ...route },
  ...(pod === undefined
    ? {}
    : { related: { apiVersion: 'v1', kind: 'Pod', namespace: route.namespace, ...pod } }),
});
