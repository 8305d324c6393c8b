import { globSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { requireCorpora } from '../../test/requirement.ts';
import { ELASTIC_KEY } from './elastic-keys.ts';
import { parseElasticToml } from './elastic-toml.ts';
import type { RuleDocument } from './rule.ts';

describe('Elastic’s whole corpus', () => {
  /** Every value of the file that stands neither in the document nor in extra. */
  const lost = (rule: RuleDocument): string[] => {
    const root = JSON.parse(JSON.stringify(parse(rule.source.text))) as Record<string, Record<string, unknown>>;
    const flat = { ...rule, ...rule.schedule } as unknown as Record<string, unknown>;
    const missing: string[] = [];
    for (const [table, values] of Object.entries(root)) {
      const extra = (rule.extra[table] ?? {}) as Record<string, unknown>;
      for (const [key, value] of Object.entries(values)) {
        const property = Object.entries(ELASTIC_KEY).find(([, name]) => table === 'rule' && name === key)?.[0];
        const kept = property !== undefined && !Object.hasOwn(extra, key) ? flat[property] : extra[key];
        if (JSON.stringify(sorted(kept)) !== JSON.stringify(sorted(value))) missing.push(`${table}.${key}`);
      }
    }
    return missing;
  };

  /** Tables with their keys in order, absent lists of techniques filled in: what the document may change. */
  const sorted = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(sorted);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([key, item]) => [key, sorted(item)] as const);
    return Object.fromEntries(
      entries
        .filter(([key, item]) => !(/^(sub)?technique$/.test(key) && Array.isArray(item) && item.length === 0))
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  };

  it('loads and loses nothing', (context) => {
    const folder = requireCorpora(context, 'elastic');
    const files = globSync(join(folder, '{rules,rules_building_block}/**/*.toml')).filter(
      (file) => !relative(folder, file).includes('_deprecated/'),
    );
    expect(files.length).toBe(2068);
    const codes = new Map<string, number>();
    const kinds = new Map<string, number>();
    let rules = 0;
    for (const file of files) {
      const { rule, tally, diagnostics } = parseElasticToml(readFileSync(file, 'utf8'), file);
      for (const { code } of diagnostics) codes.set(code, (codes.get(code) ?? 0) + 1);
      if (rule === undefined) continue;
      rules += 1;
      const kind = [(rule.extra.rule as { type: string }).type, rule.language, ...(tally ? [tally.kind] : [])].join(
        ' ',
      );
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      expect(lost(rule), file).toEqual([]);
    }
    expect(rules).toBe(2068);
    expect([...codes]).toEqual([]);
    expect(Object.fromEntries(kinds)).toEqual({
      'eql eql': 1024,
      'esql esql': 209,
      'machine_learning ml': 106,
      'new_terms kuery new-terms': 241,
      'query kuery': 454,
      'threat_match kuery indicators': 6,
      'threshold kuery threshold': 28,
    });
  });
});
