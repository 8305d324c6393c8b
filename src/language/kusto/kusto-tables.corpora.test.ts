/**
 * What the real Kusto engine answered and refused, as far as compiling goes: every query that it ran compiles to a plan
 * with the columns that it gave, every query that it refused is refused.
 */
import { readFileSync } from 'node:fs';
import { expect, type TestContext, test } from 'vitest';
import { requireCorpora } from '../../../test/requirement.ts';
import type { ScalarType } from '../../plan/relation/cell.ts';
import { evaluateRelation } from '../../plan/relation/evaluate-relation.ts';
import { pluginColumns } from '../../plan/relation/plugins.ts';
import { type CompiledTable, compileKustoTable, type SettledColumns } from './kusto-table.ts';

interface Case {
  readonly query: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

/** The recording tells classes of types apart. */
const CLASSES: Readonly<Record<ScalarType, string>> = {
  bool: 'Bool',
  datetime: 'DateTime',
  decimal: 'Real',
  dynamic: 'Dynamic',
  guid: 'Guid',
  int: 'Int',
  long: 'Int',
  real: 'Real',
  string: 'String',
  timespan: 'TimeSpan',
};

test('queries that the engine ran', { timeout: 240_000 }, async (context) => {
  const cases = read(context, 'cases.ndjson');
  const wrong: unknown[] = [];
  let right = 0;
  let refused = 0;
  for (const { query, columns } of cases) {
    const { plan, diagnostics } = await compile(query);
    const got = plan?.relation.columns.map(({ name, type }) => `${name}:${CLASSES[type]}`);
    const expected = columns.map(({ name, type }) => `${name}:${type}`);
    if (plan === undefined && diagnostics.every(({ code }) => code === 'kusto-function-unsupported')) refused += 1;
    else if (JSON.stringify(got) === JSON.stringify(expected)) right += 1;
    else wrong.push({ query, got, expected, diagnostics });
  }
  expect(wrong).toEqual([]);
  expect(cases).toHaveLength(941);
  // What is missing are functions; the tests of the plan's functions count them.
  expect(right + refused).toBe(941);
  expect(refused).toBeLessThan(cases.length * 0.05);
});

test('queries that the engine refused', { timeout: 60_000 }, async (context) => {
  const refused = read(context, 'rejected.ndjson');
  const accepted: string[] = [];
  for (const { query } of refused) {
    const { plan, unsettled, diagnostics } = await compileKustoTable(query);
    if (plan !== undefined || unsettled !== undefined || diagnostics.length === 0) accepted.push(query);
  }
  expect(accepted).toEqual([]);
  expect(refused).toHaveLength(136);
});

/** With the columns of plugins, which are found by running what stands before them. */
async function compile(query: string): Promise<CompiledTable> {
  const settled: SettledColumns[] = [];
  for (;;) {
    const compiled = await compileKustoTable(query, { settled });
    const { unsettled } = compiled;
    if (unsettled === undefined) return compiled;
    const rows = evaluateRelation(unsettled.input, { now: 0n, tables: () => [], external: () => [] });
    settled.push({ span: unsettled.span, columns: pluginColumns(unsettled, rows) });
  }
}

function read(context: TestContext, file: string): readonly Case[] {
  const text = readFileSync(requireCorpora(context, 'kusto', file), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Case);
}
