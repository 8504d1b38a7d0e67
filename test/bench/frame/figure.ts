/** One of the two things that a figure compares. */
export interface Side {
  /** What it is, as a reader who does not know the project would say it. */
  readonly what: string;
  readonly value: number;
}

/**
 * What must hold. `ratio` is how many times the one side is the other, as `Figure.ratio` says; `ours` the value by itself.
 * Source: design/architecture.md, *What it must be measured by*.
 */
export type Bar =
  | { readonly of: 'ratio' | 'ours'; readonly atLeast: number }
  | { readonly of: 'ratio' | 'ours'; readonly atMost: number };

/** One line of the answer: our side, what it is held against, and the bar. */
export interface Figure {
  readonly name: string;
  /** `ms`, `MB`, `calls`: of both sides. */
  readonly unit: string;
  readonly ours: Side;
  readonly against?: Side;
  /** Which way the ratio is read; by default `against/ours`, where less is better. */
  readonly ratio?: 'against/ours' | 'ours/against';
  readonly bars?: readonly Bar[];
}

/** A picture: groups of bars from zero on one axis. */
export interface Chart {
  /** Of its file, beside the name of the bench; empty for the only one. */
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly groups: readonly {
    readonly label: string;
    readonly bars: readonly (Side & { readonly isOurs: boolean })[];
  }[];
}

export interface Result {
  readonly figures: readonly Figure[];
  readonly charts: readonly Chart[];
  /** Markdown below the table: how it was measured, what limits it, what was tried where a bar does not hold. */
  readonly notes?: readonly string[];
  /** What else the JSON should hold: single runs, profiles. */
  readonly data?: unknown;
}

export interface Bench {
  readonly title: string;
  run(context: BenchContext): Promise<Result>;
}

export interface BenchContext {
  /** One line for whoever waits. */
  say(line: string): void;
  /** Fewer rounds: for a look, not for the page. */
  readonly quick: boolean;
}

export const ratioOf = ({ ours, against, ratio = 'against/ours' }: Figure): number | undefined => {
  if (against === undefined) return undefined;
  return ratio === 'against/ours' ? against.value / ours.value : ours.value / against.value;
};

/** The bars that do not hold; a bar on a ratio without its other side never does. */
export const brokenBars = (figure: Figure): readonly Bar[] =>
  (figure.bars ?? []).filter((bar) => {
    const value = bar.of === 'ours' ? figure.ours.value : (ratioOf(figure) ?? Number.NaN);
    return !('atLeast' in bar ? value >= bar.atLeast : value <= bar.atMost);
  });
