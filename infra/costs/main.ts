import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { costTable, withCosts } from './table.ts';

/** `npm run costs`: prints the table, and writes it into infra/README.md. */
const root = fileURLToPath(new URL('../..', import.meta.url));
const readme = fileURLToPath(new URL('../README.md', import.meta.url));
writeFileSync(readme, withCosts(readFileSync(readme, 'utf8')));
// As `npm run format` would: the table's columns are aligned.
execFileSync('node_modules/.bin/biome', ['format', '--write', readme], { cwd: root });
process.stdout.write(`${costTable()}\n`);
