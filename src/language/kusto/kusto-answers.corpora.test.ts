/**
 * Recorded answers of the real Kusto engine, for queries over tables that they write themselves: each is compiled to a
 * plan over tables, and the reference evaluator gives the same columns and rows.
 */
import { expect, test } from 'vitest';
import { requireCorpora } from '../../../test/requirement.ts';
import { evaluateRelation } from '../../plan/relation/evaluate-relation.ts';
import { pluginColumns } from '../../plan/relation/plugins.ts';
import { differenceFrom, readRecorded } from '../../plan/relation/recorded-answer.fixture.ts';
import type { Table } from '../../vocabulary/table.ts';
import { type CompiledTable, compileKustoTable, type SettledColumns } from './kusto-table.ts';

const TABLES: readonly Table[] = [];
const NOWHERE = { now: 0n, tables: () => [], external: () => [] };

test('the engine’s answers', { timeout: 120_000 }, async (context) => {
  const cases = readRecorded(requireCorpora(context, 'kusto', 'cases.ndjson'));
  const wrong: unknown[] = [];
  const refused: string[] = [];
  let right = 0;
  for (const recorded of cases) {
    const { plan, diagnostics } = await compile(recorded.query);
    if (plan === undefined) {
      refused.push(diagnostics[0]?.message ?? '');
      continue;
    }
    const rows = evaluateRelation(plan.relation, NOWHERE);
    const difference = differenceFrom(recorded, { columns: plan.relation.columns, rows }, plan);
    if (difference === undefined) right += 1;
    else wrong.push(difference);
  }
  expect(wrong).toEqual([]);
  // Kusto estimates it, and its answer is open where values are equal.
  expect(new Set(refused)).toEqual(new Set(['The operator “top-hitters” is not supported.']));
  expect({ right, refused: refused.length }).toEqual({ right: 937, refused: 4 });
});

async function compile(query: string): Promise<CompiledTable> {
  const settled: SettledColumns[] = [];
  for (;;) {
    const compiled = await compileKustoTable(query, { tables: TABLES, settled });
    const { unsettled } = compiled;
    if (unsettled === undefined || settled.length > 5) return compiled;
    const rows = evaluateRelation(unsettled.input, NOWHERE);
    settled.push({ span: unsettled.span, columns: pluginColumns(unsettled, rows) });
  }
}
