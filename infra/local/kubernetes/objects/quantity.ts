const units = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'] as const;
const binary = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'] as const;
/** The smallest part of a quantity is a nano: everything is counted in it. */
const nano = 1_000_000_000n;

const form =
  /^(?<sign>[+-]?)(?<whole>\d*)\.?(?<part>\d*)(?<unit>[numkMGTPE]|[KMGTPE]i|[eE](?<power>[+-]?\d+))?$/;

/** `amount` divided, away from zero where it does not divide: a quantity is never made less. */
const divided = (amount: bigint, by: bigint): bigint => (amount + by - 1n) / by;

const nanosOf = (digits: string, decimals: number, unit: string, power: number | undefined): bigint => {
  const base = BigInt(digits || '0') * nano;
  const scale = 10n ** BigInt(decimals);
  const at = binary.indexOf(unit as (typeof binary)[number]);
  if (unit !== '' && at > 0) return divided(base * 1024n ** BigInt(at), scale);
  const exponent = power ?? (units.indexOf(unit as (typeof units)[number]) - 3) * 3;
  return exponent >= 0
    ? divided(base * 10n ** BigInt(exponent), scale)
    : divided(base, scale * 10n ** BigInt(-exponent));
};

/** The largest step of `by` that an amount is a whole number of. */
const steps = (amount: bigint, by: bigint, most: number): { number: bigint; step: number } => {
  let number = amount;
  let step = 0;
  while (number !== 0n && step < most && number % by === 0n) {
    number /= by;
    step += 1;
  }
  return { number, step };
};

const decimal = (nanos: bigint, exponential: boolean): string => {
  const { number, step } = steps(nanos, 1000n, units.length - 1);
  if (number === 0n) return '0';
  if (!exponential) return `${number}${units[step]}`;
  return step === 3 ? `${number}` : `${number}e${(step - 3) * 3}`;
};

/**
 * A quantity as the API server writes it: the largest unit of its kind in which it is a whole number (apimachinery
 * `pkg/api/resource/quantity.go`, CanonicalizeBytes). `1000m` is `1`. A text that is no quantity is left as it is.
 */
export const canonicalQuantity = (text: string): string => {
  const { sign = '', whole = '', part = '', unit = '', power } = form.exec(text)?.groups ?? {};
  if (whole === '' && part === '') return text;
  const nanos = nanosOf(whole + part, part.length, unit, power === undefined ? undefined : Number(power));
  const minus = sign === '-' && nanos !== 0n ? '-' : '';
  const isBinary = unit.endsWith('i') && nanos % nano === 0n && nanos >= 1024n * nano;
  if (!isBinary) return minus + decimal(nanos, power !== undefined);
  const { number, step } = steps(nanos / nano, 1024n, binary.length - 1);
  return `${minus}${number}${binary[step]}`;
};
