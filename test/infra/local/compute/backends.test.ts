import { describe, expect, test } from 'vitest';
import {
  base,
  far,
  internalService,
  neg,
  negUrl,
  paths,
  refusal,
  service,
  withGroup,
  withService,
  zoneB,
} from './cloud.ts';

describe('backends', () => {
  test('are groups that exist', async () => {
    const cloud = await withGroup();
    const answer = await cloud.send('POST', paths.services, service({ backends: [{ group: negUrl('no') }] }));
    expect(refusal(answer)).toBe('404 404 notFound global');
  });

  test('are groups of the service’s region', async () => {
    const cloud = await withGroup();
    const answer = await cloud.send('POST', `regions/${far}/backendServices`, service());
    expect(refusal(answer)).toBe('400 400 invalid global');
  });

  test('are groups of the service’s network', async () => {
    const cloud = await withGroup();
    cloud.addNetwork({ name: 'other' });
    const other = `${base}global/networks/other`;
    const answer = await cloud.send('POST', paths.services, internalService({ network: other }));
    expect(refusal(answer)).toBe('400 400 invalid global');
  });

  test('come once each, in CONNECTION mode', async () => {
    const cloud = await withGroup();
    const twice = service({ backends: [{ group: negUrl() }, { group: negUrl() }] });
    expect(refusal(await cloud.send('POST', paths.services, twice))).toBe('400 400 invalid global');
    const rate = service({ backends: [{ group: negUrl(), balancingMode: 'RATE' }] });
    expect(refusal(await cloud.send('POST', paths.services, rate))).toBe('400 400 invalid global');
  });

  test('are replaced whole by PATCH', async () => {
    const cloud = await withService();
    const path = `zones/${zoneB}/networkEndpointGroups`;
    await cloud.done('POST', path, neg('far'));
    await cloud.done('PATCH', paths.service, {
      backends: [{ group: negUrl() }, { group: negUrl('far', zoneB) }],
    });
    expect((await cloud.get(paths.service)).backends).toHaveLength(2);
    await cloud.done('PATCH', paths.service, { backends: [{ group: negUrl() }] });
    expect((await cloud.get(paths.service)).backends).toEqual([
      { group: negUrl(), balancingMode: 'CONNECTION' },
    ]);
  });

  test('that are removed set their group free', async () => {
    const cloud = await withService();
    const path = `zones/${zoneB}/networkEndpointGroups`;
    await cloud.done('POST', path, neg('far'));
    await cloud.done('PATCH', paths.service, {
      backends: [{ group: negUrl() }, { group: negUrl('far', zoneB) }],
    });
    expect(refusal(await cloud.send('DELETE', `${path}/far`))).toContain('resourceInUseByAnotherResource');
    await cloud.done('PATCH', paths.service, { backends: [{ group: negUrl() }] });
    expect((await cloud.done('DELETE', `${path}/far`)).error).toBeUndefined();
  });
});
