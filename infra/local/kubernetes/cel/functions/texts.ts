import type { Environment } from '@marcbachmann/cel-js';
import type { Duration } from '@marcbachmann/cel-js/evaluator';
import { formatted, textOf } from './printf.ts';

const charAt = (text: string, at: bigint): string => {
  const letters = [...text];
  if (at < 0n || at > BigInt(letters.length)) throw new Error(`index out of range: ${at}`);
  return letters[Number(at)] ?? '';
};

/** Replaces the first `limit` occurrences; all of them where it is negative. */
const replace = (text: string, old: string, by: string, limit: bigint): string => {
  if (limit < 0n) return text.replaceAll(old, () => by);
  const parts = text.split(old);
  const most = Number(limit);
  if (parts.length <= most + 1) return parts.join(by);
  return [...parts.slice(0, most), parts.slice(most).join(old)].join(by);
};

/** The namespace of `strings.quote`. */
class Strings {}

/** cel-go's extended strings (`ext/strings.go` version 2) beside those of the library. */
export const textFunctions = (env: Environment): void => {
  env
    .registerFunction('string.charAt(int): string', charAt)
    .registerFunction('string.replace(string, string): string', (text: string, old: string, by: string) =>
      replace(text, old, by, -1n),
    )
    .registerFunction('string.replace(string, string, int): string', replace)
    .registerFunction('string.format(list): string', formatted)
    .registerType('cel.Strings', Strings)
    .registerConstant('strings', 'cel.Strings', new Strings())
    .registerFunction('cel.Strings.quote(string): string', (_: Strings, text: string) => JSON.stringify(text))
    .registerFunction('string(google.protobuf.Timestamp): string', (at: Date) => textOf(at))
    .registerFunction('string(google.protobuf.Duration): string', (duration: Duration) => textOf(duration))
    .registerFunction('int(google.protobuf.Timestamp): int', (at: Date) =>
      BigInt(Math.floor(at.getTime() / 1000)),
    )
    .registerFunction('int(google.protobuf.Duration): int', ({ seconds }: Duration) => seconds);
};
