import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../infra/local/kubernetes/objects/object.ts';
import { type Answer, pod, pods } from './api.ts';
import { anEmptyApi, api, message } from './plain-objects.ts';

const core = '/api/v1/namespaces/default';

const named = (kind: string, name: string, more: object): object => ({
  apiVersion: 'v1',
  kind,
  metadata: { name },
  ...more,
});

const service = (name: string, spec: JsonObject = {}): object =>
  named('Service', name, { spec: { ports: [{ port: 80 }], ...spec } });

const specOf = ({ body }: Answer): JsonObject => body.spec as JsonObject;

anEmptyApi();

describe('a Secret', () => {
  it('holds bytes in base64, whatever it was written as, and is Opaque if nothing else', async () => {
    const { body } = await api.post(`${core}/secrets`, named('Secret', 's', { stringData: { a: 'b' } }));
    expect([body.data, body.type, body.stringData]).toEqual([{ a: 'Yg==' }, 'Opaque', undefined]);
  });

  it('of a well-known type has the keys of that type', async () => {
    const answer = await api.post(
      `${core}/secrets`,
      named('Secret', 's', { type: 'kubernetes.io/tls', data: { 'tls.crt': 'Yg==' } }),
    );
    expect([answer.code, message(answer)]).toEqual([
      422,
      'Secret "s" is invalid: data[tls.key]: Required value',
    ]);
  });

  it('is refused with what is no base64, and keeps its type', async () => {
    const refused = await api.post(`${core}/secrets`, named('Secret', 's', { data: { a: 'b c' } }));
    expect([refused.code, message(refused)]).toEqual([
      400,
      'Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte 1',
    ]);
    await api.post(`${core}/secrets`, named('Secret', 's', {}));
    expect(message(await api.merge(`${core}/secrets/s`, { type: 'other' }))).toContain(
      'type: Invalid value: "other": field is immutable',
    );
  });
});

describe('a ConfigMap', () => {
  it('holds text', async () => {
    const answer = await api.post(`${core}/configmaps`, named('ConfigMap', 'c', { data: { a: 1 } }));
    expect([answer.code, message(answer)]).toEqual([
      400,
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field ConfigMap.data of type string',
    ]);
  });

  it('that says it is immutable is', async () => {
    await api.post(`${core}/configmaps`, named('ConfigMap', 'c', { data: { a: '1' }, immutable: true }));
    expect(message(await api.merge(`${core}/configmaps/c`, { data: { a: '2' } }))).toBe(
      'ConfigMap "c" is invalid: data: Forbidden: field is immutable when `immutable` is set',
    );
    expect((await api.merge(`${core}/configmaps/c`, { metadata: { labels: { a: 'b' } } })).code).toBe(200);
  });
});

describe('a ServiceAccount', () => {
  it('`default` is in every namespace, and comes back', async () => {
    await api.post('/api/v1/namespaces', { metadata: { name: 'team' } });
    const path = '/api/v1/namespaces/team/serviceaccounts/default';
    const { body } = await api.get(path);
    await api.delete(path);
    const again = await api.get(path);
    expect([again.code, again.body.metadata.uid === body.metadata.uid]).toEqual([200, false]);
  });

  it('that is not there runs no Pod', async () => {
    const answer = await api.post(pods, pod('a', {}, { serviceAccountName: 'other' }));
    expect([answer.code, message(answer)]).toEqual([
      403,
      'pods "a" is forbidden: error looking up service account default/other: serviceaccount "other" not found',
    ]);
  });

  it('goes with its namespace', async () => {
    await api.post('/api/v1/namespaces', { metadata: { name: 'team' } });
    const gone = await api.watch('/api/v1/namespaces?resourceVersion=1');
    await api.delete('/api/v1/namespaces/team');
    let last: string | undefined;
    do last = (await gone.next())?.type;
    while (last !== 'DELETED');
    gone.stop();
    expect((await api.get('/api/v1/namespaces/team/serviceaccounts')).body.items).toEqual([]);
  });
});

describe('a Service', () => {
  it('gets an address of its own, and keeps it', async () => {
    const ips = [];
    for (const name of ['a', 'b'])
      ips.push(specOf(await api.post(`${core}/services`, service(name))).clusterIP);
    expect(ips).toEqual(['34.118.224.2', '34.118.224.3']);
    const patched = await api.merge(`${core}/services/a`, {
      spec: { clusterIP: null, selector: { app: 'a' } },
    });
    expect(specOf(patched).clusterIP).toBe('34.118.224.2');
    expect(message(await api.merge(`${core}/services/a`, { spec: { clusterIP: '34.118.224.9' } }))).toContain(
      'may not change once set',
    );
  });

  it('may ask for an address that nobody has', async () => {
    const answer = await api.post(`${core}/services`, service('a', { clusterIP: '34.118.224.1' }));
    expect([answer.code, message(answer)]).toEqual([
      422,
      'Service "a" is invalid: spec.clusterIPs: Invalid value: ["34.118.224.1"]: failed to allocate IP 34.118.224.1: provided IP is already allocated',
    ]);
  });

  it('of type NodePort gets a port on the nodes, each another', async () => {
    const spec = {
      type: 'NodePort',
      ports: [
        { name: 'a', port: 80 },
        { name: 'b', port: 81 },
      ],
    };
    const answer = await api.post(`${core}/services`, service('a', spec));
    expect((specOf(answer).ports as JsonObject[]).map(({ nodePort }) => nodePort)).toEqual([30_000, 30_001]);
    const taken = service('b', { type: 'NodePort', ports: [{ port: 80, nodePort: 30_001 }] });
    expect(message(await api.post(`${core}/services`, taken))).toContain(
      'provided port is already allocated',
    );
  });

  it('has ports, named if there are many', async () => {
    expect(message(await api.post(`${core}/services`, service('a', { ports: [] })))).toContain(
      'spec.ports: Required value',
    );
    expect(
      message(await api.post(`${core}/services`, service('a', { ports: [{ port: 80 }, { port: 81 }] }))),
    ).toContain('spec.ports[0].name: Required value');
  });

  it('merges its ports by their numbers', async () => {
    await api.post(
      `${core}/services`,
      service('a', {
        ports: [
          { name: 'a', port: 80 },
          { name: 'b', port: 81 },
        ],
      }),
    );
    const answer = await api.strategic(`${core}/services/a`, {
      spec: { ports: [{ port: 81, targetPort: 8081 }] },
    });
    expect((specOf(answer).ports as JsonObject[]).map(({ port, targetPort }) => [port, targetPort])).toEqual([
      [80, 80],
      [81, 8081],
    ]);
  });
});
