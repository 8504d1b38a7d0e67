import Table from 'cli-table3';
import pc from 'picocolors';
import { stringify } from 'yaml';
import type { Surroundings } from './surroundings.ts';

export const formats = ['table', 'json', 'yaml'] as const;
export type Format = (typeof formats)[number];

export type Colour = 'green' | 'red' | 'yellow' | 'dim' | 'bold';

/** What stands in a table: text from anywhere, and the colour that we give it. */
export type Cell = string | { readonly text: string; readonly colour: Colour };

/** What stands in a table where there is nothing. */
export const none: Cell = { text: '-', colour: 'dim' };

type Terminal = Pick<Surroundings, 'out' | 'colours'>;

/** A name from a cluster is text: what a terminal would obey is shown and not done. */
export const printable = (text: string): string =>
  text.replaceAll(/[\p{Cc}\p{Cf}]/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);

/** A cell as it is written to this terminal: colours where they are seen as such. */
export const written = ({ colours }: Pick<Surroundings, 'colours'>, cell: Cell): string =>
  typeof cell === 'string' ? printable(cell) : pc.createColors(colours)[cell.colour](printable(cell.text));

const sides = ['top', 'bottom', 'left', 'right'] as const;
/** Nothing between the columns but space, as kubectl prints them. */
const bare = {
  ...Object.fromEntries(sides.map((side) => [side, ''])),
  ...Object.fromEntries(sides.map((side) => [`${side}-mid`, ''])),
  'top-left': '',
  'top-right': '',
  'bottom-left': '',
  'bottom-right': '',
  mid: '',
  'mid-mid': '',
  middle: '   ',
};

/** Rows under headings. */
export const tableOf = (
  terminal: Pick<Surroundings, 'colours'>,
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
): string => {
  const table = new Table({
    chars: bare,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  });
  table.push([...head], ...rows.map((row) => row.map((cell) => written(terminal, cell))));
  const lines = table.toString().split('\n');
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
};

/** Prints a value as it was asked for: text for people, the same facts for programs. */
export const print = ({ out }: Terminal, format: Format, value: unknown, text: () => string): void => {
  if (format === 'table') out(text());
  else
    out(
      format === 'json'
        ? `${JSON.stringify(value, undefined, 2)}\n`
        : stringify(value, { aliasDuplicateObjects: false }),
    );
};
