import { Failure } from '../persistent-ip/failure.ts';

/** What another read may make irrelevant: its failure is kept, not thrown. */
export const orFailure = async <T>(value: Promise<T>): Promise<T | Failure> => {
  try {
    return await value;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
};

/** The same for a refusal that only a person can mend: it is a fact to be reported, and the call would be refused again. */
export const orRefusal = async <T>(value: Promise<T>): Promise<T | Failure> => {
  const result = await orFailure(value);
  if (result instanceof Failure && result.kind !== 'user') throw result;
  return result;
};
