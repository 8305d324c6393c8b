/**
 * Elastic's rule TOML: a file a rule, in the tables `[rule]`, `[metadata]`, `[transform]`. What is in them is read by
 * `elastic-rule.ts`.
 */
import { diagnose } from '../diagnostic/diagnostic.ts';
import { NO_SPAN } from '../diagnostic/span.ts';
import { checkElastic } from './check-elastic.ts';
import { ELASTIC_TABLES, METADATA_KEYS, RULE_KEYS } from './elastic-keys.ts';
import { elasticLocator } from './elastic-locator.ts';
import { readElasticRule, unknownKeys } from './elastic-rule.ts';
import type { RuleFormReader } from './form.ts';
import type { ParsedRule } from './parsed-rule.ts';
import { isTable, parseToml } from './toml.ts';

export const elasticTomlForm: RuleFormReader = {
  form: 'elastic-toml',
  name: 'Elastic TOML',
  recognises: (text) => /^[ \t]*\[{1,2}[ \t]*(?:rule|metadata|hunt)\b/m.test(text),
  parse: (text, path) => [parseElasticToml(text, path)],
  check: checkElastic,
};

/** @param path what the document names as its source; nothing is read from there. */
export function parseElasticToml(text: string, path: string): ParsedRule {
  const locate = elasticLocator(text);
  const { table: root, diagnostics } = parseToml(text);
  if (root === undefined) return { diagnostics, locate };
  if (!isTable(root.rule)) {
    const hunt = isTable(root.hunt) ? ' A hunt is not a rule.' : '';
    const hint = 'An Elastic rule has a [rule] table with name, rule_id, type, language and query.';
    return {
      diagnostics: [diagnose('rule-key-missing', 'error', `There is no [rule] table.${hunt}`, NO_SPAN, hint)],
      locate,
    };
  }
  const { rule, metadata } = root;
  const read = readElasticRule({
    root: { ...root, rule },
    locate,
    source: { path, form: 'elastic-toml', text },
    sourceOffset: 0,
    languageHint: 'Write language = "eql".',
  });
  const unknown = [
    ...unknownKeys(root, ELASTIC_TABLES, 'table', ['extra'], locate),
    ...unknownKeys(rule, RULE_KEYS, 'key of [rule]', ['extra', 'rule'], locate),
    ...unknownKeys(
      isTable(metadata) ? metadata : {},
      METADATA_KEYS,
      'key of [metadata]',
      ['extra', 'metadata'],
      locate,
    ),
  ];
  return { ...read, diagnostics: [...read.diagnostics, ...unknown], locate };
}
