import { readFileSync, writeFileSync } from 'node:fs';
import { costTable, withCosts } from './table.ts';

/** `npm run costs`: prints the table, and writes it into infra/README.md. */
const readme = new URL('../README.md', import.meta.url);
writeFileSync(readme, withCosts(readFileSync(readme, 'utf8')));
process.stdout.write(`${costTable()}\n`);
