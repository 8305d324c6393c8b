/**
 * Recorded answers of the real Kusto engine, for queries over tables that they write themselves: the same columns and
 * rows are given by the reference evaluator and by DuckDB. What is refused is refused by name and place.
 */
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { oneIn } from '../../../test/effort.ts';
import { requireCorpora } from '../../../test/requirement.ts';
import { type CompiledTable, compileKustoTable, type SettledColumns } from '../../language/kusto/kusto-table.ts';
import { evaluateRelation } from '../../plan/relation/evaluate-relation.ts';
import { narrowColumns } from '../../plan/relation/narrow-columns.ts';
import type { TablePlan } from '../../plan/relation/node.ts';
import { pluginColumns } from '../../plan/relation/plugins.ts';
import { differenceFrom, readRecorded } from '../../plan/relation/recorded-answer.fixture.ts';
import type { Table } from '../../vocabulary/table.ts';
import { runTable, TABLE_LIMITS, type TableResult } from './run-table.ts';

const TABLES: readonly Table[] = [];
const NOWHERE = { now: 0n, tables: () => [], external: () => [] };
/** Of the recorded queries. */
const MOST_REFUSED = 0.05;
const SOME = oneIn(3);

test(SOME.name('the engine’s answers'), async (context) => {
  const cases = SOME.of(readRecorded(requireCorpora(context, 'kusto', 'cases.ndjson')));
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const wrong: unknown[] = [];
  let refused = 0;
  for (const recorded of cases) {
    const { plan, diagnostics } = await compiled(recorded.query);
    if (plan === undefined) {
      refused += 1;
      expect(diagnostics.filter(({ severity }) => severity === 'error')).not.toEqual([]);
      continue;
    }
    const rows = evaluateRelation(plan.relation, NOWHERE);
    const reference = differenceFrom(recorded, { columns: plan.relation.columns, rows }, plan);
    const duck = differenceFrom(
      recorded,
      await duckAnswer({ ...plan, relation: narrowColumns(plan.relation) }, instance),
      plan,
    );
    if (reference !== undefined || duck !== undefined) wrong.push({ reference, duck });
  }
  instance.closeSync();
  expect(wrong).toEqual([]);
  expect(cases.length).toBeGreaterThan(0);
  expect(refused / cases.length).toBeLessThanOrEqual(MOST_REFUSED);
});

async function compiled(query: string): Promise<CompiledTable> {
  const settled: SettledColumns[] = [];
  for (;;) {
    const found = await compileKustoTable(query, { tables: TABLES, settled });
    const { unsettled } = found;
    if (unsettled === undefined || settled.length > 5) return found;
    const rows = evaluateRelation(unsettled.input, NOWHERE);
    settled.push({ span: unsettled.span, columns: pluginColumns(unsettled, rows) });
  }
}

async function duckAnswer(plan: TablePlan, instance: DuckDBInstance): Promise<TableResult> {
  const connection = await instance.connect();
  const refuse = () => {
    throw new Error('A recorded query reads nothing.');
  };
  try {
    return await runTable(plan, {
      instance,
      connection,
      table: refuse,
      external: refuse,
      now: 0n,
      limits: TABLE_LIMITS,
    });
  } finally {
    connection.closeSync();
  }
}
