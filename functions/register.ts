import { http } from '@google-cloud/functions-framework';
import { pushHandler } from './push-handler.ts';
import { readHandler } from './read-handler.ts';
import { inventoryName, type Wiring } from './wiring.ts';

/** The functions that events push to, by the names they are deployed under. */
export const functionNames = ['on-cluster-event', 'on-compute-event', 'reconcile', 'sweep'] as const;

/** All that is deployed: what events push to, and what people read. */
export const deployedNames = [...functionNames, inventoryName] as const;

/** What the platform calls a function's entry point: it has been known to refuse hyphens there (gcloud's own check). */
export const entryPointOf = (name: string): string =>
  name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

/**
 * Registers the functions with the Functions Framework. All are of its `http` kind: a `cloudevent` function would lose
 * a message's ordering key and delivery attempt, and could not say who pushes (design/events.md).
 * Each is loaded at its own first request: an instance serves one of them.
 * @param wiring called at a function's first request, so that loading this file reads no environment
 * @param readerWiring of the inventory, which runs as another service account
 */
export const register = (wiring: () => Wiring, readerWiring: () => Wiring = wiring): void => {
  const handlers = {
    'on-cluster-event': async (request) => {
      const { onClusterEvent } = await import('./on-cluster-event.ts');
      return onClusterEvent(wiring(), request.body);
    },
    'on-compute-event': async (request) => {
      const { cloudEventOf, onComputeEvent } = await import('./on-compute-event.ts');
      return onComputeEvent(wiring(), cloudEventOf(request.headers, request.body));
    },
    reconcile: async (request) => {
      const { onReconcileRequest } = await import('./reconcile.ts');
      return onReconcileRequest(wiring(), request.body);
    },
    sweep: async (request) => {
      const { onSweep } = await import('./sweep.ts');
      return onSweep(wiring(), request.body);
    },
  } satisfies Record<(typeof functionNames)[number], Parameters<typeof pushHandler>[3]>;
  for (const name of functionNames) {
    let handler: ReturnType<typeof pushHandler> | undefined;
    http(entryPointOf(name), (request, response) => {
      handler ??= pushHandler(name, wiring().runtime, wiring().identityOf(name), handlers[name]);
      return handler(request, response);
    });
  }
  let answer: ReturnType<typeof readHandler> | undefined;
  http(inventoryName, (request, response) => {
    answer ??= readHandler(readerWiring().runtime, readerWiring().readerIdentity(), async (asked) => {
      const { onInventory } = await import('./inventory.ts');
      return onInventory(readerWiring(), asked);
    });
    return answer(request, response);
  });
};
