import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { KubeObject } from '../../../../infra/local/kubernetes/objects/object.ts';
import { pod } from './api.ts';
import { Kubectl, missing } from './kubectl.ts';
import { anEmptyApi, api, sets } from './managing.ts';

anEmptyApi();

describe.skipIf(missing !== undefined)('kubectl', () => {
  it('shows who owns what when it is asked to, and hides it otherwise', async () => {
    const kubectl = await Kubectl.start(api);
    try {
      const file = kubectl.file('pod.yaml', pod('a', { app: 'nat' }));
      await kubectl.say('apply -f', file);
      await kubectl.say('label pod a tier=edge');
      const shown = parse(await kubectl.say('get pod a -o yaml --show-managed-fields')) as KubeObject;
      expect(sets(shown)).toMatchObject({
        'kubectl-client-side-apply': {
          'f:metadata': {
            'f:annotations': { '.': {}, 'f:kubectl.kubernetes.io/last-applied-configuration': {} },
            'f:labels': { '.': {}, 'f:app': {} },
          },
        },
        'kubectl-label': { 'f:metadata': { 'f:labels': { 'f:tier': {} } } },
      });
      expect(await kubectl.say('get pod a -o yaml')).not.toContain('managedFields');
    } finally {
      await kubectl.end();
    }
  });
});
