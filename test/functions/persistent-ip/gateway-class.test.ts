import { describe, expect, it } from 'vitest';
import { decideClass } from '../../../functions/persistent-ip/gateway-class.ts';
import { gatewayClass, metadata } from '../fixtures.ts';

const ours = 'persistent-ip.dev/serverless';
const named = (name: string, annotations: Record<string, string> = {}) =>
  decideClass(gatewayClass({ metadata: metadata(name, { namespace: '', annotations }) }), ours);

describe('a class is ours by its controller name and by nothing else', () => {
  it('a foreign one is left alone, also under a name that we know', () => {
    const foreign = gatewayClass({
      metadata: metadata('gke-persistent-regional-external-managed'),
      controllerName: 'networking.gke.io/persistent-ip-controller',
    });
    expect(decideClass(foreign, ours)).toBeUndefined();
  });

  it.each([
    ['gke-persistent-regional-external-managed', {}, 'True', 'Accepted'],
    ['anything', { 'persistent-ip.dev/scheme': 'external' }, 'True', 'Accepted'],
    ['anything', { 'persistent-ip.dev/scheme': 'internal' }, 'True', 'Accepted'],
    ['gke-persistent-regional-internal-managed', {}, 'True', 'Accepted'],
    ['gke-persistent-fast-regional-external-managed', {}, 'False', 'Unsupported'],
    ['gke-passthrough-lb-internal-managed', {}, 'False', 'Unsupported'],
    ['anything', {}, 'False', 'InvalidParameters'],
    [
      'gke-persistent-regional-external-managed',
      { 'persistent-ip.dev/default-address': 'reserve' },
      'True',
      'Accepted',
    ],
    [
      'gke-persistent-regional-external-managed',
      { 'persistent-ip.dev/default-address': 'yes' },
      'False',
      'InvalidParameters',
    ],
    ['constructor', {}, 'False', 'InvalidParameters'],
    ['anything', { 'persistent-ip.dev/scheme': 'toString' }, 'False', 'InvalidParameters'],
  ])('%s %o: Accepted=%s/%s', (name, annotations, status, reason) => {
    expect(named(name, annotations as Record<string, string>)).toMatchObject({
      type: 'Accepted',
      status,
      reason,
    });
  });
});
