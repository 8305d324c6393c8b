/**
 * Queries over stored events give what the reference evaluator gives of the rows that the vocabulary makes of the same
 * events: of captures of Windows and of the audit log, stored half in a segment and half in the log.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { readEvents } from '../../../test/read-events.ts';
import { requireCorpora } from '../../../test/requirement.ts';
import type { Event } from '../../event/event.ts';
import type { Cell } from '../../plan/relation/cell.ts';
import { evaluateRelation } from '../../plan/relation/evaluate-relation.ts';
import { EVENT_LIMITS } from '../../store/event-limits.ts';
import { openSegments } from '../../store/open-event-store.ts';
import { KUSTO_TABLES } from '../../vocabulary/kusto-tables.ts';
import { isRow, rowOf } from '../../vocabulary/table-row.ts';
import { eventOfRecord } from '../stored-event.ts';
import { writtenEvent } from '../written-event.ts';
import { EventScans } from './event-scans.ts';
import { compileTableQuery, runPlanOverStore } from './run-query.ts';

const QUERIES = [
  'imProcessCreate | summarize Count = count(), Hosts = dcount(DvcHostname) by TargetProcessName | sort by Count desc, TargetProcessName asc',
  'imProcessCreate(commandline_has_any=dynamic(["python", "powershell"])) | project TimeGenerated, DvcHostname, CommandLine, TargetProcessId, ActingProcessId',
  'imProcessCreate | where TargetProcessName endswith "sh" or Process has "cmd" | distinct Process, ActingProcessName',
  'imProcessTerminate | count',
  'DeviceProcessEvents | where FolderPath contains "s" | project FileName, ProcessId, AccountName, InitiatingProcessFileName, ProcessCommandLine',
  'DeviceNetworkEvents | summarize Bytes = count(), arg_max(TimeGenerated, RemoteIP, RemotePort) by InitiatingProcessFileName, ActionType',
  'imNetworkSession | where DstPortNumber in (80, 443, 8000) | project SrcIpAddr, DstIpAddr, DstPortNumber, NetworkDirection, SrcProcessName, DstProcessName',
  'imFileEvent | summarize count() by EventType, tostring(split(TargetFilePath, "\\\\")[0])',
  'DeviceFileEvents | summarize count() by ActionType',
  'imRegistry | where RegistryKey contains "Control" | project EventType, RegistryKey, RegistryValue, RegistryValueData, ActingProcessName',
  'DeviceRegistryEvents | summarize count() by ActionType | order by count_ desc, ActionType asc',
  'imDns | summarize make_set(DnsQuery) by SrcProcessName | extend set_DnsQuery = array_sort_asc(set_DnsQuery) | union (print SrcProcessName = "")',
  'SecurityEvent | summarize count() by EventID, Channel | sort by EventID asc',
  'SecurityEvent | where EventID in (4624, 4656, 4658, 4663, 5156, 5158) | project EventID, ObjectName, TargetUserName, LogonType, IpAddress, Computer',
  'Event | where Source == "Microsoft-Windows-Sysmon" | summarize count() by EventID',
  'WindowsEvent | where EventID == 1 | project Image = tostring(EventData.Image), Channel | take 0',
  'imAuthentication | summarize Logons = countif(EventType == "Logon"), Failed = countif(EventResult == "Failure") by TargetUsername',
  'DeviceLogonEvents | project ActionType, AccountName, LogonType, RemoteIP',
  'DeviceEvents | extend Query = tostring(AdditionalFields.DnsQueryString) | summarize count() by ActionType, Query',
  'imProcessCreate | join kind=leftouter (imNetworkSession | project DvcHostname, SrcProcessId, DstIpAddr) on DvcHostname, $left.TargetProcessId == $right.SrcProcessId | project TargetProcessName, DstIpAddr',
  'DeviceInfo | summarize by DeviceName, OSPlatform',
  'union isfuzzy=true SigninLogs, NoSuchTable, Syslog | count',
  'imProcessCreate | summarize count() by bin(TimeGenerated, 1h)',
];

const folder = mkdtempSync(join(tmpdir(), 'stored-queries-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const CAPTURES = ['windows-telemetry', 'linux-audit'];

/** Of each file so many lines, evenly taken but for the audit log, whose lines belong together. */
const LINES = 60;

function eventsOf(root: string): readonly Event[] {
  return readdirSync(root)
    .filter((name) => !name.endsWith('.txt'))
    .flatMap((name) => {
      const bytes = readFileSync(join(root, name));
      const lines = (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString().trimEnd().split('\n');
      const step = name.endsWith('.log') ? 1 : Math.max(1, Math.floor(lines.length / LINES));
      return readEvents(
        lines
          .filter((_, at) => at % step === 0)
          .slice(0, 2 * LINES)
          .join('\n'),
      ).events;
    });
}

test('the answers over stored captures are the reference’s', async (context) => {
  requireCorpora(context, 'windows-telemetry');
  const written = CAPTURES.flatMap((name) => eventsOf(requireCorpora(context, name))).flatMap(
    (event) => writtenEvent(event, false) ?? [],
  );
  const { store } = await openSegments(folder, { limits: { ...EVENT_LIMITS, keepMs: 1e14 }, logBytes: 1 });
  try {
    const half = Math.floor(written.length / 2);
    await store.append(written.slice(0, half));
    while (await store.prune(0));
    await store.append(written.slice(half));
    const events: Event[] = [];
    for await (const record of store.scan({})) events.push(eventOfRecord(record));
    expect(events.length).toBeGreaterThan(200);
    const rows = new Map(
      KUSTO_TABLES.map((table) => [
        table.names[0],
        { table, rows: () => events.filter((event) => isRow(table, event)).map((event) => rowOf(table, event)) },
      ]),
    );
    const now = 17_000_000_000_000_000n;
    const differing: unknown[] = [];
    const none: string[] = [];
    for (const query of QUERIES) {
      const { plan, diagnostics } = await compileTableQuery(query, {});
      if (plan === undefined) throw new Error(`${query}: ${JSON.stringify(diagnostics)}`);
      const answer = await runPlanOverStore(plan, { store, now });
      const relation = new EventScans(KUSTO_TABLES, now).bound(plan.relation);
      const expected = evaluateRelation(relation, {
        now,
        tables: (scan) => rows.get(scan.table)?.rows() ?? [],
        external: () => [],
      });
      if (expected.length === 0) none.push(query);
      const [got, wanted] = [answer.rows, expected].map((all) => all.map((row) => shown(row)));
      if (!plan.isOrdered) for (const all of [got, wanted]) all?.sort();
      if (JSON.stringify(got) !== JSON.stringify(wanted))
        differing.push({ query, got: got?.slice(0, 5), wanted: wanted?.slice(0, 5) });
    }
    expect(differing).toEqual([]);
    expect(none).toEqual([
      'WindowsEvent | where EventID == 1 | project Image = tostring(EventData.Image), Channel | take 0',
    ]);
  } finally {
    await store.close();
  }
});

function shown(row: readonly Cell[]): string {
  return JSON.stringify(row, (_, cell) => (typeof cell === 'bigint' ? `${cell}n` : cell));
}
