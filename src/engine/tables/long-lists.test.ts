/** Long lists of words, however they are given, find in SQL what they find in the reference. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compileKustoTable } from '../../language/kusto/kusto-table.ts';
import { evaluateRelation } from '../../plan/relation/evaluate-relation.ts';
import { LooseEvents } from '../../store/segments/loose-events.ts';
import { runQueryOverStore } from './run-query.ts';

let store: LooseEvents;
beforeAll(() => {
  store = new LooseEvents({ threads: 1, memoryMb: 128 });
});
afterAll(() => store.close());

const ODD = ['', 'İx', 'ix', 'straße', 'STRASSE', 'a.b', '-opt', '.', 'K', 'k', 'ς', 'σ', '𝟘', 'w_7', '7'];
const WORDS = [...Array.from({ length: 300 }, (_, at) => `w${at * 7}`), ...ODD];
const TEXTS = [
  ...ODD,
  ...['w7', 'W14', 'cmd W21 -opt', 'xw7', 'w7x', 'a.bc', 'xa.b', 'a.b c', 'İX', 'W_7', 'e7', 'none', WORDS.join(' ')],
];
const list = (words: readonly string[]) => words.map((word) => JSON.stringify(word)).join(', ');
const ROWS = `datatable(t:string) [${list(TEXTS)}]`;
const OPERATORS = ['has_any', 'has_all', 'in', '!in', 'in~', '!in~'];

/** Texts that are found, for each operator. */
function query(words: readonly string[], given: (words: readonly string[]) => readonly [string, string]): string {
  const [before, items] = given(words);
  return `${before} ${ROWS} | project ${OPERATORS.map((name, at) => `r${at} = t ${name} ${items}`).join(', ')}`;
}

const WAYS: Readonly<Record<string, (words: readonly string[]) => readonly [string, string]>> = {
  'one by one': (words) => ['', `(${list(words)})`],
  'a dynamic value': (words) => ['', `(dynamic([${list(words)}]))`],
  'a let': (words) => [`let l = dynamic([${list(words)}]);`, '(l)'],
};

test.each(Object.entries(WAYS))('given as %s', async (_, given) => {
  for (const words of [WORDS, WORDS.slice(0, 30), WORDS.slice(-30), ODD]) {
    const asked = query(words, given);
    const { answer, diagnostics } = await runQueryOverStore(asked, { store, now: 0n });
    expect(diagnostics).toEqual([]);
    const { plan } = await compileKustoTable(asked);
    const none = () => [];
    expect(answer?.rows).toEqual(plan && evaluateRelation(plan.relation, { now: 0n, tables: none, external: none }));
  }
});

test('given by a query', async () => {
  const asked = `let l = toscalar(datatable(w:string) [${list(WORDS)}] | summarize make_set(w));
    ${ROWS} | project ${OPERATORS.map((name, at) => `r${at} = t ${name} (l)`).join(', ')}`;
  const { answer } = await runQueryOverStore(asked, { store, now: 0n });
  const same = await runQueryOverStore(query(WORDS, WAYS['a let'] as NonNullable<(typeof WAYS)[string]>), {
    store,
    now: 0n,
  });
  expect(answer?.rows).toEqual(same.answer?.rows);
  expect(answer?.rows.some(([any]) => any === true)).toBe(true);
});
