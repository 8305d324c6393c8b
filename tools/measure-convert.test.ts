import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { type ConvertFigures, withConvertFigures } from './measure-convert.ts';

const DOCS = fileURLToPath(new URL('../docs', import.meta.url));

it('docs/convert.md tells what was measured (npm run measure:convert)', () => {
  const figures = JSON.parse(readFileSync(join(DOCS, 'figures/convert.json'), 'utf8')) as ConvertFigures;
  const page = readFileSync(join(DOCS, 'convert.md'), 'utf8');
  expect(page).toBe(withConvertFigures(page, figures));
});
