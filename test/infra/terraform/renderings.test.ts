import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configVariable, readConfig } from '../../../functions/config.ts';
import { stemOf } from '../../../functions/persistent-ip/names.ts';
import { deployedNames, entryPointOf } from '../../../functions/register.ts';
import { computeMethods } from '../../../infra/sink/compute-methods.ts';
import {
  renderComputeFilter,
  renderSinkFilter,
  renderSystemEventFilter,
} from '../../../infra/sink/render.ts';
import { brokenOrder } from '../../../infra/terraform/order.ts';

const module = join(import.meta.dirname, '../../../infra/terraform');
const expected = join(module, 'tests/expected');
const serviceAccount = 'persistent-ip@my-project.iam.gserviceaccount.com';
const hcl = readdirSync(module)
  .filter((file) => file.endsWith('.tf'))
  .map((file) => readFileSync(join(module, file), 'utf8'))
  .join('\n');

/**
 * `terraform test` compares what the module renders with these files, and so do these tests with what the local cloud
 * renders: both are the one text. (`npm test -- -u` writes them anew after a change of the text.)
 */
describe('what Terraform and the local cloud render is the same', () => {
  it('of the clusters’ sink', async () => {
    const clusters = [{ project: 'my-project', location: 'us-central1', name: 'prod' }];
    const filter = renderSinkFilter({ clusters, serviceAccount });
    await expect(filter).toMatchFileSnapshot(join(expected, 'cluster-filter.txt'));
  });

  it('of the system events’ sink', async () => {
    await expect(renderSystemEventFilter()).toMatchFileSnapshot(join(expected, 'system-event-filter.txt'));
  });

  it('of the sink that stands for Eventarc elsewhere', async () => {
    const filter = renderComputeFilter(serviceAccount);
    await expect(filter).toMatchFileSnapshot(join(expected, 'compute-filter.txt'));
  });

  it('of the methods that there is a trigger for', async () => {
    const text = `${JSON.stringify(computeMethods, undefined, 2)}\n`;
    await expect(text).toMatchFileSnapshot(join(expected, 'compute-methods.json'));
  });
});

describe('the functions', () => {
  it('read the configuration that Terraform writes', () => {
    const text = readFileSync(join(expected, 'config.json'), 'utf8');
    const config = readConfig({ [configVariable]: text });
    expect(config.clusters[0]).toMatchObject({ name: 'prod', nodeTag: 'gke-prod-node' });
    expect(Object.keys(config.push.audiences).sort()).toEqual([...deployedNames].sort());
  });

  it('are deployed by the names and entry points that they are registered under', () => {
    const points = /entry_points = \{([^}]+)\}/.exec(hcl)?.[1] ?? '';
    const pairs = [...points.matchAll(/([-\w]+)\s*=\s*"(\w+)"/g)].map(([, name, point]) => [name, point]);
    expect(Object.fromEntries(pairs)).toEqual(
      Object.fromEntries(deployedNames.map((name) => [name, entryPointOf(name)])),
    );
  });
});

describe('the order of resources', () => {
  const pairs = [['sink', 'subscription']] as const;

  it('may go by other resources', () => {
    expect(brokenOrder('"sink" -> "topic"\n"topic" -> "subscription"\n"topic" -> "sink"', pairs)).toEqual([]);
  });

  it('is broken when the later does not need the earlier, and says so', () => {
    const graph = '"subscription" -> "topic"\n"sink" -> "topic"';
    expect(brokenOrder(graph, pairs)).toEqual(['sink does not wait for subscription']);
  });
});

it('limits the functions to the names that they give their resources', () => {
  const cluster = { project: 'p', location: 'l', name: 'n' };
  const stem = stemOf({ cluster, namespace: 'edge', name: 'nat', uid: 'u' });
  const [, prefix = '?'] = /^ {2}prefix = "([^"]+)"/m.exec(hcl) ?? [];
  expect(stem.startsWith(prefix)).toBe(true);
});

it('the module has no resource of Compute Engine: nothing that it destroys is an address', () => {
  const types = [...hcl.matchAll(/^resource "(\w+)"/gm)].map(([, type]) => type);
  expect(types.length).toBeGreaterThan(20);
  expect(types.filter((type) => type?.startsWith('google_compute_'))).toEqual([]);
});

it('the module gives no predefined role but these, and nothing to everybody', () => {
  const roles = [...hcl.matchAll(/"(roles\/[\w.]+)"/g)].map(([, role]) => role);
  expect([...new Set(roles)].sort()).toEqual([
    'roles/artifactregistry.writer',
    // Of the sink's writer, on the one dataset that keeps the audit log.
    'roles/bigquery.dataEditor',
    'roles/eventarc.eventReceiver',
    // Of Pub/Sub's own agent, on the one account that it pushes as.
    'roles/iam.serviceAccountOpenIdTokenCreator',
    'roles/pubsub.publisher',
    'roles/pubsub.subscriber',
    'roles/run.invoker',
    'roles/storage.objectViewer',
  ]);
  expect(hcl.replace(/^.*error_message.*$/gm, '')).not.toMatch(/allUsers|allAuthenticatedUsers/);
});

it('every binding of the module is among those that doctor is held to', () => {
  const bindings = [...hcl.matchAll(/^resource "(google_\w+_iam_(?:member|binding|policy))" "(\w+)"/gm)];
  const tested = readFileSync(join(module, 'tested.tf'), 'utf8');
  expect(bindings.length).toBeGreaterThan(15);
  const names = bindings.map(([, type, name]) => `${type}.${name}`);
  expect(names.filter((name) => !new RegExp(`\\b${name.replace('.', '\\.')}\\b`).test(tested))).toEqual([]);
});

it('the module turns on no Data Access log: the admin activity log is always on', () => {
  expect(hcl).not.toContain('google_project_iam_audit_config');
});
