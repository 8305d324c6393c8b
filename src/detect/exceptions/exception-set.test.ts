import { describe, expect, it } from 'vitest';
import type { Exception, ExceptionEntry } from '../exception.ts';
import { eventOf, exceptionOf, removes } from './exception.fixture.ts';
import { compileExceptions } from './exception-set.ts';
import { exceptionState } from './state.ts';

const named = (value: string): ExceptionEntry => ({ field: 'process.name', operator: 'is', value });
const curl = eventOf({ '@timestamp': '2026-01-05T10:00:00Z', process: { name: 'curl' } });
const query = (language: 'eql' | 'sigma' | 'kusto', text: string): Exception =>
  exceptionOf([], { condition: { kind: 'query', language, query: text } });

describe('a set of exceptions', () => {
  it('counts a match under the oldest that holds, whatever the order they came in', async () => {
    const older = exceptionOf([named('curl')], { id: 'b', created: '2026-01-01T00:00:00Z' });
    const same = exceptionOf([named('curl')], { id: 'a', created: '2026-01-02T00:00:00Z' });
    const newer = exceptionOf([named('curl')], { id: 'c', created: '2026-01-02T00:00:00Z' });
    for (const order of [
      [older, same, newer],
      [newer, same, older],
    ]) {
      const set = await compileExceptions(order, { lists: new Map() });
      expect(set.exceptedBy('r', [curl])?.id).toBe('b');
      expect(set.allExceptedBy('r', [curl]).map(({ id }) => id)).toEqual(['b', 'a', 'c']);
    }
  });

  it('applies those of the rule and those of all rules, and none that is off', async () => {
    const of = (rules: Exception['rules'], id: string, enabled = true) =>
      exceptionOf([named('curl')], { rules, id, enabled });
    const set = await compileExceptions([of(['x'], '1'), of('all', '2'), of(['x', 'y'], '3'), of('all', '4', false)], {
      lists: new Map(),
    });
    expect(set.size).toBe(3);
    const ids = (rule: string) => set.allExceptedBy(rule, [curl]).map(({ id }) => id);
    expect([ids('x'), ids('y'), ids('z')]).toEqual([['1', '2', '3'], ['2', '3'], ['2']]);
  });

  it('applies none with an error, and tells of it', async () => {
    const lost: ExceptionEntry = { field: 'process.name', operator: 'in_list', list: 'gone' };
    const set = await compileExceptions(
      [
        exceptionOf([lost], { id: 'lost' }),
        exceptionOf([named('curl')]),
        query('eql', 'process where ('),
        exceptionOf([]),
      ],
      { lists: new Map() },
    );
    expect(set.size).toBe(1);
    expect(set.refused.map(({ findings }) => findings[0]?.code)).toEqual([
      'eql-syntax',
      'exception-empty',
      'exception-list-unknown',
    ]);
    expect(set.exceptedBy('r', [curl])?.id).toBe('e1');
  });

  it.each([
    [{ expires: '2026-01-05T10:00:00.001Z' }, true],
    [{ expires: '2026-01-05T10:00:00Z' }, false],
    [{ expires: '2020-01-01' }, false],
    [{ windows: [{ kind: 'weekly', days: [1], from: '09:00', to: '12:00', zone: 'Europe/Berlin' }] }, true],
    [{ windows: [{ kind: 'weekly', days: [1], from: '08:00', to: '11:00', zone: 'Europe/Berlin' }] }, false],
    [
      {
        windows: [
          { kind: 'weekly', days: [2], from: '09:00', to: '12:00', zone: 'UTC' },
          { kind: 'cron', pattern: '30 9 * * MON', lasts: '1h', zone: 'UTC' },
        ],
      },
      true,
    ],
  ] as const)('decides by the event’s time, not by the clock: %j %s', async (more, removed) =>
    expect(await removes(exceptionOf([named('curl')], more), [curl])).toBe(removed),
  );
});

describe('a query as a condition', () => {
  const server = (args: string) =>
    eventOf({
      event: { category: ['process'], type: ['start'], module: 'endpoint' },
      host: { os: { type: 'linux' } },
      process: { name: 'python3', executable: '/usr/bin/python3', args: args.split(' '), command_line: args },
    });
  const local = server('python3 -m http.server -b ::1');
  const open = server('python3 -m http.server 80');

  it.each([
    query('eql', 'process where python.web_server.reach == "loopback"'),
    query('eql', 'any where python.web_server.port > 80 and process.name : "PYTHON*"'),
    query(
      'sigma',
      'logsource: {product: linux, category: process_creation}\ndetection:\n  x: {python.web_server.reach: loopback}\n  condition: x\n',
    ),
    query('kusto', 'imProcessCreate | where PythonWebServerReach == "loopback"'),
    query('kusto', 'imProcessCreate | where PythonWebServerPort > 80'),
    query('kusto', 'imProcessCreate | where TargetProcessCommandLine contains "::1"'),
  ])('removes the one and leaves the other: $condition.query', async (exception) => {
    expect(await removes(exception, [local])).toBe(true);
    expect(await removes(exception, [open])).toBe(false);
  });
});

describe('the state of an exception', () => {
  const at = Date.parse('2026-01-05T10:00:00Z');
  it.each([
    [{}, 'active'],
    [{ enabled: false }, 'off'],
    [{ expires: '2026-01-05T10:00:00Z' }, 'expired'],
    [{ expires: '2026-01-06T10:00:00Z' }, 'active'],
    [{ windows: [{ kind: 'weekly', days: [2], from: '09:00', to: '12:00', zone: 'UTC' }] }, 'outside its time window'],
    [{ windows: [{ kind: 'weekly', days: [1], from: '09:00', to: '12:00', zone: 'UTC' }] }, 'active'],
  ] as const)('%j: %s', (more, state) => expect(exceptionState(exceptionOf([], more), at)).toBe(state));
});
