import { afterEach, beforeEach } from 'vitest';
import { type Answer, Api } from './api.ts';

export let api: Api;

export const message = ({ body }: Answer): unknown => (body as unknown as { message: string }).message;

/** Each test has an API server of its own. */
export const anEmptyApi = (): void => {
  beforeEach(async () => {
    api = await Api.start();
  });
  afterEach(() => api.close());
};
