/**
 * Windows' logs from bytes to alerts: the events that Sigma's rules were recorded on, and captures of simulated attacks.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { type Alert, type ScanSummary, scan } from '../../src/engine/index.ts';
import { valuesAt } from '../../src/event/field-path.ts';
import { asXml } from '../../src/format/windows.fixture.ts';
import { oneIn } from '../effort.ts';
import { requireCorpora } from '../requirement.ts';

interface Case {
  readonly rule: string;
  readonly expected_matches: number | null;
  readonly events: readonly object[];
}

test('every rule of Sigma fires on the events it was recorded on', async (context) => {
  const cases = readFileSync(requireCorpora(context, 'sigma', 'regression', 'cases.ndjson'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Case);
  const files = rulesById(requireCorpora(context, 'sigma'));
  const rules = cases.map(({ rule }) => files.get(rule)).filter((path) => path !== undefined);
  expect(rules).toHaveLength(cases.length);
  const lines = cases.flatMap(({ events }) => events.map((event) => JSON.stringify(event)));
  const { alerts, summary } = await scanText(lines.join('\n'), rules);
  expect(summary).toMatchObject({ events: lines.length, rejects: { total: 0 } });
  const fired = new Map<string, number>();
  const offsets = offsetsOf(lines);
  for (const { rule, events } of alerts) {
    const offset = Number(valuesAt(events[0] ?? {}, 'log.offset')[0]);
    const key = `${rule.id} ${offsets.get(offset)}`;
    fired.set(key, (fired.get(key) ?? 0) + 1);
  }
  let line = 0;
  const missed: string[] = [];
  for (const { rule, events, expected_matches: wanted } of cases) {
    let matches = 0;
    for (let end = line + events.length; line < end; line += 1) matches += fired.get(`${rule} ${line}`) ?? 0;
    if (matches < (wanted ?? 1)) missed.push(`${rule}: ${matches} of ${wanted ?? 'any'}`);
  }
  expect(missed).toEqual([]);
});

const sampling = oneIn(20);

test(sampling.name('the captures of Windows are read to the last event'), async (context) => {
  const folder = requireCorpora(context, 'windows-telemetry');
  const captures = readdirSync(folder).map((name) =>
    gunzipSync(readFileSync(join(folder, name)))
      .toString()
      .trimEnd()
      .split('\n'),
  );
  expect(captures.flat()).toHaveLength(90_956);
  const lines = captures.flatMap((capture) => sampling.of(capture));
  const { alerts, summary } = await scanText(lines.join('\n'), []);
  expect(alerts).toEqual([]);
  expect(summary).toMatchObject({ events: lines.length, unrouted: 0, rejects: { total: 0 } });
});

// Constructed: Sysmon for Linux's form with the fields of a process start; no recorded one is public.
test('a web server that Sysmon for Linux saw start alerts under the mission’s rule', async () => {
  const record = asXml({
    provider: 'Linux-Sysmon',
    channel: 'Linux-Sysmon/Operational',
    code: 1,
    data: {
      UtcTime: '2026-03-04 05:06:07.120',
      ProcessId: '4242',
      Image: '/usr/bin/python3.11',
      CommandLine: 'python3 -m http.server 8000',
      User: 'ada',
      ParentProcessId: '4000',
      ParentImage: '/usr/bin/bash',
    },
  });
  const rules = [fileURLToPath(new URL('../../rules/elastic', import.meta.url))];
  const { alerts } = await scanText(`Mar  4 05:06:07 web-1 sysmon: ${record.replace(/ xmlns='[^']*'/, '')}`, rules);
  expect(alerts.map((alert) => alert.stands_in_for)).toEqual([['logs-endpoint.events.process-vedette']]);
});

async function scanText(
  log: string,
  rules: readonly string[],
): Promise<{ readonly alerts: readonly Alert[]; readonly summary: ScanSummary }> {
  const folder = await mkdtemp(join(tmpdir(), 'vedette-windows-'));
  try {
    await writeFile(join(folder, 'log'), log);
    const run = scan({ logs: [join(folder, 'log')], rules, maxAlerts: Number.POSITIVE_INFINITY });
    return { alerts: await run.alerts(), summary: await run.summary };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Byte offset of each line → its number, from 0. */
function offsetsOf(lines: readonly string[]): ReadonlyMap<number, number> {
  let offset = 0;
  return new Map(
    lines.map((line, at) => {
      const entry = [offset, at] as const;
      offset += Buffer.byteLength(line) + 1;
      return entry;
    }),
  );
}

function rulesById(folder: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!entry.startsWith('rules') || !entry.endsWith('.yml')) continue;
    const path = join(folder, entry);
    const id = /^id:\s*([0-9a-f-]{36})/m.exec(readFileSync(path, 'utf8'))?.[1];
    if (id !== undefined) found.set(id, path);
  }
  return found;
}
