import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../infra/local/kubernetes/objects/object.ts';
import { deployment, deployments, route, routes } from './api.ts';
import { anEmptyApi, api, apply, applyAs, entries, message, setOf, web } from './applying.ts';

anEmptyApi();

describe('the status', () => {
  const ready = (status: string): JsonObject => ({
    apiVersion: 'networking.gke.io/v1',
    kind: 'GKEIPRoute',
    metadata: { name: 'nat' },
    spec: { network: 'ignored' },
    status: {
      conditions: [
        { type: 'Ready', status, reason: 'Because', message: '', lastTransitionTime: '2026-01-01T00:00:00Z' },
      ],
    },
  });

  it('is applied by its subresource, under an owner of its own; the rest is ignored', async () => {
    await applyAs('me', `${routes}/nat`, route('nat'));
    const { body } = await applyAs('me', `${routes}/nat/status`, ready('True'));
    expect(body.spec).toMatchObject({ network: 'default' });
    expect(entries(body).map(({ manager, subresource }) => [manager, subresource])).toEqual([
      ['me', undefined],
      ['me', 'status'],
    ]);
    expect(message(await applyAs('other', `${routes}/nat/status`, ready('False')))).toBe(
      'Apply failed with 1 conflict: conflict with "me" with subresource "status": .status.conditions[type="Ready"].status',
    );
  });

  it('is not the main resource’s to apply', async () => {
    const { body } = await applyAs('me', `${routes}/nat`, { ...route('nat'), status: { pods: ['a'] } });
    expect(JSON.stringify(setOf(body, 'me'))).not.toContain('f:status');
  });

  it('of what is not there is not found', async () => {
    expect((await applyAs('me', `${routes}/nat/status`, ready('True'))).code).toBe(404);
  });

  it('and the scale have their own: an applied Scale owns the replicas', async () => {
    await api.post(deployments, deployment('web'));
    const scale = {
      apiVersion: 'autoscaling/v1',
      kind: 'Scale',
      metadata: { name: 'web' },
      spec: { replicas: 4 },
    };
    const { body } = await apply(`${web}/scale`, scale, 'fieldManager=scaler&force=true');
    expect(body).toMatchObject({ kind: 'Scale', spec: { replicas: 4 } });
    expect(entries((await api.get(web)).body)[0]).toMatchObject({
      manager: 'scaler',
      operation: 'Apply',
      subresource: 'scale',
      fieldsV1: { 'f:spec': { 'f:replicas': {} } },
    });
  });
});
