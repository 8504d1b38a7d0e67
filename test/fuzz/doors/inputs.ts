import fc from 'fast-check';
import type { OddAnswer, Wound } from '../api.ts';
import type { Knock } from '../deployed.ts';
import { floods, mutations } from '../hostile.ts';
import type { Samples } from '../samples.ts';
import { manifests } from './manifests.ts';
import { pushes } from './pushes.ts';
import { questions } from './questions.ts';

/** One input: what comes in, and the world that it meets. */
export interface Input {
  readonly knock: Knock;
  readonly wounds: readonly Wound[];
  readonly odd: readonly OddAnswer[];
}

const credentials = fc.oneof(
  fc.constantFrom('', 'Bearer', 'Bearer ', 'Basic YTpi', 'Bearer a.b.c', 'Bearer ..', 'bearer \t x'),
  fc.base64String({ maxLength: 300 }).map((text) => `Bearer ${text}`),
  fc.tuple(fc.json(), fc.json(), fc.base64String({ maxLength: 40 })).map(([header, claims, signature]) => {
    const part = (text: string): string => Buffer.from(text).toString('base64url');
    return `Bearer ${part(header)}.${part(claims)}.${signature}`;
  }),
);

const odd = fc.array(
  fc.record({
    call: fc.nat(30),
    times: fc.oneof(fc.constantFrom(1, 1, 4), fc.constant(10_000)),
    answer: fc.nat(999),
  }),
  { maxLength: 2 },
);

const wounds: fc.Arbitrary<readonly Wound[]> = fc.array(
  fc.record({ object: fc.nat(), mutations: mutations(4) }),
  { maxLength: 12 },
);

/** For those who look: hostile texts wherever an object has one. */
const showable: fc.Arbitrary<readonly Wound[]> = fc.array(
  fc.record({
    object: fc.nat(),
    shown: fc.constant(true),
    mutations: fc
      .tuple(mutations(1), fc.array(floods, { minLength: 1, maxLength: 3 }))
      .map((all) => all.flat()),
  }),
  { minLength: 1, maxLength: 30, size: 'max' },
);

/** What comes in at every door. */
export const inputs = (samples: Samples): fc.Arbitrary<Input> => {
  const authorization = fc.oneof(
    { weight: 30, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: credentials },
  );
  const read = fc.oneof(
    { weight: 4, arbitrary: questions(samples) },
    { weight: 1, arbitrary: manifests(samples) },
  );
  const asked = fc.record({ knock: read, wounds: fc.oneof(wounds, showable) });
  const pushed = fc.record({ knock: fc.oneof(...pushes(samples)), wounds });
  return fc
    .tuple(
      fc.oneof({ weight: 1, arbitrary: asked }, { weight: 3, arbitrary: pushed }),
      authorization,
      // Of those who look few calls are made, and one that fails leaves nothing to see.
      fc.oneof(fc.constant([]), odd),
    )
    .map(([{ knock, wounds: all }, token, answers]) => ({
      knock: { ...knock, ...(token !== undefined && { authorization: token }) },
      wounds: all,
      odd: answers,
    }));
};
