import fc from 'fast-check';
import { oddTexts } from '../hostile.ts';

/** A word that means something elsewhere, or any text. */
export const oddWord = fc.oneof(fc.constantFrom(...oddTexts), fc.string({ unit: 'binary', maxLength: 40 }));

/** One of these, or an odd word. */
export const oftenOf = (words: readonly string[]): fc.Arbitrary<string> =>
  words.length === 0
    ? oddWord
    : fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...words) }, { weight: 2, arbitrary: oddWord });

/** As a header's value, through which HTTP lets no control character. */
export const inHeader = (value: string): string => value.replace(/[^\x20-\x7e]/g, '?').slice(0, 2_000);

/** As a part of a path or a query. Percent signs stay: a broken escape is an input, too. */
export const escaped = (text: string): string =>
  [...text]
    .map((letter) =>
      /[\w.~%/?:@!$'()*,;-]/.test(letter) ? letter : encodeURIComponent(letter.toWellFormed()),
    )
    .join('')
    .slice(0, 4_000);
