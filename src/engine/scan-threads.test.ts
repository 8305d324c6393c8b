/** A scan by several threads from beginning to end, over a file and over what no thread can read ahead: threads as they are, not stand-ins. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Alert } from '../detect/alert.ts';

const program = fileURLToPath(new URL('../../bin/vedette.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'vedette-threads-'));
const LINES = 12_000;
const rule = (id: string, category: string, condition: string) =>
  `title: ${id}\nid: ${id}\nlogsource:\n  category: ${category}\n  product: windows\ndetection:\n  sel:\n    ${condition}\n  condition: sel\n`;
/** Starts of processes, of which later ones are told by earlier ones, files, lines that are nothing, and one that is cut off. */
const text = Buffer.from(
  Array.from({ length: LINES }, (_, at) => {
    if (at % 1_999 === 5) return `no line of any format ${at}`;
    const own =
      at % 40 === 3
        ? { EventID: 1, ProcessId: at, ParentProcessId: at - 40, Image: `C:\\${at % 80 === 3 ? 'cmd' : 'whoami'}.exe` }
        : { EventID: 11, ProcessId: 5, Image: 'C:\\a.exe', TargetFilename: `C:\\${at % 500 === 7 ? 'secret' : at}` };
    return JSON.stringify({
      Channel: 'Microsoft-Windows-Sysmon/Operational',
      SourceName: 'Microsoft-Windows-Sysmon',
      Hostname: 'pc',
      EventTime: '2025-01-02 03:04:05',
      ...own,
    });
  }).join('\n'),
);

beforeAll(() => {
  const rules = [
    rule('parent', 'process_creation', "ParentImage|endswith: '\\cmd.exe'"),
    rule('file', 'file_event', "TargetFilename|endswith: 'secret'"),
  ];
  writeFileSync(join(folder, 'rules.yml'), rules.join('---\n'));
  writeFileSync(join(folder, 'log'), text);
  alone = scanned(join(folder, 'log'), 1);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Which rule alerted where, in the order of the alerts, and what was counted. */
function scanned(log: string, threads: number) {
  const flags = ['--json', '--no-progress', '--no-cache', '--max-alerts', '0', '--threads', String(threads)];
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [program, 'scan', log, '--rules', join(folder, 'rules.yml'), ...flags],
    { input: log === '-' ? text : '', encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  const alerts = stdout
    .trimEnd()
    .split('\n')
    .map((line) => {
      const { rule, events, reason } = JSON.parse(line) as Alert;
      return `${rule.id} ${JSON.stringify(events[0]?.log)} ${reason}`.replaceAll(JSON.stringify(log), '"log"');
    });
  const counted = stderr.match(/[\d,]+ (?:events|lines|matches|windows-flat)/g);
  return { alerts, counted, status };
}

let alone: ReturnType<typeof scanned>;

it.each(['log', '-'])('finds by two threads in %s what one finds, in its order', (name) => {
  const log = name === '-' ? name : join(folder, name);
  expect(alone.alerts.length).toBeGreaterThan(100);
  expect(scanned(log, 2)).toEqual(alone);
});
