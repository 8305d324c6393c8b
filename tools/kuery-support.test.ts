import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { KUERY_PAGE, withKuerySupport } from './kuery-support.ts';

it('docs/kuery.md tells what the tests prove (node tools/kuery-support.ts)', () => {
  const page = readFileSync(KUERY_PAGE, 'utf8');
  expect(page).toBe(withKuerySupport(page));
});
