import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { type CaptureFigures, withCaptureFigures } from './measure-captures.ts';

const DOCS = fileURLToPath(new URL('../docs', import.meta.url));

it('docs/captures.md tells what was measured (node tools/measure-captures.ts)', () => {
  const figures = JSON.parse(readFileSync(join(DOCS, 'figures/captures.json'), 'utf8')) as CaptureFigures;
  const page = readFileSync(join(DOCS, 'captures.md'), 'utf8');
  expect(page).toBe(withCaptureFigures(page, figures));
});
