/**
 * Makes what the docs say of the options from their declaration.
 *
 *   node tools/config-tables.ts      writes the tables `<!-- options: listen -->` … `<!-- /options -->` of
 *                                    docs/configuration.md, and docs/vedette.schema.json
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { configSchema } from '../src/config/config-schema.ts';
import { accepts } from '../src/config/option.ts';
import { OPTION_NAMES, optionOf, placeOf } from '../src/config/options.ts';

export const CONFIG_PAGE = fileURLToPath(new URL('../docs/configuration.md', import.meta.url));
export const SCHEMA_FILE = fileURLToPath(new URL('../docs/vedette.schema.json', import.meta.url));
const TABLE = /(<!-- options -->\n)[\s\S]*?(<!-- \/options -->)/g;

/** The page with its table as the options are declared. */
export function withOptionTable(page: string): string {
  const rows = OPTION_NAMES.map((name) => {
    const option = optionOf(name);
    const byDefault = option.otherwise ?? `\`${String(option.default)}\``;
    const [group, key] = placeOf(name);
    const place = group === undefined ? `\`${key}\`` : `\`${group}:\` \`${key}\``;
    const flag = option.flag.replaceAll('|', '\\|');
    return `| ${place} | ${option.about} Takes ${accepts(option)}. | ${byDefault} | \`${flag}\` | \`${option.environment}\` |`;
  });
  const table = ['| in the file | what it is for | default | flag | variable |', '|---|---|---|---|---|', ...rows];
  return page.replace(TABLE, (_, open: string, close: string) => `${open}${table.join('\n')}\n${close}`);
}

export function schemaText(): string {
  return `${JSON.stringify(configSchema(), undefined, 2)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(CONFIG_PAGE, withOptionTable(readFileSync(CONFIG_PAGE, 'utf8')));
  writeFileSync(SCHEMA_FILE, schemaText());
}
