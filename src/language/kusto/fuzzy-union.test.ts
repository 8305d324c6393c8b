import { expect, test } from 'vitest';
import { evaluateRelation } from '../../plan/relation/evaluate-relation.ts';
import { compileKustoTable } from './kusto-table.ts';

const none = () => [];

async function asked(query: string) {
  const { plan, diagnostics } = await compileKustoTable(query);
  return {
    columns: plan?.relation.columns.map(({ name }) => name),
    rows: plan && evaluateRelation(plan.relation, { now: 0n, tables: none, external: none }),
    told: diagnostics.map(({ severity, span }) => `${severity} ${query.slice(span.start, span.end)}`),
  };
}

const ONE = { columns: ['x'], rows: [[1n]], told: ['warning Nope'] };

test.each([
  'let f = () { Nope | where A > 1 | project A, B }; union isfuzzy=true f(), (print x = 1)',
  'let f = () { Nope | project A }; union isfuzzy=true (f | where A == 2), (print x = 1)',
  'let f = () { Nope | take 1 }; let g = () { f() | take 2 }; union isfuzzy=true g(), (print x = 1)',
  'let t = Nope | project A; union isfuzzy=true (print x = 1), t',
])('a fuzzy union goes without what leads to an unknown table: %s', async (query) => {
  expect(await asked(query)).toEqual(ONE);
});

test.each([
  'let f = () { Nope | project A }; union f(), (print x = 1)',
  'let f = () { Nope | project A }; union isfuzzy=true f(), (print x = 1) | union f()',
  'let f = () { Nope | project A }; union isfuzzy=true f()',
])('what is asked for elsewhere, or is all there is, is an error: %s', async (query) => {
  expect((await asked(query)).told.filter((each) => each.startsWith('error'))).toHaveLength(1);
});
