/**
 * Other people's logs are read: of every file a sample, without a line that is put aside. What they tell of processes is the same
 * whether that is described at once or its line kept.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readEvents } from '../../test/read-events.ts';
import { requireCorpora } from '../../test/requirement.ts';
import { ProcessTable } from './process-table.ts';

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
      const sample = sampleOf(join(root, name));
      const { events, rejects } = readEvents(sample);
      expect(rejects, name).toEqual([]);
      expect(events.length, name).toBeGreaterThan(0);
      expect(enriched(sample, true), name).toEqual(enriched(sample, false));
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

/** The documents with what earlier events taught, and the ancestry of each, where few processes are remembered. */
function enriched(sample: string, describesAtOnce: boolean): readonly string[] {
  const table = new ProcessTable({ processesPerHost: 50, hosts: 8, characters: 1e9 }, describesAtOnce);
  const known: string[] = [];
  readEvents(sample, {}, (event) => {
    table.observe(event);
    if (event.taughtBy !== undefined) known.push(JSON.stringify([event.sharedDocument(), table.ancestry(event)]));
  });
  return known;
}

function sampleOf(path: string): string {
  const bytes = readFileSync(path);
  const lines = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString().trimEnd().split('\n');
  if (lines.length <= 2 * SAMPLE_LINES) return lines.join('\n');
  return [...lines.slice(0, SAMPLE_LINES), ...lines.slice(-SAMPLE_LINES)].join('\n');
}
