/**
 * Writes the plans of the bundled Kusto rules into src/language/kusto/known-queries-table.ts.
 * Run `npm run generate:kusto` when a bundled Kusto rule, the plan's version or the lowering changes; a test says so.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { compileKusto } from '../src/language/kusto/kusto.ts';
import { parseYaml, plainYaml } from '../src/language/yaml.ts';

const home = new URL('../', import.meta.url);
const queries = globSync('rules/kusto/*.yaml', { cwd: home })
  .sort()
  .map((file) => {
    const [document] = parseYaml(readFileSync(new URL(file, home), 'utf8'));
    const rule = document?.root === undefined ? undefined : plainYaml(document.root);
    return (rule as { readonly query: string }).query;
  });
const lines = await Promise.all(
  queries.map(async (query) => JSON.stringify([query, await compileKusto(query, { parse: 'always' })])),
);
const text = `/** Made by \`npm run generate:kusto\`; see \`known-queries.ts\`. Each entry: a query, and what compiling it gives. */
export const KNOWN_QUERIES: readonly string[] = [
${lines.map((line) => `  String.raw\`${line.replaceAll('`', '\\u0060').replaceAll('${', '\\u0024{')}\`,`).join('\n')}
];
`;
writeFileSync(new URL('src/language/kusto/known-queries-table.ts', home), text);
