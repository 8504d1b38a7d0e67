import type { HostileApi } from '../api.ts';
import type { Answer, Knock } from '../deployed.ts';
import { faultOf, readerFaultOf } from './calls.ts';
import { jsonFault } from './described.ts';
import { pageFault } from './page.ts';

/** What an answer may be: 400 and 415 are the Functions Framework's own, for what is no JSON or has a strange charset. */
const pushed = [200, 204, 400, 401, 403, 415, 503];
const read = [200, 304, 400, 401, 403, 404, 405, 413, 415, 503];

/** More than any delivery may send: its budget ends after a hundred, a burst of parallel reads later. */
const mostCalls = 2_000;

/** A line of a stack, or a place in our files: nothing that a caller should see. */
const stack = /\n\s*at |node:internal|file:\/\/|node_modules/;

/** What is wrong with an answer to a question. */
const readingFaults = (knock: Knock, answer: Answer): readonly (string | undefined)[] => {
  const { status, headers, body } = answer;
  const type = headers['content-type'] ?? '';
  const bare = status === 304 || knock.method === 'HEAD';
  if (bare) return [body === '' ? undefined : 'a body where there is none'];
  if (type.startsWith('text/html'))
    return [
      pageFault(body),
      String(headers['content-security-policy']).startsWith("default-src 'none'") ? undefined : 'no policy',
      headers['x-content-type-options'] === 'nosniff' ? undefined : 'a type that may be guessed',
    ];
  if (/^text\/(css|javascript)/.test(type)) return [];
  return [type.startsWith('application/json') ? jsonFault(knock, answer) : `a type ${type}`];
};

/** What was wrong about one input's fate; nothing is an empty list. */
export const faultsOf = (
  knock: Knock,
  answer: Answer,
  { calls, strays }: Pick<HostileApi, 'calls' | 'strays'>,
  logged: readonly string[],
  secrets: readonly string[],
): readonly string[] => {
  const { door } = knock;
  const reads = door === 'inventory';
  const faults: string[] = [];
  if (!(reads ? read : pushed).includes(answer.status))
    faults.push(`${door} answers ${answer.status}: ${logged.at(-1) ?? answer.body}`);
  if (strays.length > 0) faults.push(`a request to ${strays[0]}`);
  if (calls.length > mostCalls) faults.push(`${calls.length} calls`);
  for (const call of calls) {
    const fault = faultOf(call) ?? (reads ? readerFaultOf(call) : undefined);
    if (fault !== undefined) faults.push(`${call.method} ${call.url}: ${fault}`);
  }
  for (const line of [...logged, answer.body])
    if (secrets.some((secret) => line.includes(secret))) faults.push(`a token is shown: ${line}`);
  if (stack.test(answer.body)) faults.push(`a stack is shown: ${answer.body}`);
  if (reads)
    for (const fault of readingFaults(knock, answer))
      if (fault !== undefined) faults.push(`${knock.path} answers ${answer.status}: ${fault}`);
  if (Object.keys(Object.prototype).length > 0 || 'polluted' in {}) faults.push('a prototype was polluted');
  return [...new Set(faults)];
};
