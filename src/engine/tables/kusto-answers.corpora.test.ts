/**
 * Recorded answers of the real Kusto engine, given by DuckDB: the same ones as the reference evaluator gives.
 */
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { requireCorpora } from '../../../test/requirement.ts';
import { compileKustoTable, type SettledColumns } from '../../language/kusto/kusto-table.ts';
import type { TablePlan } from '../../plan/relation/node.ts';
import { pluginColumns } from '../../plan/relation/plugins.ts';
import { differenceFrom, readRecorded } from '../../plan/relation/recorded-answer.fixture.ts';
import { runTable, TABLE_LIMITS, type TableResult } from './run-table.ts';

test('DuckDB gives the engine’s answers, or the query is refused', async (context) => {
  const recorded = readRecorded(requireCorpora(context, 'kusto', 'cases.ndjson'));
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const wrong: unknown[] = [];
  let refused = 0;
  for (const one of recorded) {
    const plan = await compiled(one.query, instance);
    const difference = plan === undefined ? undefined : differenceFrom(one, await answerOf(plan, instance), plan);
    if (plan === undefined) refused += 1;
    else if (difference !== undefined) wrong.push(difference);
  }
  instance.closeSync();
  expect(wrong).toEqual([]);
  expect(recorded.length).toBeGreaterThan(0);
  expect(refused / recorded.length).toBeLessThanOrEqual(0.05);
});

async function compiled(query: string, instance: DuckDBInstance): Promise<TablePlan | undefined> {
  const settled: SettledColumns[] = [];
  for (;;) {
    const { plan, unsettled } = await compileKustoTable(query, { settled });
    if (unsettled === undefined) return plan;
    const { input, span } = unsettled;
    const { rows } = await answerOf({ kind: 'table', version: 1, relation: input, isOrdered: false }, instance);
    settled.push({ span, columns: pluginColumns(unsettled, rows, 0n) });
  }
}

async function answerOf(plan: TablePlan, instance: DuckDBInstance): Promise<TableResult> {
  const connection = await instance.connect();
  const refuse = () => {
    throw new Error('A recorded query reads nothing.');
  };
  try {
    const now = BigInt(Date.now()) * 10_000n;
    return await runTable(plan, { instance, connection, table: refuse, external: refuse, now, limits: TABLE_LIMITS });
  } finally {
    connection.closeSync();
  }
}
