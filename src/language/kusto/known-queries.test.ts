import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { entryOf, parseYaml, plainYaml } from '../yaml.ts';
import { knownQuery } from './known-queries.ts';
import { compileKusto } from './kusto.ts';

const folder = fileURLToPath(new URL('../../../rules/kusto', import.meta.url));

test.each(globSync('*.yaml', { cwd: folder }))(
  'the plan of %s is what compiling gives (npm run generate:kusto)',
  async (file) => {
    const [document] = parseYaml(readFileSync(join(folder, file), 'utf8'));
    const query = document?.root?.kind === 'map' ? entryOf(document.root, 'query') : undefined;
    const text = String(query === undefined ? '' : plainYaml(query.value));
    const known = knownQuery(text);
    expect(known).toEqual(await compileKusto(text, { parse: 'always' }));
    expect(Object.isFrozen(known?.plan?.predicate)).toBe(true);
  },
);

test('no other query is known', () => {
  expect(knownQuery('imProcessCreate')).toBeUndefined();
});
