import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { EQL_FUNCTIONS } from '../src/language/eql/functions.ts';
import { EQL_CASES } from '../test/eql-cases.ts';
import { EQL_PAGE, withEqlSupport } from './eql-support.ts';

it('docs/eql.md tells what the tests prove (node tools/eql-support.ts)', () => {
  const page = readFileSync(EQL_PAGE, 'utf8');
  expect(page).toBe(withEqlSupport(page));
});

it('every function is proven by a case', () => {
  const proven = EQL_CASES.flatMap(({ cases }) => cases.map(({ condition }) => condition)).join(' ');
  expect(EQL_FUNCTIONS.map(({ name }) => name).filter((name) => !new RegExp(`\\b${name}~?\\(`).test(proven))).toEqual(
    [],
  );
});
