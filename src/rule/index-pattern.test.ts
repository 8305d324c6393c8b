import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileIndexPatterns, readsNothing } from './index-pattern.ts';

describe('compileIndexPatterns', () => {
  it.each<[string, string, boolean]>([
    ['logs-endpoint.events.*', 'logs-endpoint.events.process-vedette', true],
    ['logs-endpoint.events.*', 'logs-endpoint.alerts-default', false],
    ['logs-endpoint.events.*', '.ds-logs-endpoint.events.process-default-2026.01.31-000001', true],
    ['logs-endpoint.events.process-default', '.ds-logs-endpoint.events.process-default-2026.01.31-000001', true],
    ['.ds-logs-endpoint*', 'logs-endpoint.events.process-vedette', true],
    ['endgame-*', 'endgame-', true],
    ['endgame-*', 'x-endgame-1', false],
    ['logs-auditd_manager.auditd-*,filebeat-*', 'filebeat-8.1', true],
    [' a , b ', 'b', true],
    ['logs-*,-logs-endpoint*', 'logs-endpoint.events', false],
    ['logs-*,-logs-endpoint*', 'logs-system', true],
    ['logs-*,-logs-endpoint*,logs-endpoint.alerts', 'logs-endpoint.alerts', true],
    ['-logs-endpoint*', 'logs-system', false],
    ['*:logs-*', 'logs-system', true],
    ['*', 'anything', true],
    ['a*b*c', 'abc', true],
    ['a*b*c', 'abbXc', true],
    ['a*bc*c', 'abc', false],
    ['ab*ba', 'aba', false],
    ['logs', 'logs-', false],
  ])('%s on %s: %s', (patterns, stream, read) => {
    expect(compileIndexPatterns([patterns])([stream])).toBe(read);
  });

  it('reads an event that belongs to any selected stream, and every event of unknown streams', () => {
    const reads = compileIndexPatterns(['logs-endpoint.events.*']);
    expect(reads(['logs-auditd_manager.auditd-vedette', 'logs-endpoint.events.process-vedette'])).toBe(true);
    expect(reads(['logs-auditd_manager.auditd-vedette'])).toBe(false);
    expect(reads([])).toBe(true);
    expect(compileIndexPatterns([])(['x'])).toBe(true);
    expect(compileIndexPatterns(['', ' , '])(['x'])).toBe(true);
  });

  it('agrees with a regular expression', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '-', '.'), maxLength: 12 });
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '*'), minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(pattern, text, (pattern, name) => {
        const regex = new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll(/\*+/g, '.*')}$`);
        expect(compileIndexPatterns([pattern])([name])).toBe(regex.test(name));
      }),
    );
  });

  it('knows patterns that leave nothing', () => {
    expect(readsNothing(['-a', '-b*'])).toBe(true);
    expect(readsNothing(['a', '-b*'])).toBe(false);
    expect(readsNothing([])).toBe(false);
  });
});
