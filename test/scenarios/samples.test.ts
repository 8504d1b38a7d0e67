import { afterEach, beforeEach, expect, it } from 'vitest';
import { applySample, sampleNames } from '../../infra/local/samples.ts';
import { Stage } from './stage.ts';

let stage: Stage;

beforeEach(async () => {
  stage = await Stage.open();
});
afterEach(() => stage.close());

it('every sample, applied as it is, ends with its routes Ready', async () => {
  for (const name of sampleNames) await applySample(stage.cloud, name);
  const { items } = (await stage.admin.kubernetes('GET', '/apis/networking.gke.io/v1/gkeiproutes')) as {
    items: readonly { metadata: { namespace: string; name: string } }[];
  };
  expect(items.length).toBeGreaterThanOrEqual(sampleNames.length);
  for (const { metadata } of items) await stage.ready(metadata.namespace, metadata.name);
});
