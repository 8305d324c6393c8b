import { expect, it } from 'vitest';
import { CATALOGUE } from '../src/diagnostic/catalogue.ts';
import { docsPages, withMessageTables } from './message-tables.ts';

it('the docs list every message as the catalogue has it (node tools/message-tables.ts)', () => {
  for (const [path, page] of docsPages()) expect(page, path).toBe(withMessageTables(page));
});

it('the docs leave out no message', () => {
  const pages = [...docsPages().values()].join('\n');
  expect(Object.keys(CATALOGUE).filter((code) => !pages.includes(`\n| \`${code}\` |`))).toEqual([]);
});

it('fills a table with the codes of its prefixes', () => {
  const page = 'a\n<!-- messages: rule-deprecated -->\nold\n<!-- /messages -->\nb';
  expect(withMessageTables(page)).toMatch(
    /^a\n<!-- [^\n]+\n\| code[\s\S]+`rule-deprecated`[\s\S]+<!-- \/messages -->\nb$/,
  );
});
