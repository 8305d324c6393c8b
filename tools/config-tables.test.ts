import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CONFIG_PAGE, SCHEMA_FILE, schemaText, withOptionTable } from './config-tables.ts';

test('docs/configuration.md and the schema say what the options are (node tools/config-tables.ts)', () => {
  const page = readFileSync(CONFIG_PAGE, 'utf8');
  expect(page).toBe(withOptionTable(page));
  expect(page).toContain('\n| `data` | ');
  expect(readFileSync(SCHEMA_FILE, 'utf8')).toBe(schemaText());
});
