import type { Readable } from 'node:stream';

/** Everything that a command has of the process it runs in: a test gives its own. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: (text: string) => void;
  /** Progress and errors. */
  readonly err: (text: string) => void;
  readonly stdin: Readable;
  /** Colours go to a terminal only. */
  readonly colours: boolean;
  /** Whether progress may be drawn over itself. */
  readonly terminal: boolean;
  readonly now: () => Date;
  readonly sleep: (ms: number) => Promise<void>;
}
