import { Environment } from '@marcbachmann/cel-js';
import { addressFunctions } from './functions/addresses.ts';
import { formatFunctions } from './functions/formats.ts';
import { listFunctions } from './functions/lists.ts';
import { loopFunctions } from './functions/loops.ts';
import { patternFunctions } from './functions/patterns.ts';
import { quantityFunctions } from './functions/quantities.ts';
import { textFunctions } from './functions/texts.ts';
import { urlFunctions } from './functions/urls.ts';
import { Meter } from './meter.ts';

/** Counts for whatever expression is being evaluated. */
export const meter = new Meter();

const extensions: readonly ((env: Environment) => void)[] = [
  addressFunctions,
  formatFunctions,
  listFunctions,
  patternFunctions,
  quantityFunctions,
  textFunctions,
  urlFunctions,
];

let base: Environment | undefined;

/**
 * CEL with the functions that Kubernetes 1.34 adds to the language (apiserver `pkg/cel/environment/base.go`): strings,
 * lists, sets, loops over two variables, regular expressions, URLs, quantities, addresses, formats. Not there:
 * `semver`, `transformMap`, `sortBy`; an expression that uses them does not compile here.
 */
export const kubernetesCel = (): Environment => {
  if (base === undefined) {
    // Lists of mixed types are needed by `format`, which the API server exempts from its own rule against them.
    base = new Environment({ enableOptionalTypes: true, homogeneousAggregateLiterals: false });
    for (const extend of extensions) extend(base);
    loopFunctions(base, meter);
  }
  return base.clone();
};
