import type { Admission } from '../cluster.ts';
import { forbidden, StatusError } from '../objects/status.ts';
import type { Denial } from './judge.ts';

/** The reasons that a policy may give, with their codes (`policy/validating/policy_decision.go`). */
const codes: Readonly<Record<string, number>> = {
  Forbidden: 403,
  Unauthorized: 401,
  RequestEntityTooLarge: 413,
  Invalid: 422,
};

/** The answer to a write that a policy denies. @param said which policy, by which binding */
export const refusal = ({ target, name }: Admission, said: string, denial: Denial): StatusError => {
  const { reason = 'Invalid' } = denial;
  const message = `${said} denied request: ${denial.message}`;
  const { message: whole, details } = forbidden(target.resource, name, message);
  return new StatusError(codes[reason] ?? 422, reason, whole, { ...details, causes: [{ message }] });
};
