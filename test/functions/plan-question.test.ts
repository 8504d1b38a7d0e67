import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { Failure } from '../../functions/persistent-ip/failure.ts';
import { aWorldToPlanFor, configured, plan, send, world } from './asking-plan.ts';
import { namespace } from './fixtures.ts';
import { gatewayOf, routeOf } from './plan-world.ts';

aWorldToPlanFor();

describe('the question', () => {
  it('reads and writes nothing', async () => {
    await plan(routeOf('sip', ['34.1.2.4/32']), gatewayOf('pool', ['34.1.2.3', '34.1.2.4', undefined]));
    expect(world.calls.length).toBeGreaterThan(5);
    expect(world.calls.filter((call) => !/^(get|list)-/.test(call))).toEqual([]);
  });

  it('names the documents that are not looked at', async () => {
    const deployment = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'nat', namespace: 'edge' },
    };
    const { notLookedAt, notChecked } = await plan(deployment, routeOf('sip', ['34.1.2.4/32']));
    expect(notLookedAt).toEqual([
      { document: 1, apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'edge', name: 'nat' },
    ]);
    expect(notChecked.length).toBeGreaterThan(1);
  });

  it('takes JSON, and puts what names no namespace where it is told to', async () => {
    const { metadata: _, ...rest } = routeOf('sip', ['34.1.2.4/32']);
    const body = JSON.stringify({
      apiVersion: 'v1',
      kind: 'List',
      items: [{ ...rest, metadata: { name: 'sip' } }],
    });
    const asked = await send(body, { type: 'application/json', query: '?namespace=edge' });
    expect(asked.json.routes).toMatchObject([{ namespace: 'edge', outcome: 'served' }]);
    world.namespaces.set('default', namespace('default'));
    const unasked = await send(body, { type: 'application/json' });
    expect(unasked.json.routes).toMatchObject([{ namespace: 'default', outcome: 'waits' }]);
  });

  const sip = stringify(routeOf('sip', ['34.1.2.4/32']));

  it.each<[string, string | Buffer, object, number, string]>([
    ['broken YAML', 'a: [1\nb: 2', {}, 400, 'document 1 cannot be read'],
    ['another kind', 'apiVersion: v1\nkind: Service\nmetadata: {name: a}', {}, 400, 'it holds Service'],
    ['no object', 'just words', {}, 400, 'document 1 is no object of Kubernetes'],
    ['nothing', '---\n---\n', {}, 400, 'the manifest is empty'],
    ['no body', '', {}, 400, 'send the manifest as the body'],
    ['bytes', Buffer.from([0xff, 0xfe, 0x00]), {}, 400, 'not UTF-8'],
    ['too much', `#${'x'.repeat(262_144)}`, {}, 413, 'may have 262144'],
    ['a form', sip, { type: 'application/x-www-form-urlencoded' }, 415, 'none of them'],
    ['no type', sip, { type: '' }, 415, 'application/yaml'],
    ['a reader’s method', sip, { method: 'GET' }, 405, 'by POST'],
    ['a strange parameter', sip, { query: '?dryRun=All' }, 400, 'no parameter "dryRun"'],
    ['another cluster', sip, { query: '?cluster=other' }, 404, 'no cluster "other"'],
    ['brackets without end', '['.repeat(5_000), {}, 400, 'cannot be read'],
    ['aliases that multiply', bomb(), {}, 400, 'cannot be read'],
    ['a field twice', `${sip}metadata: {name: b}\n`, {}, 400, 'has the field "metadata" twice (line '],
    ['too many', `${sip}---\n`.repeat(51), {}, 400, 'split it'],
  ])('with %s is answered in words', async (_, body, how, status, words) => {
    const answer = await send(body, how);
    expect({ status: answer.status, words: answer.json.error.message }).toEqual({
      status,
      words: expect.stringContaining(words) as string,
    });
  });

  it('says for which cluster where there are several, and 503 when it cannot be looked at', async () => {
    configured(2);
    expect((await send(sip)).json.error.message).toContain('several clusters');
    configured(1);
    world.before = () => {
      throw new Failure('retry', 'noAnswer', 0, 'no answer');
    };
    expect((await send(sip)).status).toBe(503);
  });
});

/** Ten aliases of ten aliases of ten …: a few lines that would be gigabytes. */
function bomb(): string {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let i = 1; i < 9; i += 1)
    lines.push(
      `a${i}: &a${i} [${Array(10)
        .fill(`*a${i - 1}`)
        .join(', ')}]`,
    );
  return lines.join('\n');
}
