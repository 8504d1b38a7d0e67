import { describe, expect, test } from 'vitest';
import { base, type Cloud, operationPath, paths, refusal, region, startCloud, withRoute } from './cloud.ts';

/**
 * The calls of the google provider's `google_compute_address`: `?alt=json` on each, bodies with Go's line
 * end, operations polled by GET, references as `projects/...`.
 */
const call = (cloud: Cloud, method: string, path: string, body?: object) =>
  cloud.send(method, `${path}?alt=json`, body === undefined ? undefined : `${JSON.stringify(body)}\n`);

/** Polls as the provider does: GET of the operation until it is DONE. */
const settled = async (cloud: Cloud, method: string, path: string, body?: object) => {
  const started = await call(cloud, method, path, body);
  expect(started.status).toBe(200);
  const poll = async () => (await call(cloud, 'GET', operationPath(started.body))).body;
  let operation = started.body;
  for (let polls = 0; operation.status !== 'DONE' && polls < 1000; polls += 1) operation = await poll();
  expect(operation.status).toBe('DONE');
  return operation;
};

const wanted = {
  name: 'a',
  addressType: 'EXTERNAL',
  networkTier: 'PREMIUM',
  description: 'by terraform',
  labels: { 'goog-terraform-provisioned': 'true', team: 'net' },
  region: `projects/p1/global/regions/${region}`,
};

describe('google_compute_address', () => {
  test('apply, plan, change of labels, destroy', async () => {
    const cloud = await startCloud();
    expect((await settled(cloud, 'POST', paths.addresses, wanted)).error).toBeUndefined();
    const made = (await call(cloud, 'GET', paths.address)).body;
    expect(made).toMatchObject({
      ...wanted,
      region: `${base}regions/${region}`,
      selfLink: base + paths.address,
      labelFingerprint: expect.any(String),
      address: expect.stringMatching(/^203\.0\.113\./),
    });
    const labels = { team: 'ops' };
    const change = { labels, labelFingerprint: made.labelFingerprint };
    await settled(cloud, 'POST', `${paths.address}/setLabels`, change);
    const changed = (await call(cloud, 'GET', paths.address)).body;
    expect(changed).toEqual({ ...made, labels, labelFingerprint: changed.labelFingerprint });
    await settled(cloud, 'DELETE', paths.address);
    expect(refusal(await call(cloud, 'GET', paths.address))).toBe('404 404 notFound global');
  });

  test('an operation is RUNNING for as long as it is polled before its end', async () => {
    const cloud = await startCloud();
    const held = cloud.inject({ method: 'POST', path: 'addresses', effect: { hold: true } });
    const { body: started } = await call(cloud, 'POST', paths.addresses, wanted);
    const poll = async () => (await call(cloud, 'GET', operationPath(started))).body.status;
    expect([started.status, await poll(), await poll()]).toEqual(['RUNNING', 'RUNNING', 'RUNNING']);
    held.release();
    expect(await poll()).toBe('DONE');
  });

  test('an internal one whose IP is taken fails in its operation', async () => {
    const cloud = await startCloud();
    const subnetwork = `projects/p1/regions/${region}/subnetworks/default`;
    const body = { name: 'a', addressType: 'INTERNAL', purpose: 'GCE_ENDPOINT', subnetwork };
    const failed = await settled(cloud, 'POST', paths.addresses, { ...body, address: '10.128.0.2' });
    expect(failed.error.errors[0].code).toBe('IP_IN_USE_BY_ANOTHER_RESOURCE');
    expect((await settled(cloud, 'POST', paths.addresses, body)).error).toBeUndefined();
  });

  test('labels that were changed elsewhere are not overwritten', async () => {
    const cloud = await startCloud();
    cloud.reserveAddress({ name: 'a', labels: { team: 'net' } });
    const stale = { labels: {}, labelFingerprint: 'c3RhbGU=' };
    const answer = await call(cloud, 'POST', `${paths.address}/setLabels`, stale);
    expect(refusal(answer)).toBe('412 412 conditionNotMet global');
  });

  test('destroy of one in use is refused; a DELETE may have the body `null`', async () => {
    const cloud = await withRoute();
    const answer = await cloud.send('DELETE', `${paths.address}?alt=json`, 'null\n');
    expect(refusal(answer)).toBe('400 400 resourceInUseByAnotherResource global');
  });
});
