import type { Environment } from '@marcbachmann/cel-js';
import { kubernetesCel } from '../cel/environment.ts';
import { type Broken, compile, type Program } from '../cel/program.ts';
import { type CelType, declareType } from '../cel/types.ts';
import { isObject } from '../objects/object.ts';
import type { Rule, Structure } from './structure.ts';

/** A rule, ready to be evaluated; `Broken` where it does not compile. */
export interface CompiledRule {
  readonly rule: Rule;
  readonly program: Program | Broken;
  readonly messageProgram: Program | Broken | undefined;
  /** A transition rule: it is evaluated only where a value was before. */
  readonly readsOld: boolean;
}

/** The rules of a schema and of all below it, as far as there are any. */
export interface Rules {
  /** `undefined`: there are no rules at this level. */
  readonly self: CelType | undefined;
  readonly own: readonly CompiledRule[];
  readonly properties: ReadonlyMap<string, Rules>;
  readonly items: Rules | undefined;
  readonly values: Rules | undefined;
}

const compileRule = (env: Environment, rule: Rule): CompiledRule => {
  const program = compile(env, rule.rule);
  const { messageExpression = '' } = rule;
  return {
    rule,
    program,
    messageProgram: messageExpression === '' ? undefined : compile(env, messageExpression),
    readsOld: program.ok && program.names.has('oldSelf'),
  };
};

const ownRules = (structure: Structure, whole: boolean): Pick<Rules, 'self' | 'own'> => {
  const rules = structure['x-kubernetes-validations'] ?? [];
  if (rules.length === 0) return { self: undefined, own: [] };
  const declared = kubernetesCel();
  const self = declareType(declared, structure, 'selfType', whole);
  if (self === undefined) return { self, own: [] };
  declared.registerVariable('self', self.name);
  const plain = declared.clone().registerVariable('oldSelf', self.name);
  const optional = declared.clone().registerVariable('oldSelf', `optional<${self.name}>`);
  const own = rules.map((rule) => compileRule(rule.optionalOldSelf === true ? optional : plain, rule));
  return { self, own };
};

const compileAll = (structure: Structure, whole: boolean): Rules | undefined => {
  const properties = new Map<string, Rules>();
  for (const [field, known] of Object.entries(structure.properties ?? {})) {
    const rules = rulesOf(known, known['x-kubernetes-embedded-resource'] === true);
    if (rules !== undefined) properties.set(field, rules);
  }
  const below = (known: unknown): Rules | undefined =>
    isObject(known)
      ? rulesOf(known as Structure, known['x-kubernetes-embedded-resource'] === true)
      : undefined;
  const items = below(structure.items);
  const values = below(structure.additionalProperties);
  const here = ownRules(structure, whole);
  if (here.own.length === 0 && properties.size === 0 && items === undefined && values === undefined)
    return undefined;
  return { ...here, properties, items, values };
};

const compiled = new WeakMap<Structure, Rules | null>();

/**
 * The rules of a schema, compiled once. `undefined`: it has none.
 * @param whole `structure` describes whole objects, with `apiVersion`, `kind` and `metadata`
 */
export const rulesOf = (structure: Structure, whole: boolean): Rules | undefined => {
  const known = compiled.get(structure);
  if (known !== undefined) return known ?? undefined;
  const rules = compileAll(structure, whole);
  compiled.set(structure, rules ?? null);
  return rules;
};
