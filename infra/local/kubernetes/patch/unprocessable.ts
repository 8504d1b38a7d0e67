import { StatusError } from '../objects/status.ts';

/** The API server does not say which operation failed (handlers/patch.go); the cause is for a debugger. */
export const unprocessable = (cause: unknown): StatusError => {
  const text = 'the server rejected our request due to an error in our request';
  return Object.assign(new StatusError(422, 'Invalid', text, {}), { cause });
};
