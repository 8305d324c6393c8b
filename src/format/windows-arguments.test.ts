import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitWindowsArguments } from './windows-arguments.ts';

test.for<[string, string[]]>([
  ['', []],
  ['  \t ', []],
  ['uname -a', ['uname', '-a']],
  [' ip  -6\t-a ', ['ip', '-6', '-a']],
  ['"C:\\Program Files\\a.exe" /x', ['C:\\Program Files\\a.exe', '/x']],
  ['a "" b', ['a', '', 'b']],
  ['a\\\\b c\\', ['a\\\\b', 'c\\']],
  ['a\\\\"b c" d', ['a\\b c', 'd']],
  ['a\\"b c', ['a"b', 'c']],
  ['"a""b c" d', ['a"b', 'c d']],
  ["sh -c 'a b'", ['sh', '-c', "'a", "b'"]],
  ['"open end', ['open end']],
])('%s', ([line, expected]) => {
  expect(splitWindowsArguments(line)).toEqual(expected);
});

test('arguments without quotes, backslashes and blanks come back', () => {
  const argument = fc.string({ minLength: 1 }).filter((text) => !/["\\ \t]/.test(text));
  fc.assert(
    fc.property(fc.array(argument), (list) => {
      expect(splitWindowsArguments(list.join(' '))).toEqual(list);
    }),
  );
});
