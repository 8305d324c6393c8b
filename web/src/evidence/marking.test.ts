import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Evidence, markCommandLine, mergeRanges, type Range } from './marking.ts';

/** The line with its marked parts in brackets. */
function marked(process: Record<string, unknown>, fields: Evidence['fields']): string {
  const event = { process } as unknown as Parameters<typeof markCommandLine>[0];
  const line = String(process.command_line);
  let text = '';
  let at = 0;
  for (const [start, end] of markCommandLine(event, { fields })) {
    text += `${line.slice(at, start)}[${line.slice(start, end)}]`;
    at = end;
  }
  return text + line.slice(at);
}

const whole = (value: string) => [{ value, ranges: [[0, value.length]] as [number, number][] }];

describe('the command line is marked', () => {
  test('where its own evidence says', () => {
    const line = 'bash -c "python3 -m http.server 8097"';
    expect(
      marked(
        { command_line: line },
        {
          'process.command_line': [
            {
              value: line,
              ranges: [
                [9, 15],
                [16, 31],
              ],
            },
          ],
        },
      ),
    ).toBe('bash -c "[python]3[ -m http.server] 8097"');
  });

  test('where a matching argument stands, and not where it is part of another', () => {
    expect(
      marked(
        {
          command_line: 'python3 /opt/http.server.d -m http.server',
          args: ['python3', '/opt/http.server.d', '-m', 'http.server'],
        },
        { 'process.args': whole('http.server') },
      ),
    ).toBe('python3 /opt/http.server.d -m [http.server]');
  });

  test('in the program’s name at the end of its path', () => {
    expect(
      marked(
        {
          command_line: '/usr/bin/python3.11 -m http.server',
          name: 'python3.11',
          args: ['/usr/bin/python3.11', '-m', 'http.server'],
        },
        { 'process.name': [{ value: 'python3.11', ranges: [[0, 6]] }], 'process.args': whole('http.server') },
      ),
    ).toBe('/usr/bin/[python]3.11 -m [http.server]');
  });

  test('in what was typed, where the program’s own name is longer', () => {
    const name = [{ value: 'python3.11', ranges: [[0, 6]] as [number, number][] }];
    expect(marked({ command_line: 'python3 -V', name: 'python3.11' }, { 'process.name': name })).toBe('[python]3 -V');
    expect(marked({ command_line: 'py -V', name: 'python3.11' }, { 'process.name': name })).toBe('py -V');
  });

  test('not at all without a command line, nor by evidence of another value', () => {
    expect(markCommandLine({}, { fields: {} })).toEqual([]);
    expect(marked({ command_line: 'ls -l', args: ['ls', '-l'] }, { 'process.args': whole('http.server') })).toBe(
      'ls -l',
    );
  });
});

test('merged ranges cover the same places, in order, apart, inside the text', () => {
  const range = fc.tuple(fc.integer({ min: -5, max: 40 }), fc.integer({ min: -5, max: 40 }));
  fc.assert(
    fc.property(fc.array(range), fc.nat(30), (ranges, length) => {
      const covered = (of: readonly Range[]) =>
        Array.from({ length }, (_, at) => of.some(([start, end]) => start <= at && at < end));
      const merged = mergeRanges(ranges, length);
      expect(covered(merged)).toEqual(covered(ranges));
      for (const [index, [start, end]] of merged.entries()) {
        expect(start).toBeLessThan(end);
        expect(start).toBeGreaterThan(merged[index - 1]?.[1] ?? -1);
        expect(end).toBeLessThanOrEqual(length);
      }
    }),
  );
});
