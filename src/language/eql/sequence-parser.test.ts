import { describe, expect, test } from 'vitest';
import type { EqlTerm } from './ast.ts';
import { parseEql } from './parse-eql.ts';

/** What was read, as one line. */
function shape(text: string): string {
  const { statement, diagnostics } = parseEql(text);
  if (statement === undefined) return `! ${diagnostics[0]?.message}`;
  const { query, pipes } = statement;
  if (query.kind === 'event-query') return 'an event query';
  const by = (keys: EqlTerm['by']) =>
    keys.length === 0 ? '' : ` by ${keys.map((key) => (key.optional ? '?' : '') + key.name)}`;
  const term = (each: EqlTerm) =>
    `${each.missing ? '!' : ''}[${each.query.category.name ?? 'any'}]${by(each.by)}${each.runs === 1 ? '' : ` ×${each.runs}`}`;
  const maxspan = query.kind === 'sequence' && query.maxspan !== undefined ? ` in ${query.maxspan}` : '';
  const until = query.kind === 'sequence' && query.until !== undefined ? ` until ${term(query.until)}` : '';
  const end = pipes.map(({ name }) => ` | ${name}`).join('');
  return `${query.kind}${by(query.by)}${maxspan}: ${query.terms.map(term).join(' ')}${until}${end}`;
}

test.each([
  ['sequence [a where true] [b where true]', 'sequence: [a] [b]'],
  ['sequence by x, ?y.z [a where x == 1] [any where true]', 'sequence by x,?y.z: [a] [any]'],
  ['sequence by x with maxspan=500ms [a where true][b where true]', 'sequence by x in 500: [a] [b]'],
  ['sequence with maxspan = 2 m [a where true] [b where true]', 'sequence in 120000: [a] [b]'],
  ['sequence with maxspan=1d [a where true] by x [b where true] by `y z`', 'sequence in 86400000: [a] by x [b] by y z'],
  ['sequence by x [a where true] with runs=3', 'sequence by x: [a] ×3'],
  ['sequence [a where true] by x with runs=100 [b where true] by y', 'sequence: [a] by x ×100 [b] by y'],
  ['sequence with maxspan=1h [a where true] ![b where true]', 'sequence in 3600000: [a] ![b]'],
  ['sequence with maxspan=1h ![a where true] with runs=2 [b where true]', 'sequence in 3600000: ![a] ×2 [b]'],
  ['sequence by x [a where true] [b where true] until [c where true]', 'sequence by x: [a] [b] until [c]'],
  [
    'sequence [a where true] by x [b where true] by y until [c where true] by z',
    'sequence: [a] by x [b] by y until [c] by z',
  ],
  ['sequence ["my event" where true] [b where x in ("]")] | head 4 | tail 2', 'sequence: [my event] [b] | head | tail'],
  ['sample by x [a where true] [b where true]', 'sample by x: [a] [b]'],
  ['sample [a where true] by x [b where true] by ?y', 'sample: [a] by x [b] by ?y'],
  ['"sequence" where true', 'an event query'],
])('%s', (text, expected) => expect(shape(text)).toBe(expected));

// As in parse-eql.test.ts: ⟦…⟧ marks the place.
const PROBLEMS: [string, string, RegExp][] = [
  ['⟦sequence⟧ where true', 'eql-syntax', /"sequence" where/],
  ['sequence [a where true]⟦,⟧ [b where true]', 'eql-syntax', /leave the comma out/],
  ['sequence⟦⟧', 'eql-syntax', /\[process where …\]/],
  ['sequence ⟦[⟧a where true]', 'eql-sequence', /at least two events/],
  ['sample by x ⟦[⟧a where true]', 'eql-sequence', /at least two events/],
  ['sequence [a where true⟦⟧', 'eql-syntax', /“\]”/],
  ['sequence [a where x ⟦&&⟧ y] [b where true]', 'eql-syntax', /write and/],
  ['sequence with maxspan=1m ⟦by⟧ x [a where true] [b where true]', 'eql-syntax', /“by” stands before “with”/],
  ['sequence with ⟦maxspam⟧=1m [a where true] [b where true]', 'eql-syntax', /maxspan=5m/],
  ['sequence with maxspan=⟦2.5m⟧ [a where true] [b where true]'.replace('2.5m⟧', '2.5⟧m'), 'eql-sequence', /whole/],
  ['sequence with maxspan=⟦30⟧ [a where true] [b where true]', 'eql-sequence', /write 30s/],
  ['sequence with maxspan=5⟦min⟧ [a where true] [b where true]', 'eql-sequence', /ms, s, m, h and d/],
  ['sequence with maxspan=⟦0⟧s [a where true] [b where true]', 'eql-sequence', /above zero/],
  ['sequence with maxspan=⟦99999999999999⟧d [a where true] [b where true]', 'eql-sequence', /too long/],
  ['sequence [a where true] with ⟦run⟧=2', 'eql-syntax', /runs=3/],
  ['sequence [a where true] with runs=⟦0⟧', 'eql-sequence', /1 to 100/],
  ['sequence [a where true] with runs=⟦101⟧', 'eql-sequence', /1 to 100/],
  ['sequence [a where true] with runs=2 ⟦by⟧ x', 'eql-syntax', /before “with”/],
  ['sequence [a where true] by ⟦x * 2⟧ [b where true] by y', 'eql-sequence', /fields only/],
  ['sequence [a where true] ⟦![b where true]⟧', 'eql-sequence', /needs a maxspan/],
  ['⟦sequence⟧ with maxspan=1s ![a where true] ![b where true]', 'eql-sequence', /at least one event that is there/],
  ['sequence [a where true] [b where true] until ⟦![⟧c where true]', 'eql-sequence', /not for a missing one/],
  ['sequence [a where true] [b where true] until ⟦[c where true] with runs=2⟧', 'eql-sequence', /no runs/],
  ['sequence [a where true] ⟦fork⟧=true [b where true]', 'eql-unsupported', /no fork/],
  ['sequence [a where true] [b where true] ⟦and⟧ x', 'eql-syntax', /after a whole event/],
  ['sample ⟦[⟧a where true] [b where true]', 'eql-sequence', /needs a key/],
  ['sample by x [a where true] ⟦![b where true]⟧', 'eql-sequence', /no missing events/],
  ['sample by x [a where true] ⟦[b where true] with runs=2⟧', 'eql-sequence', /no runs/],
  ['sample by x ⟦with⟧ maxspan=1m [a where true] [b where true]', 'eql-syntax', /no maxspan/],
  ['sample by x [a where true] [b where true] ⟦until⟧ [c where true]', 'eql-sequence', /no until/],
  ['sample by x [a where true] [b where true] ⟦| head 1⟧', 'eql-unsupported', /no pipes/],
];

describe('problems', () => {
  test.each(PROBLEMS)('%s', (marked, code, says) => {
    const span = { start: marked.indexOf('⟦'), end: marked.indexOf('⟧') - 1 };
    const { statement, diagnostics } = parseEql(marked.replace(/[⟦⟧]/g, ''));
    expect(statement).toBeUndefined();
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]).toMatchObject({ code, span });
    expect(`${diagnostics[0]?.message} ${diagnostics[0]?.hint}`).toMatch(says);
  });

  test('events and pipes are bounded', () => {
    const many = parseEql(`sequence ${'[a where true] with runs=100 '.repeat(11)}`);
    expect(many.diagnostics[0]?.code).toBe('eql-too-large');
    expect(parseEql(`any where true${' | head 1'.repeat(101)}`).diagnostics[0]?.code).toBe('eql-too-large');
  });
});
