import { afterEach, beforeEach, expect, it } from 'vitest';
import { gateway, namespace, paths, pod, route } from './objects.ts';
import { Stage } from './stage.ts';

/** *Time* of design/architecture.md: a full run lists everything and asks only for what would change. */

let stage: Stage;

const ips = ['34.1.2.3', '34.1.2.4', '34.1.2.5'] as const;
const rules = '/regions/us-central1/forwardingRules';

beforeEach(async () => {
  stage = await Stage.open();
  stage.reserve(...ips);
  await stage.apply(namespace('edge'), gateway('pool', 'edge', ips));
  for (const [index, ip] of ips.entries()) {
    const name = `nat-${index}`;
    const labels = { app: name };
    await stage.apply(route(name, 'edge', [ip], { podSelector: { matchLabels: labels } }));
    const made = pod(`${name}-a`, 'edge');
    await stage.apply({ ...made, metadata: { ...made.metadata, labels } });
  }
  for (const index of ips.keys()) await stage.ready('edge', `nat-${index}`, `nat-${index}-a`);
  await stage.rest();
  // Nothing has just turned Ready, and no Pod is young.
  stage.cloud.setAhead(45 * 60_000);
});
afterEach(() => stage.close());

/** A full run, and what was asked for. */
const asked = async (): Promise<readonly string[]> => {
  const from = stage.messages().length;
  stage.cloud.sweep('full');
  await stage.rest();
  return stage
    .messages(from)
    .filter(({ subscription }) => subscription === stage.cloud.subscriptions.requests)
    .map(({ message: { data } }) => {
      const { kind, name } = JSON.parse(Buffer.from(data ?? '', 'base64').toString()) as {
        kind: string;
        name: string;
      };
      return `${kind} ${name}`;
    });
};

it('a full run asks for nothing where nothing has changed, and for the one route that something befell unheard', async () => {
  const { kubernetes, compute, serviceAccount } = stage.cloud;
  const from = [kubernetes.calls.length, compute.calls.length] as const;
  expect(await asked()).toEqual([]);
  const own = kubernetes.calls.slice(from[0]).filter(({ user }) => user === serviceAccount);
  expect(own.filter(({ method, path }) => method !== 'GET' || path.includes('nat-'))).toEqual([]);
  const read = compute.calls.slice(from[1]).filter(({ principal }) => principal === serviceAccount);
  expect(read.filter(({ mutation, path }) => mutation || path.includes('/pip-'))).toEqual([]);

  stage.cloud.loseEvents(true);
  const { items } = (await stage.admin.compute('GET', rules)) as {
    items: readonly { name: string; IPAddress: string }[];
  };
  const rule = items.find(({ IPAddress }) => IPAddress === ips[1]);
  await stage.change('DELETE', `${rules}/${rule?.name}`);
  expect(new Set(await asked())).toEqual(new Set(['route nat-1']));
  await stage.ready('edge', 'nat-1', 'nat-1-a');
  expect(await stage.count(rules)).toBe(3);

  await stage.delete(paths.pod('edge', 'nat-2-a'));
  await stage.gone(paths.pod('edge', 'nat-2-a'));
  // What has just been mended is looked at for two minutes more.
  expect(new Set(await asked())).toEqual(new Set(['route nat-1', 'route nat-2']));
  await stage.reason('edge', 'nat-2', 'Ready', 'NoPodsFound');
});
