import { describe, expect, it } from 'vitest';
import { configVariable, readConfig } from '../../functions/config.ts';
import { clusterKey } from './fixtures.ts';

describe('the configuration is taken whole or not at all', () => {
  const config = {
    deployment: 'persistent-ip',
    project: 'p',
    serviceAccount: 'functions@p',
    requestsTopic: 'projects/p/topics/requests',
    requestsRegion: 'us-central1',
    push: { audiences: { reconcile: ['https://reconcile.run.app'] }, emails: ['push@p'] },
    clusters: [
      {
        ...clusterKey,
        region: 'us-central1',
        zones: ['us-central1-a'],
        network: 'default',
        subnetwork: 'default',
        endpoint: 'https://gke',
      },
    ],
  };
  const read = (value: unknown) => readConfig({ [configVariable]: JSON.stringify(value) });

  it('a good one has its defaults filled in', () => {
    expect(read(config)).toMatchObject({
      controllerName: 'persistent-ip.dev/serverless',
      push: { platformAuthenticates: false },
      movesPerMinute: 6,
      computeCallsPerSecond: 50,
    });
  });

  it.each<[string, () => unknown, RegExp]>([
    ['absent', () => readConfig({}), /is not set/],
    ['no JSON', () => readConfig({ [configVariable]: '{' }), /no JSON/],
    ['without clusters', () => read({ ...config, clusters: [] }), /clusters/],
    [
      'with a cluster without zones',
      () => read({ ...config, clusters: [{ ...config.clusters[0], zones: [] }] }),
      /clusters\.0\.zones/,
    ],
    ['with one move a minute', () => read({ ...config, movesPerMinute: 1 }), /movesPerMinute/],
    ['with more moves than a record holds', () => read({ ...config, movesPerMinute: 13 }), /movesPerMinute/],
    ['with half a move', () => read({ ...config, movesPerMinute: 2.5 }), /movesPerMinute/],
    ['with one call a second', () => read({ ...config, computeCallsPerSecond: 1 }), /computeCallsPerSecond/],
    ['with a field that does not exist', () => read({ ...config, zone: 'x' }), /zone/],
  ])('one that is %s is refused with the field', (_, act, message) => {
    expect(act).toThrow(message);
  });
});
