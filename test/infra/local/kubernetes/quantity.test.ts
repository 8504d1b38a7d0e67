import { describe, expect, it } from 'vitest';
import { canonicalQuantity } from '../../../../infra/local/kubernetes/objects/quantity.ts';

describe('a quantity is written', () => {
  it.each([
    ['1000m', '1'],
    ['1500m', '1500m'],
    ['0.5', '500m'],
    ['1000000', '1M'],
    ['1Gi', '1Gi'],
    ['1024Mi', '1Gi'],
    ['1.5Gi', '1536Mi'],
    ['0.5Ki', '512'],
    ['512', '512'],
    ['1e3', '1e3'],
    ['10e5', '1e6'],
    ['-2000m', '-2'],
    ['0.0000000001', '1n'],
    ['0Gi', '0'],
    ['nonsense', 'nonsense'],
  ])('%s as %s', (given, written) => {
    expect(canonicalQuantity(given)).toBe(written);
  });
});
