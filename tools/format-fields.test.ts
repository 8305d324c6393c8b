import { expect, test } from 'vitest';
import { FORMATS } from '../src/format/formats.ts';
import { formatPages, formatsInTables } from './format-fields.ts';

test('the tables of fields in the docs are those of the formats; `node tools/format-fields.ts` writes them', () => {
  for (const { path, page, wanted } of formatPages()) expect(page, path).toBe(wanted);
});

test('every format is in the tables', () => {
  const inTables = formatsInTables();
  expect(FORMATS.map(({ name }) => name).filter((name) => !inTables.has(name))).toEqual([]);
});
