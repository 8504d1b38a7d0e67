import { describe, expect, it } from 'vitest';
import { type Answer, onlyPlannedAnswers } from '../wire.ts';
import { compute, failureOf, refusal } from './setup.ts';

onlyPlannedAnswers();

const patch = {
  do: 'patch-backend-service',
  name: 'svc',
  fingerprint: 'fp==',
  description: 'd',
  record: undefined as never,
} as const;

const inOperation = (code: string, status: number, message: string): Answer[] => [
  [200, { name: 'op-1', id: '5', status: 'RUNNING' }],
  [
    200,
    { name: 'op-1', status: 'DONE', httpErrorStatusCode: status, error: { errors: [{ code, message }] } },
  ],
];

describe('an error of Google Cloud becomes one of a closed set of reasons', () => {
  it.each([
    [404, 'notFound', 'not-found'],
    [409, 'alreadyExists', 'exists'],
    [412, 'conditionNotMet', 'stale'],
    [400, 'resourceInUseByAnotherResource', 'in-use'],
    [400, 'RESOURCE_IN_USE_BY_ANOTHER_RESOURCE', 'in-use'],
    [409, 'IP_IN_USE_BY_ANOTHER_RESOURCE', 'address-in-use'],
    [403, 'quotaExceeded', 'user'],
    [403, 'forbidden', 'user'],
    [400, 'invalid', 'user'],
    [403, 'rateLimitExceeded', 'retry'],
    [403, 'RESOURCE_OPERATION_RATE_EXCEEDED', 'retry'],
    [400, 'resourceNotReady', 'retry'],
    [401, 'authError', 'retry'],
    [429, 'rateLimitExceeded', 'retry'],
  ] as const)('%i %s is %s', async (status, reason, kind) => {
    const { port, wire, deadline } = compute([refusal(status, reason, 'what Google says')]);
    const failure = await failureOf(port.apply(patch, deadline));
    expect(failure).toMatchObject({ kind, code: reason, status, message: 'what Google says' });
    expect(wire.calls).toHaveLength(1);
  });

  it('an address in use has no code of its own, only a text', async () => {
    const text = "Invalid value for field 'resource.IPAddress': '1.2.3.4'. Specified IP address is in-use.";
    const { port, deadline } = compute([refusal(400, 'invalid', text)]);
    expect(await failureOf(port.apply(patch, deadline))).toMatchObject({
      kind: 'address-in-use',
      message: text,
    });
  });

  it.each([
    ['IP_IN_USE_BY_ANOTHER_RESOURCE', 409, 'address-in-use'],
    ['RESOURCE_IN_USE_BY_ANOTHER_RESOURCE', 400, 'in-use'],
    ['RESOURCE_NOT_FOUND', 404, 'not-found'],
    ['RESOURCE_ALREADY_EXISTS', 409, 'exists'],
    ['CONDITION_NOT_MET', 412, 'stale'],
    ['QUOTA_EXCEEDED', 403, 'user'],
    ['RESOURCE_OPERATION_RATE_EXCEEDED', 403, 'retry'],
    ['RESOURCE_NOT_READY', 400, 'retry'],
    ['INVALID_FIELD_VALUE', 400, 'user'],
    ['INTERNAL_ERROR', 500, 'retry'],
  ] as const)('an operation that ends with %s (%i) is %s', async (code, status, kind) => {
    const { port, deadline } = compute(inOperation(code, status, 'why it failed'));
    const failure = await failureOf(port.apply(patch, deadline));
    expect(failure).toMatchObject({ kind, code, status, message: 'why it failed' });
  });

  it('a network or prefix that a step refers to and that is not there is a person’s to make', async () => {
    const { port, deadline } = compute([refusal(404, 'notFound'), refusal(404, 'notFound')]);
    const from = { scheme: 'EXTERNAL', ipCollection: 'nobodys' } as const;
    const reserve = { do: 'reserve-address', name: 'ip', from, description: '' } as const;
    expect(await failureOf(port.apply(reserve, deadline))).toMatchObject({ kind: 'user', code: 'notFound' });
    expect(await failureOf(port.apply(patch, deadline))).toMatchObject({ kind: 'not-found' });
  });

  it('a 404 that is no answer of the API says nothing about the resource', async () => {
    const page: Answer = [404, '<html>Error 404</html>'];
    const { port, deadline } = compute([page, page, page, page, page]);
    expect(await failureOf(port.apply({ do: 'delete-firewall', name: 'f' }, deadline))).toMatchObject({
      kind: 'retry',
      status: 404,
    });
    expect(await failureOf(port.firewall('f'))).toMatchObject({ kind: 'retry' });
  });

  it('the reason of an ErrorInfo counts where the older list is missing', async () => {
    const details = [
      { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'RESOURCE_OPERATION_RATE_EXCEEDED' },
    ];
    const { port, deadline } = compute([[403, { error: { code: 403, message: 'slower', details } }]]);
    expect(await failureOf(port.apply(patch, deadline))).toMatchObject({
      kind: 'retry',
      code: 'RESOURCE_OPERATION_RATE_EXCEEDED',
    });
  });

  it('a token that cannot be had is worth another try, and nothing is sent', async () => {
    const { port, wire } = compute([], { tokens: { token: () => Promise.reject(new Error('no metadata')) } });
    expect(await failureOf(port.backendService('b'))).toMatchObject({
      kind: 'retry',
      message: 'no metadata',
    });
    expect(wire.calls).toHaveLength(0);
  });
});
