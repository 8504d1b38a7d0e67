import { describe, expect, it } from 'vitest';
import { toGateway, toNode } from '../../../functions/kubernetes/objects.ts';
import { onlyPlannedAnswers } from '../wire.ts';
import { answer, cluster, failureOf, rawMetadata } from './setup.ts';

onlyPlannedAnswers();

const hostile = [
  '',
  '.',
  '..',
  '../../secrets',
  '..%2fsecrets',
  '%2e%2e',
  'a/b',
  'a?watch=true',
  'a\nb',
  'Ä',
  'A',
];

describe.each(hostile)('an object of the name %j', (name) => {
  const { port, wire } = cluster([]);

  it('is nowhere, and nothing is asked', async () => {
    const found = await Promise.all([
      port.route('edge', name),
      port.gateway('edge', name),
      port.gateway(name, 'pool'),
      port.namespace(name),
      port.pod('edge', name),
      port.node(name),
    ]);
    expect(found.filter((one) => one !== undefined)).toEqual([]);
    expect(await port.podsOnNode(name)).toEqual([]);
    expect(wire.calls).toEqual([]);
  });

  it('is left out of a list', async () => {
    const good = { metadata: rawMetadata };
    const bad = { metadata: { ...rawMetadata, name } };
    const elsewhere = { metadata: { ...rawMetadata, namespace: name } };
    const { port: listing } = cluster([answer(200, { items: [bad, good, elsewhere], metadata: {} })]);
    expect((await listing.gateways()).map(({ metadata }) => metadata.name)).toEqual(['nat']);
  });
});

it('an answer that is another object than the one that was asked for is worth another try', async () => {
  const { port } = cluster([answer(200, { metadata: { ...rawMetadata, name: 'other' } })]);
  expect(await failureOf(port.route('edge', 'nat'))).toMatchObject({
    kind: 'retry',
    code: 'UnreadableAnswer',
  });
});

it('a list that names its own page as the next one ends', async () => {
  const page = answer(200, { items: [], metadata: { continue: 'again' } });
  const { port, wire } = cluster(() => page);
  expect(await failureOf(port.routes())).toMatchObject({ kind: 'retry', code: 'EndlessList' });
  expect(wire.calls).toHaveLength(2);
});

it('a written object is that object', async () => {
  const { port } = cluster([answer(200, [])]);
  const status = { addresses: [], conditions: [], listeners: [] };
  const gateway = toGateway({ metadata: rawMetadata });
  expect(await failureOf(port.writeGatewayStatus(gateway, status))).toMatchObject({ kind: 'retry' });
});

it.each([
  'gce://p/us-central1-a/..',
  'gce://p/../vm',
  'gce://p/us-central1-a/a%2fb',
  'gce://p/z/a?b',
  'gce://p//vm',
])('a Node with the provider id %s is no VM of Compute', (providerID) => {
  expect(toNode({ metadata: { name: 'n' }, spec: { providerID } }).instance).toBeUndefined();
});
