import { readFileSync } from 'node:fs';
import type { Kind } from '../sayings.ts';

/** A row of docs/conditions.md. */
export interface Row {
  readonly kind: Kind;
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  /** What its message may look like. */
  readonly forms: readonly RegExp[];
  readonly remedy: string;
}

const headings: Readonly<Record<string, Kind>> = {
  '## GKEIPRoute': 'GKEIPRoute',
  '## Gateway': 'Gateway',
  '### Each of its listeners': 'Listener',
  '## GatewayClass': 'GatewayClass',
};

/** `…` stands for anything; everything else is literal. */
const formOf = (text: string): RegExp =>
  new RegExp(
    `^${text
      .split('…')
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('[\\s\\S]*')}$`,
  );

const code = (cell: string): string => cell.replaceAll('`', '').trim();

const rowOf = (kind: Kind, line: string): Row | undefined => {
  const cells = line.split('|').slice(1, -1);
  const [type = '', status = '', reason = '', message = '', remedy = ''] = cells;
  if (cells.length !== 5 || type.trim() === 'condition' || type.includes('---')) return undefined;
  const forms = message.split('<br>').map((form) => formOf(code(form)));
  return { kind, type: code(type), status: code(status), reason: code(reason), forms, remedy: remedy.trim() };
};

/** The tables of docs/conditions.md. */
export const readPage = (): readonly Row[] => {
  const text = readFileSync(new URL('../../docs/conditions.md', import.meta.url), 'utf8');
  const rows: Row[] = [];
  let kind: Kind | undefined;
  for (const line of text.split('\n')) {
    kind = headings[line.trim()] ?? kind;
    const row = kind !== undefined && line.startsWith('|') ? rowOf(kind, line) : undefined;
    if (row !== undefined) rows.push(row);
  }
  return rows;
};

/** Why the page does not know this condition, or `undefined`. `Ready=False` repeats another condition's words. */
export const strangerTo = (
  rows: readonly Row[],
  kind: Kind,
  said: { readonly type: string; readonly status: string; readonly reason: string; readonly message: string },
): string | undefined => {
  const repeats = kind === 'GKEIPRoute' && said.type === 'Ready' && said.status === 'False';
  const row = rows.find(
    (each) =>
      each.kind === kind &&
      each.type === said.type &&
      each.status === said.status &&
      (repeats || each.reason === said.reason),
  );
  if (row === undefined) return `no row for ${kind} ${said.type}=${said.status}/${said.reason}`;
  if (row.forms.some((form) => form.test(said.message))) return undefined;
  return `no form of ${kind} ${said.type}/${said.reason} fits "${said.message}"`;
};
