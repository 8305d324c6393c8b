import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText } from '../../../test/any-text.ts';
import { foldCase } from '../../plan/predicate/scalar.ts';
import { compileWildcard } from '../../plan/predicate/wildcard.ts';
import type { ValueListType } from '../exception.ts';
import { compileList, readListValue } from './value-list.ts';
import { MOST_UNANCHORED } from './wildcard-set.ts';
import { parseWildcard } from './wildcard-text.ts';

describe('a list of texts', () => {
  it('holds what a set holds, in any case where that is asked for', () => {
    const text = fc.oneof(anyText({ maxLength: 6 }), fc.constantFrom('a', 'A', 'É', 'é', 'ß', ''));
    fc.assert(
      fc.property(fc.array(text, { maxLength: 60 }), text, (values, probe) => {
        const list = compileList('keyword', values);
        expect(list.size).toBe(new Set(values).size);
        for (const value of [...values, probe]) {
          expect(list.has(value, 'none')).toBe(values.includes(value));
          const folded = values.map((one) => foldCase(one, 'unicode'));
          expect(list.has(value, 'unicode')).toBe(folded.includes(foldCase(value, 'unicode')));
        }
      }),
    );
  });

  it('grows', () => {
    const values = Array.from({ length: 20_000 }, (_, index) => `value ${index}`);
    const list = compileList('text', [...values, ...values]);
    expect(list.size).toBe(20_000);
    expect(values.every((value) => list.has(value, 'none'))).toBe(true);
    expect(list.has('value 20000', 'none')).toBe(false);
  });

  it('holds no half of a surrogate pair', () => {
    const list = compileList('keyword', ['\ud800', '�']);
    expect([list.size, list.has('\ud800', 'none'), list.has('�', 'none')]).toEqual([1, false, true]);
  });
});

describe('a list of addresses', () => {
  const list = compileList('ip_range', [
    '10.0.0.0/8',
    '192.168.1.10-192.168.1.20',
    '192.168.1.15 - 192.168.1.30',
    '1.2.3.4',
    '2001:db8::/32',
    '::ffff:9.9.9.9',
    'fe80::1-fe80::ff',
    '255.255.255.255',
  ]);
  it.each([
    ['10.0.0.0', true],
    ['10.255.255.255', true],
    ['11.0.0.0', false],
    ['9.255.255.255', false],
    ['192.168.1.9', false],
    ['192.168.1.25', true],
    ['192.168.1.31', false],
    ['1.2.3.4', true],
    ['::ffff:1.2.3.4', true],
    ['9.9.9.9', true],
    ['2001:DB8:1::5', true],
    ['2001:db9::', false],
    ['fe80::a', true],
    ['fe80::100', false],
    ['255.255.255.255', true],
    ['0.0.0.0', false],
    ['1.2.3', false],
    ['01.2.3.4', false],
    ['', false],
    ['name', false],
    [':', false],
  ])('%s: %s', (address, expected) => expect(list.has(address, 'none')).toBe(expected));

  it('holds what is between the ends of one of its ranges', () => {
    const quad = fc.nat(40).map((number) => number);
    const shown = (number: number) => `0.0.0.${number}`;
    fc.assert(
      fc.property(fc.array(fc.tuple(quad, quad)), (pairs) => {
        const ranges = pairs.map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
        const compiled = compileList(
          'ip_range',
          ranges.map(([first, last]) => `${shown(first)}-${shown(last)}`),
        );
        for (let number = 0; number <= 41; number += 1) {
          const expected = ranges.some(([first, last]) => first <= number && number <= last);
          expect(compiled.has(shown(number), 'none')).toBe(expected);
        }
      }),
    );
  });
});

describe('a list of wildcards', () => {
  it('holds what one of its patterns matches', () => {
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', 'B', '*', '?', '\\'), minLength: 1, maxLength: 6 });
    const value = fc.string({ unit: fc.constantFrom('a', 'b', 'B', '\\'), maxLength: 7 });
    fc.assert(
      fc.property(
        fc.array(pattern, { maxLength: 12 }),
        value,
        fc.constantFrom('none', 'unicode'),
        (texts, probe, fold) => {
          const expected = texts.some((text) => compileWildcard(parseWildcard(text), fold).matches(probe));
          expect(compileList('wildcard', texts).has(probe, fold)).toBe(expected);
        },
      ),
    );
  });

  it('takes a Windows path as it is written', () => {
    const list = compileList('wildcard', ['C:\\Users\\*\\AppData\\Local\\Temp\\?.exe']);
    expect(list.has('C:\\Users\\ada\\AppData\\Local\\Temp\\a.exe', 'none')).toBe(true);
    expect(list.has('c:\\users\\ada\\appdata\\local\\temp\\a.EXE', 'none')).toBe(false);
    expect(list.has('c:\\users\\ada\\appdata\\local\\temp\\a.EXE', 'unicode')).toBe(true);
  });

  it('says that it has too many patterns with a wildcard at both ends', () => {
    const patterns = Array.from({ length: MOST_UNANCHORED + 1 }, (_, index) => `*${index}*`);
    expect(compileList('wildcard', patterns).overfull).toContain('1,000');
    expect(compileList('wildcard', patterns.slice(1)).overfull).toBeUndefined();
  });
});

describe('the reading of a value', () => {
  it.each<[ValueListType, string, string | undefined]>([
    ['keyword', '  a b ', 'a b'],
    ['keyword', ' ', undefined],
    ['keyword', '\ud800', undefined],
    ['keyword', 'x'.repeat(5_000), undefined],
    ['ip', '10.0.0.1', '10.0.0.1'],
    ['ip', '::1', '::1'],
    ['ip', '10.0.0.0/8', undefined],
    ['ip', '10.0.0', undefined],
    ['ip_range', '10.0.0.0/8', '10.0.0.0/8'],
    ['ip_range', '10.0.0.1-10.0.0.9', '10.0.0.1-10.0.0.9'],
    ['ip_range', '10.0.0.9-10.0.0.1', undefined],
    ['ip_range', '10.0.0.1-::1', undefined],
    ['ip_range', '10.0.0.0/33', undefined],
    ['ip_range', '::ffff:10.0.0.0/104', undefined],
    ['wildcard', 'C:\\*', 'C:\\*'],
    ['wildcard', '**', undefined],
  ])('%s %j: %s', (type, text, value) => {
    const read = readListValue(type, text);
    expect('value' in read ? read.value : undefined).toBe(value);
  });
});
