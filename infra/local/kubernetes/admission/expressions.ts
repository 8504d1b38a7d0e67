import type { Environment } from '@marcbachmann/cel-js';
import { kubernetesCel } from '../cel/environment.ts';
import { compile, type Outcome, type Program } from '../cel/program.ts';
import { type CelType, declareType } from '../cel/types.ts';
import { typeText } from '../cel/words.ts';
import { declareAuthorizer } from './authorizer.ts';
import { requestStructure } from './request-type.ts';

/** What expressions of policies can read (apiserver `pkg/admission/plugin/cel/compile.go`). */
export interface Inputs {
  readonly object: unknown;
  readonly oldObject: unknown;
  readonly request: unknown;
  readonly namespaceObject: unknown;
  readonly params: unknown;
  readonly authorizer: unknown;
}

/** An expression that compiled, or the API server's words of why it did not. */
export type Compiled =
  | { readonly ok: true; readonly source: string; readonly program: Program }
  | { readonly ok: false; readonly error: string };

let base: { readonly env: Environment; readonly request: CelType } | undefined;

/** CEL with the names that every policy may use. */
const policyCel = (): { readonly env: Environment; readonly request: CelType } => {
  if (base !== undefined) return base;
  const env = kubernetesCel();
  const asItIs = (property: string): string => property;
  const request = declareType(env, requestStructure, 'kubernetes.AdmissionRequest', false, asItIs);
  if (request === undefined) throw new Error('the type of an admission request is not declared');
  env.registerVariable('request', request.name);
  for (const name of ['object', 'oldObject', 'namespaceObject']) env.registerVariable(name, 'dyn');
  declareAuthorizer(env);
  base = { env, request };
  return base;
};

/** `request` of expressions. */
export const requestValue: CelType['from'] = (request) => policyCel().request.from(request);

/** The expressions of one policy, with its variables. */
export class Expressions {
  readonly #base: Environment;
  readonly #variables: [name: string, compiled: Compiled][] = [];
  /** What `variables` is an instance of. */
  readonly #values = class {};
  #env: Environment;

  /** @param params whether there is a `params` */
  constructor(params: boolean) {
    this.#base = policyCel().env.clone();
    if (params) this.#base.registerVariable('params', 'dyn');
    this.#env = this.#withVariables();
  }

  #withVariables(): Environment {
    const type = 'kubernetes.variables';
    const fields = this.#variables.map(([name, compiled]) => {
      const known = compiled.ok ? compiled.program.type : 'dyn';
      // The type of an empty list is that of no list yet.
      return [name, /\b[A-Z]\b/.test(known) ? 'dyn' : known] as const;
    });
    return this.#base
      .clone()
      .registerType(type, { ctor: this.#values, fields: Object.fromEntries(fields) })
      .registerVariable('variables', type);
  }

  /** Compiles a variable; expressions that are compiled later may read it. */
  add(name: string, source: string): Compiled {
    const compiled = this.compile(source);
    this.#variables.push([name, compiled]);
    this.#env = this.#withVariables();
    return compiled;
  }

  /** @param wanted the types that it may come to; any when there are none */
  compile(source: string, ...wanted: readonly string[]): Compiled {
    const program = compile(this.#env, source);
    if (!program.ok) return { ok: false, error: `compilation failed: ${program.error}` };
    if (wanted.length === 0 || wanted.includes(program.type)) return { ok: true, source, program };
    const types = wanted.length === 1 ? wanted.join() : `one of [${wanted.map(typeText).join(' ')}]`;
    return { ok: false, error: `must evaluate to ${types} but got ${typeText(program.type)}` };
  }

  /** For one object: every variable is evaluated when it is first read, and no second time. */
  evaluator(inputs: Inputs): (compiled: Compiled) => Outcome {
    const variables = new this.#values();
    const given = { ...inputs, variables };
    for (const [name, compiled] of this.#variables) {
      let outcome: Outcome | undefined;
      Object.defineProperty(variables, name, {
        enumerable: true,
        get: (): unknown => {
          outcome ??= compiled.ok
            ? compiled.program.run(given)
            : { ok: false, error: compiled.error, exceeded: false };
          if (outcome.ok) return outcome.value;
          throw new Error(`composited variable ${JSON.stringify(name)} fails to evaluate: ${outcome.error}`);
        },
      });
    }
    return (compiled) => {
      if (!compiled.ok) return { ok: false, error: `compilation error: ${compiled.error}`, exceeded: false };
      const outcome = compiled.program.run(given);
      if (outcome.ok) return outcome;
      const error = outcome.exceeded
        ? 'validation failed due to running out of cost budget, no further validation rules will be run'
        : `expression '${compiled.source}' resulted in error: ${outcome.error}`;
      return { ...outcome, error };
    };
  }
}
