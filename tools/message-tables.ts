/**
 * Fills the tables of messages in the docs from the catalogue, so that a page never tells of another code than the
 * program gives.
 *
 *   node tools/message-tables.ts      writes every `<!-- messages: rule- eql- -->` … `<!-- /messages -->` in docs/*.md
 *
 * The words after `messages:` are the beginnings of the codes that the table lists. A test fails when a page is behind.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CATALOGUE } from '../src/diagnostic/catalogue.ts';

const DOCS = fileURLToPath(new URL('../docs', import.meta.url));
const TABLE = /(<!-- messages: ([a-z -]+) -->\n)[\s\S]*?(<!-- \/messages -->)/g;

/** The page with its tables as the catalogue has them. */
export function withMessageTables(page: string): string {
  return page.replace(TABLE, (_, open: string, prefixes: string, close: string) => {
    const starts = prefixes.trim().split(' ');
    const rows = Object.entries(CATALOGUE)
      .filter(([code]) => starts.some((start) => code.startsWith(start)))
      .map(([code, meaning]) => `| \`${code}\` | ${meaning.replaceAll('|', '\\|')} |`);
    return [`${open}| code | what it means |`, '|---|---|', ...rows, close].join('\n');
  });
}

/** Every page under `docs/`, by path. */
export function docsPages(): ReadonlyMap<string, string> {
  const paths = globSync('**/*.md', { cwd: DOCS }).map((path) => join(DOCS, path));
  return new Map(paths.map((path) => [path, readFileSync(path, 'utf8')]));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, page] of docsPages()) {
    if (withMessageTables(page) !== page) writeFileSync(path, withMessageTables(page));
  }
}
