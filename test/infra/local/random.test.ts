import { describe, expect, it } from 'vitest';
import { seeded, uuidOf } from '../../../infra/local/random.ts';
import { Api, pod, pods } from './kubernetes/api.ts';

describe('a seed', () => {
  it('gives the same numbers again, and another seed others', () => {
    const numbers = (seed: number) => Array.from({ length: 5 }, seeded(seed));
    expect(numbers(7)).toEqual(numbers(7));
    expect(numbers(7)).not.toEqual(numbers(8));
    expect(numbers(7).every((number) => number >= 0 && number < 1)).toBe(true);
  });

  it('gives UUIDs of version 4', () => {
    const random = seeded(7);
    const uuids = Array.from({ length: 200 }, () => uuidOf(random));
    for (const uuid of uuids)
      expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(new Set(uuids).size).toBe(200);
  });

  it('decides the names and uids that the API server makes up', async () => {
    const made = async () => {
      const api = await Api.start({ random: seeded(7) });
      const { metadata } = pod('x') as { metadata: object };
      const body = { ...pod('x'), metadata: { ...metadata, name: undefined, generateName: 'nat-' } };
      const answer = await api.post(pods, body);
      await api.close();
      return [answer.code, answer.body.metadata.name, answer.body.metadata.uid];
    };
    const first = await made();
    expect(first[0]).toBe(201);
    expect(await made()).toEqual(first);
  });
});
