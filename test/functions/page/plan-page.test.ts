import { beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { onInventory } from '../../../functions/inventory.ts';
import { Failure } from '../../../functions/persistent-ip/failure.ts';
import type { Wiring } from '../../../functions/wiring.ts';
import { metadata, route } from '../fixtures.ts';
import { gatewayOf, routeOf, worldToPlanFor } from '../plan-world.ts';
import type { World } from '../world.ts';
import { problemsOf } from './problems-of.ts';

const hostile = '</textarea>"><script>alert(1)</script>';

let world: World;
let names: string[];

beforeEach(async () => {
  world = await worldToPlanFor();
  names = ['local'];
});

const wiring = () =>
  ({
    readers: () =>
      names.map((name) => ({
        ...world.deps,
        cluster: { ...world.deps.cluster, key: { ...world.deps.cluster.key, name } },
      })),
  }) as unknown as Wiring;

const ask = async (more: { method?: string; body?: string | Buffer; type?: string } = {}) => {
  const { method = 'POST', body, type = 'application/x-www-form-urlencoded' } = more;
  const content = body === undefined ? {} : { content: { type, bytes: Buffer.from(body) } };
  return await onInventory(wiring(), { method, url: '/plan', ifNoneMatch: undefined, ...content });
};

/** As a browser sends it, ends of lines included. */
const send = (fields: Readonly<Record<string, string>>) => {
  const sent = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) sent.set(name, value.replaceAll('\n', '\r\n'));
  return ask({ body: String(sent) });
};

const sip = stringify(routeOf('sip', ['34.1.2.4/32']));

describe('the form of a plan', () => {
  it('is empty at first, says that nothing is written, and does not refresh itself', async () => {
    const { status, body, headers } = await ask({ method: 'GET' });
    expect(status).toBe(200);
    expect(body).toMatch(/<form [^>]*method="post" action="\/plan"/);
    expect(body).toContain('nothing is written');
    expect(body).not.toContain('live.js');
    expect(headers['content-security-policy']).toContain("form-action 'self'");
    expect(await problemsOf(body)).toEqual([]);
  });

  it('is led to from every page', async () => {
    expect((await ask({ method: 'GET' })).body).toMatch(/<nav [^>]*>.*<a href="\/plan">Plan<\/a><\/nav>/);
  });

  it('asks for which cluster only where there are several, and keeps what was chosen', async () => {
    expect((await ask({ method: 'GET' })).body).not.toContain('<select');
    names = ['local', 'two'];
    const { body, status } = await send({ manifest: sip, cluster: 'two' });
    expect(status).toBe(200);
    expect(body).toContain('<option value="two" selected>two</option>');
    expect(await problemsOf(body)).toEqual([]);
    expect((await send({ manifest: sip })).body).toContain('say for which one with cluster');
  });
});

describe('what it answers', () => {
  it('is the plan: the Pod that is chosen, why, and each call by its resource', async () => {
    const { body, status } = await send({ manifest: sip });
    expect(status).toBe(200);
    expect(body).toContain('All of it would be served');
    expect(body).toContain('<h3>GKEIPRoute edge/sip</h3>');
    expect(body).toMatch(
      /It would be created, and <b class="good">would be served<\/b>: Pod nat-1 on node node-a/,
    );
    expect(body).toMatch(/<th scope="row" class="name">nat-1<\/th>[\s\S]*?yes[\s\S]*?first in the order/);
    expect(body).toMatch(/forwardingRules\.insert<\/th>\s*<td class="name">pip-edge-sip-&lt;uid&gt;/);
    expect(await problemsOf(body)).toEqual([]);
  });

  it('names the conflict, what would lose its address, what the API server refuses, and what was not looked at', async () => {
    world.put(route(['34.1.2.3'], { metadata: metadata('heir') }));
    const manifest = [
      gatewayOf('pool', ['34.1.2.4']),
      routeOf('late', ['34.1.2.3/32']),
      routeOf('bad', ['34.1.2.4/32'], { podSelector: undefined }),
      { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' } },
    ];
    const { body } = await send({ manifest: manifest.map((one) => stringify(one)).join('---\n') });
    expect(body).toContain('edge/nat would no longer be served');
    expect(body).toContain('<h3>What it does to GKEIPRoute edge/nat</h3>');
    expect(body).toMatch(
      /GKEIPRoute edge\/bad \(document 3\)\s*<ul><li><code>spec\.podSelector<\/code> is missing/,
    );
    expect(body).toMatch(/<th scope="row">34\.1\.2\.3<\/th>\s*<td class="bad">removed<\/td>/);
    expect(body).toContain('Not looked at: Service web');
    expect(await problemsOf(body)).toEqual([]);
  });

  it('says the same as POST /v1/plan', async () => {
    const manifest = stringify(routeOf('late', ['34.1.2.3/32']));
    const json = await onInventory(wiring(), {
      method: 'POST',
      url: '/v1/plan',
      ifNoneMatch: undefined,
      content: { type: 'application/yaml', bytes: Buffer.from(manifest) },
    });
    const { routes } = JSON.parse(json.body) as { routes: { because: string; next: string }[] };
    const { body } = await send({ manifest });
    expect(routes[0]?.because).toContain('edge/nat');
    expect(body).toContain(routes[0]?.because);
    expect(body).toContain(routes[0]?.next);
  });

  it('reads and writes nothing', async () => {
    await send({ manifest: sip });
    expect(world.calls.length).toBeGreaterThan(5);
    expect(world.calls.filter((call) => !/^(get|list)-/.test(call))).toEqual([]);
  });

  it('is kept by nobody', async () => {
    expect((await send({ manifest: sip })).headers['cache-control']).toBe('no-store');
  });
});

/** What stands in the form again, as a browser reads it. */
const kept = (body: string): string =>
  (/<textarea[^>]*>\n([\s\S]*?)<\/textarea>/.exec(body)?.[1] ?? '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

describe('what cannot be planned', () => {
  it.each([
    ['YAML that is none', 'a: [1\nb: 2', 400, 'document 1 cannot be read'],
    ['another kind', 'apiVersion: v1\nkind: Service\nmetadata: {name: a}', 400, 'it holds Service'],
    ['nothing but white', '  \n', 400, 'paste a manifest'],
    ['what would be markup', hostile, 400, 'is no object of Kubernetes'],
    ['a line break before all', '\n\na: [1', 400, 'cannot be read'],
    ['more than a plan reads', `#${'é'.repeat(131_072)}`, 413, 'may have 262144'],
  ])('%s: the page says so, and what was pasted stays', async (_, manifest, code, words) => {
    const { status, body, headers } = await send({ manifest, namespace: 'edge' });
    expect(status).toBe(code);
    expect(headers['content-type']).toContain('text/html');
    expect(/role="alert" id="fault">([^<]*)</.exec(body)?.[1]).toContain(words);
    expect(kept(body)).toBe(manifest);
    expect(body).toContain('value="edge"');
    expect(body).not.toContain('<script>');
    expect(await problemsOf(body)).toEqual([]);
  });

  it('a hostile name is text wherever it stands', async () => {
    const { status, body } = await send({
      manifest: stringify([routeOf(hostile, [hostile])][0]),
      namespace: hostile,
    });
    expect(status).toBe(200);
    expect(body).not.toContain('<script>alert');
    expect(body.match(/<\/textarea>/g)).toHaveLength(1);
  });

  it('a cluster that cannot be read is said, and what was pasted stays', async () => {
    world.before = () => {
      throw new Failure('retry', 'noAnswer', 0, 'no answer');
    };
    const { status, body } = await send({ manifest: sip });
    expect(status).toBe(503);
    expect(body).toContain('the cluster cannot be looked at');
    expect(kept(body)).toBe(sip);
  });

  it.each([
    [
      'more than any form',
      'manifest='.padEnd(900_000, 'x'),
      'application/x-www-form-urlencoded',
      413,
      'too large',
    ],
    ['another type', sip, 'text/plain', 415, 'is sent as'],
    ['no body', undefined, '', 400, 'paste a manifest'],
  ])('%s is refused, and nothing is looked at', async (_, body, type, code, words) => {
    const answer = await ask({ type, ...(body !== undefined && { body }) });
    expect(answer.status).toBe(code);
    expect(answer.body).toContain(words);
    expect(world.calls).toEqual([]);
  });

  it('another method is refused', async () => {
    expect(await ask({ method: 'DELETE' })).toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD, POST' },
    });
  });
});
