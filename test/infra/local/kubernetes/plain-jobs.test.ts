import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../infra/local/kubernetes/objects/object.ts';
import { anEmptyApi, api, message } from './plain-objects.ts';

const jobs = '/apis/batch/v1/namespaces/default/jobs';

anEmptyApi();

describe('a Job', () => {
  const job = (spec: JsonObject = {}, podSpec: JsonObject = {}): object => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'j' },
    spec: {
      template: {
        metadata: { labels: { app: 'j' } },
        spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'b' }], ...podSpec },
      },
      ...spec,
    },
  });

  it('selects its Pods by its own uid, and has the labels of its template', async () => {
    const { body } = await api.post(jobs, job());
    const { uid } = body.metadata;
    expect(body).toMatchObject({
      metadata: { labels: { app: 'j', 'job-name': 'j' } },
      spec: {
        completions: 1,
        parallelism: 1,
        backoffLimit: 6,
        selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } },
        template: {
          metadata: { labels: { app: 'j', 'batch.kubernetes.io/job-name': 'j', 'controller-uid': uid } },
        },
      },
    });
  });

  it('may not restart forever', async () => {
    expect(message(await api.post(jobs, job({}, { restartPolicy: 'Always' })))).toBe(
      'Job.batch "j" is invalid: spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
    );
  });

  it('keeps its template', async () => {
    await api.post(jobs, job());
    const change = { spec: { template: { spec: { containers: [{ name: 'a', image: 'c' }] } } } };
    expect(message(await api.merge(`${jobs}/j`, change))).toContain('field is immutable');
  });

  it('of a form that nothing here runs is refused by its name', async () => {
    const answer = await api.post(jobs, job({ completionMode: 'Indexed' }));
    expect([answer.code, message(answer)]).toEqual([
      501,
      'completionMode Indexed of a Job is not served by the local cloud',
    ]);
  });
});
