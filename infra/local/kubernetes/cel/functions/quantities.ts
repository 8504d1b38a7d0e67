import type { Environment } from '@marcbachmann/cel-js';

const billion = 1_000_000_000n;

/** How many billionths a suffix stands for (apimachinery `pkg/api/resource/suffix.go`). */
const suffixes: Readonly<Record<string, bigint>> = {
  n: 1n,
  u: 1000n,
  m: 1_000_000n,
  '': billion,
  k: billion * 1000n,
  M: billion * 1000n ** 2n,
  G: billion * 1000n ** 3n,
  T: billion * 1000n ** 4n,
  P: billion * 1000n ** 5n,
  E: billion * 1000n ** 6n,
  Ki: billion * 1024n,
  Mi: billion * 1024n ** 2n,
  Gi: billion * 1024n ** 3n,
  Ti: billion * 1024n ** 4n,
  Pi: billion * 1024n ** 5n,
  Ei: billion * 1024n ** 6n,
};

/** `kubernetes.Quantity` of CEL, in billionths: nothing smaller is kept. */
class Quantity {
  readonly nanos: bigint;
  constructor(nanos: bigint) {
    this.nanos = nanos;
  }
}

const form = /^([+-]?)(\d+\.?\d*|\.\d+)(?:([eE])([+-]?\d{1,3})|([numkMGTPE]|[KMGTPE]i)?)$/;

const parsed = (text: string): Quantity | undefined => {
  const [, sign, number = '', exponential, exponent, suffix = ''] = form.exec(text) ?? [];
  if (sign === undefined) return undefined;
  const [whole = '', fraction = ''] = number.split('.');
  let nanos = BigInt(`${whole}${fraction}`) * (suffixes[suffix] ?? billion);
  const shift = (exponential === undefined ? 0 : Number(exponent)) - fraction.length;
  if (shift >= 0) nanos *= 10n ** BigInt(shift);
  else {
    const by = 10n ** BigInt(-shift);
    // What is smaller than a billionth is rounded up.
    nanos = (nanos + by - 1n) / by;
  }
  return new Quantity(sign === '-' ? -nanos : nanos);
};

/** @throws Error in the API server's words (`pkg/cel/library/quantity.go`) */
const quantityOf = (text: string): Quantity => {
  const found = parsed(text);
  if (found === undefined) {
    throw new Error(
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    );
  }
  return found;
};

const isWhole = ({ nanos }: Quantity): boolean =>
  nanos % billion === 0n && BigInt.asIntN(64, nanos / billion) === nanos / billion;

const sign = (nanos: bigint): bigint => (nanos > 0n ? 1n : nanos < 0n ? -1n : 0n);

/** `quantity("50k").add(20)` and its like. */
export const quantityFunctions = (env: Environment): void => {
  env
    .registerType('kubernetes.Quantity', Quantity)
    .registerFunction('quantity(string): kubernetes.Quantity', quantityOf)
    .registerFunction('isQuantity(string): bool', (text: string) => parsed(text) !== undefined)
    .registerFunction('kubernetes.Quantity.isInteger(): bool', isWhole)
    .registerFunction('kubernetes.Quantity.asInteger(): int', (quantity: Quantity) => {
      if (!isWhole(quantity)) throw new Error('cannot convert value to integer');
      return quantity.nanos / billion;
    })
    .registerFunction(
      'kubernetes.Quantity.asApproximateFloat(): double',
      ({ nanos }: Quantity) => Number(nanos) / Number(billion),
    )
    .registerFunction('kubernetes.Quantity.sign(): int', ({ nanos }: Quantity) => sign(nanos))
    .registerOperator(
      'kubernetes.Quantity == kubernetes.Quantity',
      (a: Quantity, b: Quantity) => a.nanos === b.nanos,
    );
  const ofTwo: readonly [name: string, returns: string, of: (a: bigint, b: bigint) => unknown][] = [
    ['isLessThan', 'bool', (a, b) => a < b],
    ['isGreaterThan', 'bool', (a, b) => a > b],
    ['compareTo', 'int', (a, b) => sign(a - b)],
    ['add', 'kubernetes.Quantity', (a, b) => new Quantity(a + b)],
    ['sub', 'kubernetes.Quantity', (a, b) => new Quantity(a - b)],
  ];
  for (const [name, returns, of] of ofTwo) {
    env.registerFunction(
      `kubernetes.Quantity.${name}(kubernetes.Quantity): ${returns}`,
      (a: Quantity, b: Quantity) => of(a.nanos, b.nanos),
    );
  }
  for (const [name, returns, of] of ofTwo.slice(3)) {
    env.registerFunction(`kubernetes.Quantity.${name}(int): ${returns}`, (a: Quantity, b: bigint) =>
      of(a.nanos, b * billion),
    );
  }
};
