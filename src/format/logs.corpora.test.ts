/**
 * Other people's logs are read: of every file a sample, without a line that is put aside.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readEvents } from '../../test/read-events.ts';
import { requireCorpora } from '../../test/requirement.ts';

/** The first lines and the last: captures start with one host's boot and end in the middle of an attack. */
const SAMPLE_LINES = 300;

const FOLDERS: readonly { folder: string; files: number; unrouted: readonly string[] }[] = [
  { folder: 'windows-telemetry', files: 5, unrouted: [] },
  // Its events name neither a module nor a time.
  { folder: 'bench', files: 6, unrouted: ['correlation.ndjson.gz'] },
  // Beside its logs there are two traces, which are none.
  { folder: 'linux-audit', files: 6, unrouted: [] },
];

for (const { folder, files, unrouted } of FOLDERS) {
  test(`the logs in ${folder} are read without a reject`, (context) => {
    const root = requireCorpora(context, folder);
    const names = readdirSync(root).filter((name) => !name.endsWith('.txt'));
    expect(names).toHaveLength(files);
    for (const name of names) {
      const { events, rejects } = readEvents(sampleOf(join(root, name)));
      expect(rejects, name).toEqual([]);
      expect(events.length, name).toBeGreaterThan(0);
      for (const event of events) event.document();
      const lost = events.filter(({ dataStreams }) => dataStreams.length === 0);
      expect(lost.length, name).toBe(unrouted.includes(name) ? events.length : 0);
    }
  });
}

test('what the lanes of raw syslog say is filled', (context) => {
  const lane = (name: string) => readEvents(sampleOf(requireCorpora(context, 'bench', `${name}.ndjson.gz`))).events;
  for (const event of lane('raw_windows')) {
    expect(event.text('event.code')).toBe('4688');
    for (const field of ['process.command_line', 'process.executable', 'process.parent.executable', 'host.name']) {
      expect(event.text(field), field).toBeDefined();
    }
  }
  for (const event of lane('cisco_syslog')) {
    expect(event.dataStreams).toEqual(['logs-cisco_ios.log-default']);
    expect(event.text('host.name')).toMatch(/^[a-z]+-/);
    expect(event.text('event.code')).toBe('USER_LOGGED');
  }
});

function sampleOf(path: string): string {
  const bytes = readFileSync(path);
  const lines = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString().trimEnd().split('\n');
  if (lines.length <= 2 * SAMPLE_LINES) return lines.join('\n');
  return [...lines.slice(0, SAMPLE_LINES), ...lines.slice(-SAMPLE_LINES)].join('\n');
}
