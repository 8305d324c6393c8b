/**
 * Writes src/event/integration-field-table.ts: the fields beside ECS that endpoint integrations and published rules
 * show, names and types only. Needs the corpora; a type is what the values have in the integrations' example documents,
 * or what a rule compares the field with.
 *
 *   node tools/generate-integration-fields.ts
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ipaddr from 'ipaddr.js';
import { parse as parseToml } from 'smol-toml';
import { ecsFieldType, type FieldTypeName } from '../src/event/ecs-fields.ts';
import { isOpenField } from '../src/event/integration-fields.ts';
import { isJsonObject, type Json, parseJson } from '../src/event/json.ts';
import { parseTime } from '../src/event/time.ts';
import { childrenOf, type EqlExpression, type EqlTerm } from '../src/language/eql/ast.ts';
import { parseEql } from '../src/language/eql/parse-eql.ts';
import { isPattern, type KueryIs, type KueryNode, type KueryRange, literalText } from '../src/language/kuery/ast.ts';
import { parseKuery } from '../src/language/kuery/parse-kuery.ts';
import { isCidr } from '../src/plan/predicate/cidr.ts';

const corpora = process.env.VEDETTE_CORPORA ?? new URL('../../shared/corpora', import.meta.url).pathname;
const DOCUMENTS =
  'vendor/{elastic_defend/*.json,elastic_defend/schema_examples/*.json,**/*-expected.json,auditd/auditd_manager.sample_event.json}';
const RULES = 'elastic/{rules,rules_building_block}/**/*.toml';

const seen = new Map<string, Set<FieldTypeName>>();

for (const file of globSync(DOCUMENTS, { cwd: corpora })) {
  const json = parseJson(readFileSync(join(corpora, file), 'utf8'));
  const expected = isJsonObject(json) && Array.isArray(json.expected) ? json.expected : [json];
  for (const document of expected) if (isJsonObject(document)) collect(document, '');
}
const documented = new Set(seen.keys());
for (const file of globSync(RULES, { cwd: corpora })) {
  const { rule } = parseToml(readFileSync(join(corpora, file), 'utf8')) as {
    rule?: { language?: string; query?: string; threat_query?: string };
  };
  for (const text of rule?.language === 'kuery' ? [rule.query ?? '', rule.threat_query ?? ''] : []) {
    const { query } = parseKuery(text);
    if (query !== undefined) collectKueryUses(query, '');
  }
  const query = rule?.language === 'eql' ? parseEql(rule.query ?? '').statement?.query : undefined;
  if (query === undefined) continue;
  const terms: readonly Pick<EqlTerm, 'query' | 'by'>[] =
    query.kind === 'event-query'
      ? [{ query, by: [] }]
      : [...query.terms, { query: query.terms[0]?.query as EqlTerm['query'], by: query.by }];
  for (const term of terms) for (const node of [term.query.condition, ...term.by]) collectUses(node);
}

const types: FieldTypeName[] = ['keyword', 'long', 'double', 'boolean', 'date', 'ip'];
const lines = types.map((type) => {
  const parents = new Map<string, string[]>();
  for (const name of [...seen.keys()].sort()) {
    if (typeOf(name) !== type) continue;
    const dot = name.lastIndexOf('.');
    const parent = name.slice(0, Math.max(dot, 0));
    parents.set(parent, [...(parents.get(parent) ?? []), name.slice(dot + 1)]);
  }
  const table = [...parents].map(([parent, leaves]) => `${parent || '.'} ${leaves.join(' ')}`);
  return `  ${type}: \`\n${table.join('\n')}\`,\n`;
});
writeFileSync(
  new URL('../src/event/integration-field-table.ts', import.meta.url),
  `/**
 * Names and types of fields beside ECS that integrations and published rules show, made by
 * \`node tools/generate-integration-fields.ts\`. Do not edit.
 *
 * One line is a parent (\`.\` at the top) and the names under it.
 */
export const INTEGRATION_FIELD_TABLE = {
${lines.join('')}} as const;
`,
);

function collect(value: Json, name: string): void {
  if (Array.isArray(value)) {
    for (const item of value) collect(item, name);
  } else if (isJsonObject(value)) {
    for (const [key, item] of Object.entries(value)) collect(item, name === '' ? key : `${name}.${key}`);
  } else if (value !== null) note(name, typeOfValue(name, value as string | number | boolean));
}

function collectUses(node: EqlExpression): void {
  for (const child of childrenOf(node)) collectUses(child);
  if (node.kind === 'field') note(node.name);
  const [left, ...others] = childrenOf(node);
  if (left?.kind !== 'field' || !['comparison', 'in', 'match'].includes(node.kind)) return;
  // What an example document shows is better known than what a rule compares with.
  if (documented.has(left.name)) return;
  for (const other of others) {
    if (other.kind !== 'literal' || other.type === 'null') continue;
    note(
      left.name,
      other.type === 'string' ? 'keyword' : other.type === 'boolean' ? 'boolean' : other.floating ? 'double' : 'long',
    );
  }
}

function collectKueryUses(node: KueryNode, path: string): void {
  switch (node.kind) {
    case 'logical':
      for (const operand of node.operands) collectKueryUses(operand, path);
      return;
    case 'not':
      collectKueryUses(node.operand, path);
      return;
    case 'nested':
      collectKueryUses(node.condition, `${path}${literalText(node.path)}.`);
      return;
    case 'range':
    case 'is': {
      if (node.field === undefined || isPattern(node.field)) return;
      const name = path + literalText(node.field);
      // An index has these beside the field itself.
      if (/\.(?:text|caseless)$/.test(name)) return;
      const known = documented.has(name) || isPattern(node.value);
      note(name, known ? undefined : typeOfLiteral(node));
    }
  }
}

function typeOfLiteral({ kind, value }: KueryIs | KueryRange): FieldTypeName | undefined {
  const text = literalText(value);
  if (kind === 'range') return /^\d+$/.test(text) ? 'long' : /^[\d.]+$/.test(text) ? 'double' : undefined;
  if (!value.quoted && (text === 'true' || text === 'false')) return 'boolean';
  return isCidr(text) ? 'ip' : 'keyword';
}

function note(name: string, type?: FieldTypeName): void {
  if (!/^[@\w]+(\.[\w@/-]+)*$/.test(name) || ecsFieldType(name) !== undefined || isOpenField(name)) return;
  const types = seen.get(name) ?? new Set();
  if (type !== undefined) types.add(type);
  seen.set(name, types);
}

function typeOfValue(name: string, value: string | number | boolean): FieldTypeName {
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'number') return Number.isInteger(value) ? 'long' : 'double';
  if (/ip$/i.test(name) && ipaddr.isValid(value)) return 'ip';
  return /time|date|stamp|created|updated/i.test(name) && parseTime(value) !== undefined ? 'date' : 'keyword';
}

/** Values of several types are compared as texts; of numbers as numbers. */
function typeOf(name: string): FieldTypeName {
  const [first = 'keyword', ...others] = seen.get(name) ?? [];
  if (others.length === 0) return first;
  return [first, ...others].every((type) => type === 'long' || type === 'double') ? 'double' : 'keyword';
}
