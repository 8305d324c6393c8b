import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readExceptionText, writeExceptions } from './exception-file.ts';

const NOW = '2026-03-01T00:00:00.000Z';
const read = (text: string) => readExceptionText(text, { now: NOW });

const GOOD = `
exceptions:
  - name: Backups
    rules: all
    reason: They read everything.
    condition:
      kind: entries
      entries:
        - { field: user.name, operator: is, value: backup }
lists:
  - { id: hosts, type: keyword, values: [a, b] }
`;

describe('reading exceptions in our own form', () => {
  it('reads exceptions and lists, filling in what is left out', () => {
    const { exceptions, filled, problems } = read(GOOD);
    expect(problems).toEqual([]);
    expect(exceptions).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f]{20}$/),
        name: 'Backups',
        rules: 'all',
        reason: 'They read everything.',
        condition: { kind: 'entries', entries: [{ field: 'user.name', operator: 'is', value: 'backup' }] },
        enabled: true,
        author: 'file',
        created: NOW,
        updated: NOW,
      },
    ]);
    expect(filled).toEqual([{ id: 'hosts', name: 'hosts', type: 'keyword', values: ['a', 'b'] }]);
    expect(read(GOOD).exceptions[0]?.id).toBe(exceptions[0]?.id);
  });

  it('tells the kind of a condition and of a time window where it is left out', () => {
    const { exceptions } = read(`
name: Backups
rules: all
reason: Nightly.
condition: { language: eql, query: process where true }
windows: [{ pattern: 0 2 * * *, lasts: 2h, zone: UTC }, { days: [7], from: "01:00", to: "02:00", zone: UTC }]
`);
    expect(exceptions[0]).toMatchObject({
      condition: { kind: 'query' },
      windows: [{ kind: 'cron' }, { kind: 'weekly' }],
    });
  });

  it('reads back what it writes', () => {
    const { exceptions } = read(GOOD);
    expect(read(writeExceptions(exceptions, [])).exceptions).toEqual(exceptions);
  });

  it.each([
    ['name: x', 1, '`rules` is missing'],
    [GOOD.replace('operator: is', 'operator: equals'), 9, '`condition.entries.0.operator` cannot be "equals"'],
    [GOOD.replace('operator: is,', 'operator: iss,'), 9, 'Did you mean is?'],
    [GOOD.replace('reason:', 'reasn:'), 5, 'Did you mean reason?'],
    [GOOD.replace('value: backup', 'values: backup'), 9, 'There is no key `condition.entries.0.values`'],
    [GOOD.replace('value: backup', 'value: 5'), 9, 'cannot be 5'],
    [GOOD.replace('rules: all', 'rules: r1'), 4, 'A list of rule ids, or all'],
    [GOOD.replace('    reason', '    expiers: 2027-01-01\n    reason'), 5, 'Did you mean expires?'],
    [GOOD.replace('type: keyword', 'type: regex'), 11, 'needs a `type`'],
    [GOOD.replace('lists:', 'list:'), 10, 'no key `list`'],
    ['5', 1, 'cannot be 5'],
    ['', 1, 'holds no exceptions'],
    ['a: [', 1, ''],
  ])('tells what is wrong and where: %#', (text, line, words) => {
    const { problems } = read(text);
    expect(problems[0]?.message).toContain(words);
    expect(problems[0]?.line).toBe(line);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        read(text);
      }),
    );
  });
});
