import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Alert } from '../detect/alert.ts';
import { alertHeading, alertLines } from './alert-lines.ts';
import { alertPrinter } from './alert-printer.ts';
import { scanReport } from './scan-report.ts';
import { style } from './terminal.ts';

const plain = style({}, {});
const coloured = style({}, { FORCE_COLOR: '1' });

const alert = (commandLine: string): Alert => ({
  id: 'a'.repeat(40),
  '@timestamp': '2026-11-22T14:02:12.000Z',
  rule: { id: 'r', name: 'Python web server', language: 'eql', author: ['Ada'], license: 'Apache-2.0', reference: [] },
  severity: 'low',
  risk_score: 21,
  threat: [],
  reason: 'ada ran something',
  original_time: '2026-11-22T14:02:11.123Z',
  evidence: { fields: {} },
  ancestry: [],
  events: [
    {
      host: { name: 'web-07' },
      user: { name: 'ada' },
      process: { command_line: commandLine, parent: { name: 'bash' } },
      log: { file: { path: '/cases/audit.log' }, offset: 812 },
    },
  ],
});

describe('an alert in the terminal', () => {
  it('says what, where, who and how bad, then whose rule it was and where it stands', () => {
    expect(alertLines(alert('python3 -m http.server'), plain, 200)).toEqual([
      '2026-11-22 14:02:11  LOW       web-07        ada         python3 -m http.server',
      `${' '.repeat(21)}Python web server · Ada · Apache-2.0 · started by bash · audit.log at byte 812`,
    ]);
  });

  it('fits the terminal and lines up with its heading', () => {
    const [first = '', second = ''] = alertLines(alert(`python3 ${'x'.repeat(400)}`), plain, 100);
    expect(first).toHaveLength(100);
    expect(second.length).toBeLessThanOrEqual(100);
    expect(first.indexOf('python3')).toBe(alertHeading(plain).indexOf('What'));
  });

  it('keeps evidence from steering the terminal', () => {
    const lines = alertLines(alert('echo \u001b[2J\u001b]0;owned\u0007\r\nsecond \u202egnp'), plain, 200).join('\n');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not come through.
    expect(lines).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });

  it('reads the same without colour', () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours are control sequences.
    const stripped = alertLines(alert('id'), coloured, 200).map((line) => line.replace(/\u001b\[\d+m/g, ''));
    expect(stripped).toEqual(alertLines(alert('id'), plain, 200));
  });
});

describe('the report of a scan', () => {
  const funnel = { matched: 9, excepted: 0, suppressed: 0, duplicate: 1, capped: 2, created: 6 };

  it('says what was read, the funnel, what was cut and what could not be read', () => {
    const first = { file: 'a.log', line: 3, offset: 40, code: 'not-json', reason: 'The line is not JSON.', text: '{' };
    const report = scanReport(
      {
        files: 2,
        bytes: 1_234_567,
        events: 1_000,
        formats: { auditd: 900, laurel: 100 },
        unrouted: 5,
        rules: 1,
        idle: 2,
        funnel,
        byRule: [{ id: 'r', name: 'Python web server', funnel, byException: [] }],
        correlation: { late: 3, forced: 9, dropped: 1 },
        rejects: { total: 4, byCode: [{ code: 'not-json', count: 4, first }] },
        problems: [],
        findings: [],
        milliseconds: 500,
      },
      plain,
    );
    expect(report).toEqual([
      '6 alerts in 1,000 events from 2 files (1.23 MB) by 1 rule in 0.50 s, 2,000 a second',
      '  read as 900 auditd, 100 laurel',
      '  5 events of no known data stream, read by every rule',
      '  2 rules idle: no format of logs gives what they read; rule check says which',
      '  9 matches = 0 excepted + 0 suppressed + 1 duplicate + 2 capped + 6 created',
      '  over its cap  “Python web server” matched 2 more times than it may alert in one interval. See them all with --max-alerts 0 (no cap).',
      '  not in sequence  3 events stood too far behind later ones to be seen by sequences. Scan logs of one time together, or fewer at once.',
      '  not in sequence  1 join key of sequences had to be given up for want of memory.',
      '  not read  4 lines (not-json): The line is not JSON. First: a.log:3. Keep them with --rejects FILE.',
    ]);
  });
});

it('prints a rule’s references below its first alert', async () => {
  let printed = '';
  const out = new Writable({
    write(chunk, _encoding, done) {
      printed += chunk;
      done();
    },
  });
  const print = alertPrinter(out, false);
  const one = alert('python3 -m http.server');
  const credited = {
    ...one,
    rule: { ...one.rule, reference: ['https://example.org/a\u001b[0m', 'https://example.org/b'] },
  };
  await print([credited, credited]);
  expect(printed.split('\n').map((line) => line.trim().slice(0, 25))).toEqual([
    'When (UTC)           Seve',
    '2026-11-22 14:02:11  LOW ',
    'Python web server · Ada ·',
    'see https://example.org/a',
    'see https://example.org/b',
    '2026-11-22 14:02:11  LOW ',
    'Python web server · Ada ·',
    '',
  ]);
});
