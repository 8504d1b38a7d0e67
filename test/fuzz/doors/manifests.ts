import fc from 'fast-check';
import type { Knock } from '../deployed.ts';
import { mutated, mutations } from '../hostile.ts';
import type { JsonObject, Samples } from '../samples.ts';
import { anything, asBody, knock } from './pushes.ts';
import { escaped, oddWord } from './words.ts';

/** A manifest of the samples, mutated, or anything else, where a plan is asked for. */
export const manifests = (samples: Samples): fc.Arbitrary<Knock> => {
  const kinds = { GKEIPRoute: 'networking.gke.io/v1', Gateway: 'gateway.networking.k8s.io/v1' } as const;
  const objects = Object.entries(kinds).flatMap(([kind, apiVersion]) =>
    Object.entries(samples.kubernetes)
      .filter(([path]) => path.endsWith(`/${kind.toLowerCase()}s`))
      .flatMap(([, { items }]) =>
        (items as readonly JsonObject[]).map((item): JsonObject => ({ ...item, apiVersion, kind })),
      ),
  );
  const document = fc
    .tuple(fc.constantFrom(...objects), mutations(3))
    .map(([object, all]) => asBody(mutated(object, all, objects)).toString());
  const documents = fc
    .array(document, { minLength: 1, maxLength: 3 })
    .map((all) => Buffer.from(all.join('\n---\n')));
  const types = ['application/yaml', 'application/yaml', 'application/json', 'text/plain'];
  return fc
    .tuple(
      fc.oneof({ weight: 6, arbitrary: documents }, { weight: 1, arbitrary: anything }),
      fc.constantFrom(...types),
      fc.oneof({ weight: 4, arbitrary: fc.constant('') }, { weight: 1, arbitrary: oddWord.map(escaped) }),
    )
    .map(([body, type, namespace]) => ({
      ...knock('inventory', body, { 'content-type': type }),
      path: `/v1/plan${namespace === '' ? '' : `?namespace=${namespace}`}`,
    }));
};
