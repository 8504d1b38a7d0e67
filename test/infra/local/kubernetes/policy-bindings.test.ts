import { describe, expect, it } from 'vitest';
import type { AuditEvent } from '../../../../infra/local/kubernetes/index.ts';
import { gateway, gateways, route, routes } from './api.ts';
import { anEmptyApi, api, bare, cidrs, enforce, made, policies, policy, said } from './policing.ts';

anEmptyApi();

describe('a binding', () => {
  it('that warns lets pass and says so', async () => {
    await enforce({ validations: [cidrs] }, { validationActions: ['Warn'] });
    const response = await fetch(`${api.kubernetes.url}${routes}`, {
      method: 'POST',
      headers: api.headers(),
      body: JSON.stringify(bare),
    });
    expect([response.status, response.headers.get('warning')]).toEqual([
      201,
      `299 - "Validation failed for ValidatingAdmissionPolicy 'cidrs' with binding 'everywhere': failed expression: ${cidrs.expression}"`,
    ]);
  });

  it('that audits lets pass and notes it in the audit log, as the policy notes what it is to note', async () => {
    const events: AuditEvent[] = [];
    api.kubernetes.onAudit((event) => events.push(event));
    await enforce({ validations: [cidrs] }, { validationActions: ['Audit'] });
    await made(routes, bare);
    expect(
      JSON.parse(events.at(-1)?.annotations['validation.policy.admission.k8s.io/validation_failure'] ?? ''),
    ).toEqual([
      {
        message: `failed expression: ${cidrs.expression}`,
        policy: 'cidrs',
        binding: 'everywhere',
        expressionIndex: 0,
        validationActions: ['Audit'],
      },
    ]);
    await api.delete(`${policies}/cidrs`);
    await made(
      policies,
      policy({
        auditAnnotations: [
          { key: 'first', valueExpression: "'first ' + string(object.spec.addresses[0].value)" },
        ],
      }),
    );
    await made(routes, route('other'));
    expect(events.at(-1)?.annotations['cidrs/first']).toBe('first 34.123.10.1/32');
  });

  it('hands its policy objects as parameters; without one it denies if it is told to', async () => {
    const paramKind = { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'Gateway' };
    const paramRef = { name: 'limits', namespace: 'default', parameterNotFoundAction: 'Deny' };
    const validations = [
      {
        expression: 'object.spec.addresses.size() <= int(params.metadata.annotations.most)',
        message: 'too many',
      },
    ];
    await enforce({ paramKind, validations }, { paramRef });
    expect((await api.post(routes, route('nat'))).body.message).toBe(
      `gkeiproutes.networking.gke.io "nat" is forbidden: ${said}failed to configure binding: no params found for policy binding with \`Deny\` parameterNotFoundAction`,
    );
    await made(gateways, { ...gateway('limits'), metadata: { name: 'limits', annotations: { most: '1' } } });
    await made(routes, route('nat'));
    const two = route('two', { addresses: [{ value: '34.1.2.3/32' }, { value: '34.1.2.4/32' }] });
    expect((await api.post(routes, two)).body.message).toContain('too many');
  });

  it('matches within what its policy matches', async () => {
    const matchResources = { objectSelector: { matchLabels: { app: 'x' } } };
    await enforce({ validations: [cidrs] }, { matchResources });
    expect((await api.post(routes, bare)).code).toBe(201);
  });
});
