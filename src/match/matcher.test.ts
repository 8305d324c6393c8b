import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryEvent, arbitraryPredicate } from '../../test/arbitrary.ts';
import { runs } from '../../test/effort.ts';
import { NO_SPAN } from '../diagnostic/span.ts';
import { documentSource, Event } from '../event/event.ts';
import { evaluate } from '../plan/predicate/evaluate.ts';
import { exists, matchAnywhere, type Predicate, wildcardPattern } from '../plan/predicate/node.ts';
import { compilePredicate, createClauses } from './compile.ts';
import { outlineOf } from './gate.ts';
import { numberText, searchedForm } from './literal.ts';
import { compileMatcher, type MatcherRule, type MatcherSwitches } from './matcher.ts';
import { EVERYWHERE, findWitnesses, type Witness } from './witness.ts';

const readsAll = () => true;
const readsA = (streams: readonly string[]) => streams.length === 0 || streams.includes('logs-a');

function matched(rules: readonly MatcherRule[], event: Event): number[] {
  const found: number[] = [];
  compileMatcher(rules).match(event, (rule) => found.push(rule));
  return found;
}

function shows(event: Event, { field, literal }: Witness): boolean {
  const values = field === EVERYWHERE ? event.saidScalars().map(({ value }) => value) : event.values(field);
  if (literal === undefined) return values.length > 0;
  const { text, anchor } = literal;
  return values.some((value) => {
    if (anchor === 'number') return numberText(value) === text;
    const form = searchedForm(String(value));
    if (anchor === 'whole') return form === text;
    if (anchor === 'beyond') return /[^\0-\x7f]/.test(form);
    if (anchor === 'start') return form.startsWith(text);
    return anchor === 'end' ? form.endsWith(text) : form.includes(text);
  });
}

const ALL_SWITCHES: readonly MatcherSwitches[] = [
  {},
  { withoutRoutes: true },
  { withoutWitnesses: true },
  { withoutMemory: true },
  { withoutRoutes: true, withoutWitnesses: true, withoutMemory: true, withoutKeywordFilter: true },
];

describe('matcher', () => {
  it('finds what the reference evaluator finds, on random rules and events, whatever is switched off', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(arbitraryPredicate, fc.boolean()), { maxLength: 12 }),
        fc.array(arbitraryEvent, { minLength: 1, maxLength: 6 }),
        (predicates, events) => {
          const rules = predicates.map(([predicate, all]) => ({ predicate, reads: all ? readsAll : readsA }));
          const outlined = rules.map((rule) => ({ ...rule, outline: outlineOf(rule.predicate) }));
          const matchers = [
            ...ALL_SWITCHES.map((switches) => compileMatcher(rules, switches)),
            compileMatcher(outlined),
          ];
          for (const event of [...events, ...events]) {
            const expected = rules.flatMap((rule, index) =>
              rule.reads(event.dataStreams) && evaluate(rule.predicate, event) ? [index] : [],
            );
            for (const matcher of matchers) {
              const found: number[] = [];
              matcher.match(event, (rule) => found.push(rule));
              expect(found).toEqual(expected);
            }
          }
        },
      ),
      { numRuns: runs(150) },
    );
  });

  it('never loses a match to a witness', () => {
    fc.assert(
      fc.property(arbitraryPredicate, arbitraryEvent, fc.boolean(), (predicate, event, isRouted) => {
        const witnesses = findWitnesses(predicate, new Set(isRouted ? ['event.category'] : []));
        if (witnesses === undefined || !evaluate(predicate, event)) return;
        expect(witnesses.some((witness) => shows(event, witness))).toBe(true);
      }),
      { numRuns: runs(2_000) },
    );
  });

  it('says of the log source what a rule says, or less', () => {
    fc.assert(
      fc.property(arbitraryPredicate, arbitraryEvent, (predicate, event) => {
        if (evaluate(predicate, event)) expect(evaluate(outlineOf(predicate), event)).toBe(true);
      }),
      { numRuns: runs(500) },
    );
  });

  it('leaves a rule alone whose outline does not hold', () => {
    const given = new Event({
      time: { ms: 0, ticks: 0 },
      source: documentSource({ 'process.name': 'bash' }),
      raw: new Uint8Array(),
      format: 'test',
      dataStreams: [],
    });
    const outline = exists({ name: 'event.category', type: 'keyword' }, NO_SPAN);
    const rule = {
      outline,
      get predicate(): Predicate {
        throw new Error('made in vain');
      },
      reads: readsAll,
    };
    expect(matched([rule], given)).toEqual([]);
  });

  it('finds a keyword in a command line without the document, unless an earlier event taught it', () => {
    const search = matchAnywhere(
      { kind: 'wildcard', anyOf: [wildcardPattern(['*', { text: 'Sekurlsa' }, '*'])], fold: 'unicode' },
      NO_SPAN,
    );
    const parts = { time: { ms: 0, ticks: 0 }, raw: new Uint8Array(), format: 'test', dataStreams: [] };
    const line = { 'process.command_line': 'x SEKURLSA::y' };
    let documents = 0;
    for (const fields of [line, { other: 'sekurlsa' }, { ...line, 'vedette.derived': ['process.command_line'] }]) {
      const source = documentSource(fields);
      const document = () => {
        documents += 1;
        return fields;
      };
      const holds = compilePredicate(search, createClauses())(new Event({ ...parts, source: { ...source, document } }));
      expect(holds).toBe(evaluate(search, new Event({ ...parts, source })));
    }
    expect(documents).toBe(2);
  });

  it('asks each rule whether it reads the event’s data streams', () => {
    fc.assert(
      fc.property(arbitraryPredicate, arbitraryEvent, (predicate, event) => {
        expect(matched([{ predicate, reads: () => false }], event)).toEqual([]);
      }),
      { numRuns: runs(50) },
    );
  });
});
