import type { TokenSource } from './google-cloud/http.ts';
import { entryPointOf } from './register.ts';

/**
 * What `reconcile` needs for every event, begun before there is one: its token is on its way while the framework starts, and its
 * code is loaded while the first event travels. For no other function: most events of `on-cluster-event` end without either.
 * Only where the platform runs it, for its build loads the functions too.
 * @param load the code; whoever needs it loads it anyway, and learns then if that fails
 */
export const prepare = (
  { K_SERVICE: service, FUNCTION_TARGET: target }: Readonly<Record<string, string | undefined>>,
  tokens: TokenSource,
  load: () => Promise<unknown>,
): void => {
  if (service === undefined || target !== entryPointOf('reconcile')) return;
  tokens.token().catch(() => {});
  // When the framework listens.
  setImmediate(() => {
    load().catch(() => {});
  });
};
