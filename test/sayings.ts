import { vocabulary } from '../functions/persistent-ip/vocabulary.ts';

export type Kind = keyof typeof vocabulary;

/** What a condition says, without its words. */
export interface Said {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
}

/** `GKEIPRoute Accepted=False/InvalidLabels`. */
export const keyOf = (kind: Kind, { type, status, reason }: Said): string =>
  `${kind} ${type}=${status}/${reason}`;

const words: Readonly<Record<string, Record<string, Record<string, readonly string[]>>>> = vocabulary;

/** The whole vocabulary of the code as a list: all that a condition of any object may say. */
export const sayings: readonly (Said & { readonly kind: Kind })[] = Object.entries(words).flatMap(
  ([kind, types]) =>
    Object.entries(types).flatMap(([type, statuses]) =>
      Object.entries(statuses).flatMap(([status, reasons]) =>
        reasons.map((reason) => ({ kind: kind as Kind, type, status, reason })),
      ),
    ),
);
