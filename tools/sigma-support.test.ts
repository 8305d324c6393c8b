import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { VALUE_MODIFIERS } from '../src/language/sigma/modifiers.ts';
import { SIGMA_CASES } from '../test/sigma-cases.ts';
import { SIGMA_PAGE, withSigmaSupport } from './sigma-support.ts';

it('docs/sigma.md tells what the tests prove (node tools/sigma-support.ts)', () => {
  const page = readFileSync(SIGMA_PAGE, 'utf8');
  expect(page).toBe(withSigmaSupport(page));
});

it('every modifier is proven by a case', () => {
  const proven = new Set(
    SIGMA_CASES.flatMap(({ cases }) => cases.flatMap(({ detection }) => detection.match(/(?<=\|)\w+/g) ?? [])),
  );
  // Placeholders need values besides the rule, so `expand` has a test of its own.
  expect([...VALUE_MODIFIERS.keys()].filter((name) => !proven.has(name))).toEqual(['expand']);
});
