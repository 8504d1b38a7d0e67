/** 32 bits of a text (FNV-1a), mixed with the seed so that near texts and near seeds have nothing in common (mulberry32). */
const hash = (seed: number, text: string): number => {
  let state = (seed ^ 0x811c9dc5) >>> 0;
  for (let at = 0; at < text.length; at++) state = Math.imul(state ^ text.charCodeAt(at), 0x01000193) >>> 0;
  let mixed = Math.imul(state ^ (state >>> 15), state | 1);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
  return (mixed ^ (mixed >>> 14)) >>> 0;
};

/**
 * What chance decides, by the name of what it is about and not by the order of asking: when a fault is taken out of a
 * story, the others stay where they were. So a story can be shrunk.
 */
export class Fates {
  readonly #seed: number;
  readonly #withheld: ReadonlySet<string>;
  /** The faults that struck, by their names, in order. */
  readonly struck: string[] = [];
  /** No fault strikes any more. */
  calm = false;

  constructor(seed: number, withheld: ReadonlySet<string>) {
    this.#seed = Math.imul(seed + 1, 0x9e3779b1) >>> 0;
    this.#withheld = withheld;
  }

  /** In [0, 1). */
  draw(name: string): number {
    return hash(this.#seed, name) / 2 ** 32;
  }

  between(name: string, least: number, most: number): number {
    return least + this.draw(name) * (most - least);
  }

  within(name: string, [least, most]: readonly [least: number, most: number]): number {
    return this.between(name, least, most);
  }

  one<T>(name: string, from: readonly T[]): T {
    return from[Math.floor(this.draw(name) * from.length)]!;
  }

  /** Whether the fault of that name strikes, which it does in `percent` of 100 cases, as long as faults strike at all. */
  strikes(name: string, percent: number): boolean {
    if (this.calm || percent === 0 || this.draw(name) * 100 >= percent || this.#withheld.has(name))
      return false;
    this.struck.push(name);
    return true;
  }
}
