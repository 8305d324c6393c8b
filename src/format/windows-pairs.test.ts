import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readEvents } from '../../test/read-events.ts';
import { compareWithRecorded, type RecordedPair } from '../../test/recorded-pairs.ts';
import { requireCorpora } from '../../test/requirement.ts';
import type { JsonObject } from '../event/json.ts';
import { WINDOWS_DEVIATIONS } from './deviations/windows.ts';

test('corpora: the recorded pairs of Windows and of Sysmon for Linux', (context) => {
  const pairs: RecordedPair[] = [];
  for (const [folder, file] of [
    ['windows', 'security-windows2019-4688-process-created.json'],
    ['windows', 'sysmon_operational.cmd.json'],
    ['sysmon_linux', 'test-sysmon.json'],
  ] as const) {
    const path = requireCorpora(context, 'vendor', folder, file);
    const { events: raw } = JSON.parse(readFileSync(path, 'utf8')) as { events: JsonObject[] };
    const recorded = JSON.parse(readFileSync(`${path}-expected.json`, 'utf8')) as { expected: JsonObject[] };
    expect(raw).toHaveLength(recorded.expected.length);
    const { events, rejects } = readEvents(raw.map((one) => JSON.stringify(one)).join('\n'));
    expect(rejects).toEqual([]);
    for (const [at, expected] of recorded.expected.entries()) {
      expect(events[at]?.format).toBe('winlogbeat');
      pairs.push({ name: `${file} ${at + 1}`, event: events[at], expected });
    }
  }
  expect(compareWithRecorded(pairs, WINDOWS_DEVIATIONS)).toEqual({ unexplained: [], needless: [] });
});

test('corpora: raw lines of Sysmon for Linux', (context) => {
  const path = requireCorpora(context, 'vendor', 'sysmon_linux', 'sysmon.sample_logs.subset.log');
  const read = readEvents(readFileSync(path));
  // The first line is Sysmon saying hello, which is no record.
  const events = read.events.filter(({ format }) => format === 'sysmon-linux');
  expect(read.rejects.filter(({ code }) => code === 'bad-windows-event')).toEqual([]);
  expect(events.map((event) => [event.text('event.code'), event.text('host.hostname')])).toEqual(
    ['23', '5', '1', '3', '5'].map((code) => [code, 'james-ubuntu-demo']),
  );
  expect(events[2]?.dataStreams).toEqual(['logs-sysmon_linux.log-vedette']);
  expect(events[4]?.text('process.name')).toBe('osqueryd');
});
