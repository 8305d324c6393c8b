import { describe, expect, it } from 'vitest';
import { callFunction } from './functions.ts';
import { compareLiteral, compareText, equalsLiteral, foldCase, satisfiesOrder, toTime } from './scalar.ts';

describe('equality', () => {
  it.each([
    ['4688', 4688, 'long', true],
    [4688, '4688', 'keyword', true],
    ['9259400833873739776', '9259400833873739776', 'long', true],
    ['9259400833873739776', '9259400833873739777', 'long', false],
    ['9007199254740993', 9007199254740992, 'long', false],
    ['4.0', 4, 'double', true],
    [true, true, 'boolean', true],
    ['true', true, 'boolean', true],
    ['False', true, 'boolean', false],
    ['::ffff:10.0.0.1', '10.0.0.1', 'ip', true],
    ['2001:DB8::1', '2001:db8:0:0:0:0:0:1', 'ip', true],
    ['10.1.2.3', '10.0.0.0/8', 'ip', true],
    ['2026-11-22T10:00:00Z', '2026-11-22T12:00:00+02:00', 'date', true],
    ['x', null, 'keyword', false],
    ['python3', 3, 'keyword', false],
  ] as const)('%j equals %j as %s: %s', (value, wanted, type, expected) => {
    expect(equalsLiteral(value, wanted, 'none', type)).toBe(expected);
  });

  it('folds A to Z, or all of Unicode, or nothing', () => {
    expect(foldCase('STRASSE É', 'ascii')).toBe('strasse É');
    expect(foldCase('STRASSE É', 'unicode')).toBe('strasse é');
    expect(foldCase('STRASSE É', 'none')).toBe('STRASSE É');
  });
});

describe('order', () => {
  it('is exact beyond 2^53', () => {
    expect(satisfiesOrder('9007199254740993', { operator: '>', bound: '9007199254740992' }, 'long')).toBe(true);
    expect(satisfiesOrder(9007199254740992, { operator: '>=', bound: '9007199254740993' }, 'long')).toBe(false);
  });

  it('of addresses is that of their bytes, a network has none', () => {
    const order = (a: string, b: string) => Math.sign(compareLiteral(a, b, 'ip') ?? Number.NaN);
    expect(order('10.0.0.10', '10.0.0.9')).toBe(1);
    expect(order('9.255.255.255', '10.0.0.0')).toBe(-1);
    expect(order('::ffff:10.0.0.1', '10.0.0.1')).toBe(0);
    expect(order('fe80::1', '10.0.0.1')).toBe(1);
    expect(order('10.0.0.1', '10.0.0.0/8')).toBeNaN();
    expect(order('web-07', '10.0.0.1')).toBeNaN();
  });

  it('of dates takes epoch milliseconds as text, four digits for a year', () => {
    expect(compareLiteral('1', 0, 'date')).toBeGreaterThan(0);
    expect(compareLiteral('1714550400000', '2024-05-01T08:00:00Z', 'date')).toBe(0);
    expect(compareLiteral('2024', '2024-01-01', 'date')).toBe(0);
    expect(toTime(1e300)).toBeUndefined();
    expect(toTime('9'.repeat(40))).toBeUndefined();
  });

  it('does not order text against numbers, nor booleans', () => {
    expect(compareLiteral('abc', 1, 'unknown')).toBeUndefined();
    expect(compareLiteral(true, 1, 'unknown')).toBeUndefined();
  });

  it('orders text by code point, astral above the rest', () => {
    expect(compareText('\u{1F600}', '\uFFFD')).toBeGreaterThan(0);
    expect(compareText('a', 'ab')).toBeLessThan(0);
    expect(compareText('10', '9')).toBeLessThan(0);
  });
});

describe('arithmetic', () => {
  it.each([
    ['divide', [7, 2], 3],
    ['divide', [-7, 2], -3],
    ['divide', [7.5, 2], 3.75],
    ['divide', [1, 0], null],
    ['modulo', [-7, 2], -1],
    ['add', ['9007199254740993', 1], '9007199254740994'],
    ['multiply', [3_037_000_500, 3_037_000_500], '9223372037000250000'],
    ['subtract', [1, null], null],
    ['negate', [4], -4],
    ['add', ['abc', 1], null],
  ] as const)('%s %j is %j', (name, args, expected) => {
    expect(callFunction(name, args)).toBe(expected);
  });
});
