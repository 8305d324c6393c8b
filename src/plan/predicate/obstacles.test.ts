import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryEvent, arbitraryPredicate } from '../../../test/arbitrary.ts';
import { documentSource, Event } from '../../event/event.ts';
import type { JsonObject } from '../../event/json.ts';
import { compileEql } from '../../language/eql/eql.ts';
import { evaluate } from './evaluate.ts';
import type { Predicate } from './node.ts';
import { findObstacles } from './obstacles.ts';

const event = (document: JsonObject) =>
  new Event({
    time: { ms: 0, ticks: 0 },
    source: documentSource(document),
    raw: new Uint8Array(),
    format: 'test',
    dataStreams: [],
  });

function obstacles(query: string, document: JsonObject) {
  const plan = compileEql(query).plan as unknown as { readonly predicate: Predicate };
  return findObstacles(plan.predicate, event(document), query);
}

const STARTED = { event: { category: ['process'], type: ['start'] } };

describe('the nearest reason', () => {
  it('is nothing where the predicate holds', () => {
    expect(obstacles('process where true', STARTED)).toEqual([]);
  });

  it('is a missing field', () => {
    expect(obstacles('process where user.name == "ada"', STARTED)).toMatchObject([
      { kind: 'missing-field', field: 'user.name', seen: [], wanted: ['ada'], clause: 'user.name == "ada"' },
    ]);
  });

  it('is the case of the letters, where nothing else differs', () => {
    const found = obstacles('process where process.name like "Python*"', { ...STARTED, process: { name: 'python3' } });
    expect(found).toMatchObject([{ kind: 'other-case', field: 'process.name', seen: ['python3'] }]);
    expect(found[0]?.message).toBe(
      'process.name is “python3”: it differs from something like “Python*” only in the case of its letters.',
    );
  });

  it('is another value, with what was wanted', () => {
    const found = obstacles('process where process.name in ("bash", "sh")', { ...STARTED, process: { name: 'zsh' } });
    expect(found).toMatchObject([{ kind: 'other-value', seen: ['zsh'], wanted: ['bash', 'sh'] }]);
    expect(found[0]?.message).toBe('process.name is “zsh”; wanted: one of “bash”, “sh”.');
  });

  it('is the sort of event', () => {
    expect(obstacles('file where true', STARTED)).toMatchObject([
      { kind: 'wrong-category', field: 'event.category', seen: ['process'] },
    ]);
  });

  it('is what the rule leaves out', () => {
    const document = { ...STARTED, process: { parent: { name: 'cron' } } };
    expect(obstacles('process where not process.parent.name == "cron"', document)).toMatchObject([
      { kind: 'negated', field: 'process.parent.name', seen: ['cron'] },
    ]);
  });

  it('lies on the shorter side of an or, nearest first', () => {
    const query = `process where user.name == "ada" and
      ((process.name == "a" and process.pid == 1) or process.name == "BASH")`;
    expect(obstacles(query, { ...STARTED, process: { name: 'bash', pid: 2 }, user: { name: 'bob' } })).toMatchObject([
      { kind: 'other-case', field: 'process.name' },
      { kind: 'other-value', field: 'user.name' },
    ]);
  });
});

describe('sides of an or that look at one field', () => {
  it('are told as one wish', () => {
    const query = 'process where process.name like "a*" or process.name like "b*"';
    expect(obstacles(query, { ...STARTED, process: { name: 'x' } })).toMatchObject([
      { wanted: ['a*', 'b*'], message: 'process.name is “x”; wanted: one of “a*”, “b*”.' },
    ]);
  });
});

describe('for any predicate and event', () => {
  it('there is an obstacle exactly where it does not hold', () => {
    fc.assert(
      fc.property(arbitraryPredicate, arbitraryEvent, (predicate, subject) => {
        expect(findObstacles(predicate, subject, '').length > 0).toBe(!evaluate(predicate, subject));
      }),
    );
  });
});
