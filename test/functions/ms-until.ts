import { vi } from 'vitest';
import type { World } from './world.ts';

/** Milliseconds until `call` is sent, where each answer takes 100: half on the way there and half on the way back. */
export const msUntil = async (
  world: World,
  call: string,
  run: () => Promise<unknown>,
): Promise<number | undefined> => {
  vi.useFakeTimers();
  try {
    const began = Date.now();
    let sent: number | undefined;
    world.pause = () => new Promise((resolve) => setTimeout(resolve, 50));
    world.before = (one) => {
      if (one === call) sent = Date.now() - began;
    };
    const running = run();
    await vi.runAllTimersAsync();
    await running;
    return sent;
  } finally {
    vi.useRealTimers();
  }
};
