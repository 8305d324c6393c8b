import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryEvent, arbitraryPredicate } from '../../../test/arbitrary.ts';
import { NO_SPAN, spanOf } from '../../diagnostic/span.ts';
import { documentSource, Event } from '../../event/event.ts';
import type { JsonObject } from '../../event/json.ts';
import { evaluate } from './evaluate.ts';
import { explain, findWitnesses } from './explain.ts';
import { and, exists, type FieldRef, matchAny, not, or, wildcardPattern } from './node.ts';
import type { TraceNode } from './trace.ts';

const name: FieldRef = { name: 'process.name', type: 'keyword' };
const args: FieldRef = { name: 'process.args', type: 'keyword' };
const is = (field: FieldRef, ...anyOf: string[]) => matchAny(field, { kind: 'equals', anyOf, fold: 'none' }, NO_SPAN);
const like = (field: FieldRef, text: string) =>
  matchAny(field, { kind: 'wildcard', anyOf: [wildcardPattern([{ text }, '*'])], fold: 'none' }, NO_SPAN);

const event = (document: JsonObject) =>
  new Event({
    time: { ms: 0, ticks: 0 },
    source: documentSource(document),
    raw: new Uint8Array(),
    format: 'test',
    dataStreams: [],
  });

describe('missing values', () => {
  it('make a condition false and its negation true', () => {
    const empty = event({});
    expect(evaluate(is(name, 'x'), empty)).toBe(false);
    expect(evaluate(not(is(name, 'x'), NO_SPAN), empty)).toBe(true);
    expect(evaluate(exists(name, NO_SPAN), empty)).toBe(false);
    expect(evaluate(exists(name, NO_SPAN), event({ process: { name: null } }))).toBe(false);
  });

  it('match any value of an array, and negate that whole statement', () => {
    const several = event({ process: { args: ['a', 'b'] } });
    expect(evaluate(is(args, 'b'), several)).toBe(true);
    expect(evaluate(not(is(args, 'b'), NO_SPAN), several)).toBe(false);
  });
});

describe('explanation', () => {
  const text = 'process.name == "bash" or process.args == "-m"';
  const predicate = or(
    [
      matchAny(name, { kind: 'equals', anyOf: ['bash'], fold: 'none' }, spanOf(0, 22)),
      matchAny(args, { kind: 'equals', anyOf: ['-m'], fold: 'none' }, spanOf(26, text.length)),
    ],
    spanOf(0, text.length),
  );

  it('shows each clause in the author’s words with the values seen', () => {
    const trace = explain(predicate, event({ process: { name: 'python3', args: ['-m', 'x'] } }), text);
    expect(trace).toMatchObject({ kind: 'or', text, result: true, needed: true });
    expect(trace.children).toMatchObject([
      { text: 'process.name == "bash"', result: false, needed: false, field: 'process.name', values: ['python3'] },
      { text: 'process.args == "-m"', result: true, needed: true, values: ['-m', 'x'] },
    ]);
  });

  it('has an outcome that follows from the needed clauses alone', () => {
    const settled = (node: TraceNode): boolean => {
      const needed = node.children.filter((child) => child.needed);
      if (node.kind === 'and') return node.result === needed.every((child) => child.result);
      if (node.kind === 'or') return node.result === needed.some((child) => child.result);
      return true;
    };
    const everywhere = (node: TraceNode): boolean =>
      (node.needed ? settled(node) : true) && node.children.every(everywhere);
    fc.assert(
      fc.property(arbitraryPredicate, arbitraryEvent, (random, one) => {
        const trace = explain(random, one, '');
        expect(trace.result).toBe(evaluate(random, one));
        expect(everywhere(trace)).toBe(true);
      }),
    );
  });
});

describe('witnesses', () => {
  it('name the values and the parts that made a match, not those under a negation', () => {
    const rule = and([like(name, 'python'), is(args, 'http.server'), not(is(args, '--help'), NO_SPAN)], NO_SPAN);
    expect(findWitnesses(rule, event({ process: { name: 'python3.11', args: ['-m', 'http.server'] } }))).toEqual([
      { field: 'process.name', value: 'python3.11', ranges: [[0, 6]] },
      { field: 'process.args', value: 'http.server', ranges: [[0, 11]] },
    ]);
  });

  it('are none where the predicate is false', () => {
    expect(findWitnesses(and([is(name, 'a'), is(args, 'b')], NO_SPAN), event({ process: { name: 'a' } }))).toEqual([]);
  });
});
