import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../infra/local/kubernetes/objects/object.ts';
import { deployments, pod, pods, route, routes } from './api.ts';
import {
  anEmptyApi,
  api,
  applyAs,
  container,
  containersOf,
  message,
  part,
  web,
  withContainers,
} from './applying.ts';

anEmptyApi();

describe('the lists of an apply', () => {
  it('merge by key in the applier’s order, and what only the server has keeps its neighbours', async () => {
    await api.post(deployments, withContainers(container('a'), container('x'), container('b')));
    const spec = { template: { spec: { containers: ['b', 'new', 'a'].map((name) => container(name)) } } };
    const { body } = await applyAs('me', web, part(spec));
    expect(containersOf(body).map(({ name }) => name)).toEqual(['x', 'b', 'new', 'a']);
  });

  it('of ports are told apart by port and protocol, TCP where none is said', async () => {
    const ports = (protocols: (string | undefined)[]): JsonObject[] =>
      protocols.map((protocol) => ({ containerPort: 53, ...(protocol === undefined ? {} : { protocol }) }));
    await applyAs('me', web, withContainers(container('app', { ports: ports([undefined, 'UDP']) })));
    const { body } = await applyAs('me', web, withContainers(container('app', { ports: ports(['TCP']) })));
    expect(containersOf(body)[0]?.ports).toEqual([{ containerPort: 53, protocol: 'TCP' }]);
  });

  it('of plain values are sets if their kind says so: finalizers', async () => {
    const config = (...finalizers: string[]): object => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'a', finalizers },
    });
    await api.post(pods, { ...pod('a'), metadata: { name: 'a', finalizers: ['x.io/server'] } });
    await applyAs('me', `${pods}/a`, config('x.io/one', 'x.io/two'));
    const { body } = await applyAs('me', `${pods}/a`, config('x.io/two'));
    expect(body.metadata.finalizers).toEqual(['x.io/server', 'x.io/two']);
  });

  it('are one value otherwise', async () => {
    const config = (value: string): object => ({ ...route('nat'), spec: { addresses: [{ value }] } });
    await applyAs('one', `${routes}/nat`, route('nat'));
    const answer = await applyAs('two', `${routes}/nat`, config('34.123.10.2/32'));
    expect([answer.code, message(answer)]).toEqual([
      409,
      'Apply failed with 1 conflict: conflict with "one": .spec.addresses',
    ]);
  });
});
