import type { LocalCloud } from './cloud.ts';

/**
 * Resolves with the first value that `look` finds, looking again after each write on the cluster or the cloud and
 * after each entry in the logs: no polling, no sleeping.
 * @param what named in the error when it does not come
 * @param patience milliseconds
 * @throws Error when it has not come in time
 */
export const until = <T>(
  cloud: Pick<LocalCloud, 'kubernetes' | 'logging'>,
  what: string,
  look: () => Promise<T | undefined>,
  patience = 30_000,
): Promise<T> =>
  new Promise((resolve, reject) => {
    let looking = false;
    let again = false;
    const stop: (() => void)[] = [];
    const end = (finish: () => void): void => {
      for (const cancel of stop) cancel();
      finish();
    };
    const check = async (): Promise<void> => {
      if (looking) {
        again = true;
        return;
      }
      looking = true;
      do {
        again = false;
        const found = await look();
        if (found !== undefined) return end(() => resolve(found));
      } while (again);
      looking = false;
    };
    const wake = (): void => {
      check().catch((error: unknown) => end(() => reject(error)));
    };
    const timer = setTimeout(
      () => end(() => reject(new Error(`${what}: not within ${patience / 1000} s`))),
      patience,
    );
    stop.push(() => clearTimeout(timer), cloud.kubernetes.onAudit(wake), cloud.logging.onEntry(wake));
    wake();
  });
