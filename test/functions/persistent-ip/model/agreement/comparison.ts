/** One thing on which the model and the rules differ. */
export interface Disagreement {
  readonly about: string;
  readonly model: unknown;
  readonly rules: unknown;
}

export class Comparison {
  readonly found: Disagreement[] = [];

  same(about: string, model: unknown, rules: unknown): void {
    if (JSON.stringify(model) !== JSON.stringify(rules)) this.found.push({ about, model, rules });
  }
}

export type Said = Record<string, string>;
export const spoken = (
  conditions: readonly { type: string; status: string; reason: string }[],
  wanted: readonly string[],
): Said =>
  Object.fromEntries(
    wanted.map((type) => {
      const found = conditions.find((condition) => condition.type === type);
      return [type, found === undefined ? 'missing' : `${found.status}/${found.reason}`];
    }),
  );
