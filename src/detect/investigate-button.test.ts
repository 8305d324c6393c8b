import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText } from '../../test/any-text.ts';
import { documentSource, Event } from '../event/event.ts';
import { compileEql } from '../language/eql/eql.ts';
import { evaluate } from '../plan/predicate/evaluate.ts';
import { eqlEquals } from './eql-text.ts';
import { investigateQuestion } from './investigate-button.ts';

const AT = Date.UTC(2026, 2, 1, 12, 30);
const EVENT: Readonly<Record<string, readonly string[]>> = {
  'host.id': ['h1'],
  'user.name': ['ada'],
  'host.ip': ['10.0.0.1', '::1'],
  'process.pid': ['42'],
};
const ask = (button: object) => investigateQuestion(button as never, (field) => EVENT[field] ?? [], AT);
const phrase = (field: string, value: string, excluded = false) => ({
  field,
  value,
  excluded,
  queryType: 'phrase',
  valueType: 'string',
});

describe('a button', () => {
  it.each([
    [
      [[phrase('host.id', '{{host.id}}'), phrase('event.category', 'file')]],
      'any where host.id == "h1" and event.category == "file"',
    ],
    [[[phrase('host.id', '{{host.id}}')], [phrase('a.b', 'c"d')]], 'any where (host.id == "h1") or (a.b == "c\\"d")'],
    [[[phrase('user.name', '{{user.name}}', true)]], 'any where not (user.name == "ada")'],
    [[[phrase('process.pid', '{{process.pid}}')]], 'any where process.pid == 42'],
    [[[phrase('host.ip', '{{ host.ip }}')]], 'any where host.ip in ("10.0.0.1", "::1")'],
    [[[{ field: 'file.path', queryType: 'exists', excluded: true }]], 'any where not (file.path != null)'],
    [
      [[{ field: 'file.size', queryType: 'range', value: { gte: 5, lt: '9' } }]],
      'any where file.size >= 5 and file.size < 9',
    ],
  ])('%# comes to its query', (providers, text) => {
    const question = ask({ label: 'Look', providers });
    expect(question).toMatchObject({ over: 'events', question: 'Look', text });
    expect(compileEql(text).diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it.each([
    ['now-48h/h', Date.UTC(2026, 1, 27, 12)],
    ['now-1h', AT - 3_600_000],
    ['now', AT],
    ['now-7d/d', Date.UTC(2026, 1, 22)],
    ['gibberish', AT - 86_400_000],
  ])('reckons %s from the alert’s time', (relativeFrom, from) => {
    expect(ask({ relativeFrom, relativeTo: 'now', providers: [[phrase('a', 'b')]] })).toMatchObject({
      from,
      to: AT + 1,
    });
  });

  it('asks for alerts where it is about signals', () => {
    const about = (...filters: object[]) =>
      ask({ label: 'Alerts', providers: [[phrase('event.kind', 'signal'), ...filters]] });
    expect(about(phrase('host.id', '{{host.id}}'))).toMatchObject({ over: 'alerts', parameters: { host: 'h1' } });
    expect(about(phrase('file.name', 'x'))?.problem).toContain('file.name');
  });

  it('says what the event does not have', () => {
    const question = ask({ providers: [[phrase('user.id', '{{user.id}}'), phrase('host.id', '{{host.id}}')]] });
    expect(question?.problem).toBe('The event has no user.id.');
    expect(ask({ providers: 'x' })).toBeUndefined();
    expect(ask({ providers: [[null, 5, {}], 'x'] })).toBeUndefined();
  });
});

describe('a value in EQL', () => {
  it('stays that value, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(anyText(), fc.constantFrom('"', '\\', '\\"', '*', '\u2028', '\0', '" or true')), (value) => {
        const { plan, diagnostics } = compileEql(`any where ${eqlEquals('user.name', [value])}`);
        expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
        const of = (name: string) =>
          new Event({
            time: { ms: 0, ticks: 0 },
            source: documentSource({ user: { name } }),
            raw: new Uint8Array(),
            format: 'x',
            dataStreams: [],
          });
        if (plan === undefined || !('predicate' in plan)) throw new Error('no plan');
        expect(evaluate(plan.predicate, of(value.toWellFormed()))).toBe(true);
        expect(evaluate(plan.predicate, of(`${value.toWellFormed()}x`))).toBe(false);
      }),
    );
  });
});
