import type { Environment } from '@marcbachmann/cel-js';
import { meter } from './environment.ts';
import { costExceeded } from './meter.ts';
import { asKubernetes, namesIn, withMeter } from './syntax.ts';
import { compileText, evaluationText, isLibraryError } from './words.ts';

/** What an expression came to. `exceeded`: it was stopped, and nothing else should be tried. */
export type Outcome =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: string; readonly exceeded: boolean };

/** A compiled expression. */
export interface Program {
  readonly ok: true;
  /** The type of what it comes to: `bool`, `list<string>`, `dyn`. */
  readonly type: string;
  /** The names that it reads. */
  readonly names: ReadonlySet<string>;
  run(variables: Readonly<Record<string, unknown>>): Outcome;
}

/** An expression that does not compile, with cel-go's text of why. */
export interface Broken {
  readonly ok: false;
  readonly error: string;
}

const isFunctionOf = (env: Environment): ((name: string) => boolean) => {
  let known: Set<string> | undefined;
  return (name) => {
    known ??= new Set(env.getDefinitions().functions.map((entry) => entry.name));
    return known.has(name);
  };
};

const broken = (env: Environment, source: string, error: unknown): Broken => {
  // Anything else is a fault of this server or of the library, not of the expression.
  if (!isLibraryError(error)) throw error;
  return { ok: false, error: compileText(error, source, isFunctionOf(env)) };
};

/** Compiles an expression: its syntax, its names, its types. */
export const compile = (env: Environment, source: string): Program | Broken => {
  let parsed: ReturnType<Environment['parse']>;
  try {
    parsed = env.parse(source);
  } catch (error) {
    return broken(env, source, error);
  }
  asKubernetes(parsed);
  const checked = parsed.check();
  if (!checked.valid) return broken(env, source, checked.error);
  withMeter(parsed, meter);
  return {
    ok: true,
    type: checked.type ?? 'dyn',
    names: namesIn(parsed),
    run: (variables) => {
      let outcome: Outcome;
      try {
        outcome = { ok: true, value: meter.run((): unknown => parsed(variables)) };
      } catch (error) {
        outcome = { ok: false, error: evaluationText(error), exceeded: false };
      }
      // Whatever it came to: not every turn was taken.
      return meter.exceeded ? { ok: false, error: costExceeded, exceeded: true } : outcome;
    },
  };
};
