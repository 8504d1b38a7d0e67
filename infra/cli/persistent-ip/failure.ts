/** The exit codes, as `--help` and docs/command-line.md list them. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  'not-found': 3,
  'not-allowed': 4,
  unreachable: 5,
  'not-well': 6,
} as const;

export type ExitKind = keyof typeof exitCodes;

/** What a command ends with when it cannot do what was asked: one line, and what to do about it. */
export class CommandFailure extends Error {
  readonly kind: Exclude<ExitKind, 'done'>;
  /** The next thing to try, in the imperative. */
  readonly remedy: string | undefined;

  constructor(kind: Exclude<ExitKind, 'done'>, message: string, remedy?: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
    this.remedy = remedy;
  }

  /** `error: MESSAGE: REMEDY`, without line ends, whatever a server wrote into them. */
  get line(): string {
    return [this.message, this.remedy]
      .filter((part) => part !== undefined)
      .join(': ')
      .replaceAll(/\s+/g, ' ');
  }
}
