import { expect, it } from 'vitest';
import { addFunnels, EMPTY_FUNNEL } from '../detect/decide.ts';
import { openStream } from '../format/stream.ts';
import { bytesOf, spoiling } from '../match/spoiled-lines.fixture.ts';
import { inspectText } from '../rule/inspect.ts';
import { Detector, MemoryLedger } from './detector.ts';

const RULE =
  "title: file\nid: file\nlogsource:\n  category: file_event\n  product: windows\ndetection:\n  sel:\n    TargetFilename|contains: 'secret'\n  condition: sel\n";
const LINES = 6_000;

/** Lines of three slots. */
const lines = Array.from({ length: LINES }, (_, at) =>
  JSON.stringify({
    EventID: 11,
    Channel: 'Microsoft-Windows-Sysmon/Operational',
    SourceName: 'Microsoft-Windows-Sysmon',
    Hostname: 'pc',
    EventTime: `2025-01-02 03:${at % 7 === 0 ? '09' : at % 3 === 0 ? '24' : '04'}:05`,
    Image: 'C:\\a.exe',
    TargetFilename: `C:\\${at % 2 === 0 ? 'secret' : 'x'}`,
  }),
);

/** What alerts, and what is counted, where alerts are decided after every 500 lines, each read twice from the same place. */
function found(isLedgerWhole: boolean) {
  const rules = inspectText(RULE, 'file.yml').flatMap(({ rule }) => (rule === undefined ? [] : [rule]));
  const detector = new Detector({ rules, now: () => 0, maxAlerts: 30, isLedgerWhole });
  const ledger = new MemoryLedger();
  const settings = { standsInForEndpoint: true, now: () => 0 };
  const sink = {
    event: detector.observe.bind(detector),
    sieved: detector.sieved.bind(detector),
    reject: () => {},
    passed: () => {},
  };
  const filter = detector.lineFilter(settings);
  // What is said of a line is good until the next one comes, and so are its bytes.
  const reader = openStream(settings, sink, filter && spoiling(filter));
  const room = Buffer.alloc(1_024);
  const alerts: string[] = [];
  let funnel = EMPTY_FUNNEL;
  for (let at = 0; at < 2 * LINES; at += 1) {
    const line = at % LINES;
    reader.line({ bytes: bytesOf(room, lines[line] as string), origin: { path: 'x', offset: line, line } });
    if (at % 500 !== 499) continue;
    const decided = detector.drain(ledger);
    ledger.record(decided);
    alerts.push(
      ...decided.alerts.map(({ alert, raw }) => `${JSON.stringify(alert)} ${Buffer.from(raw ?? []).toString()}`),
    );
    for (const run of decided.runs) funnel = addFunnels(funnel, run.funnel);
  }
  return { alerts, funnel };
}

it('counts matches of a run that creates no more as if it had read them', () => {
  const counted = found(true);
  expect(counted).toEqual(found(false));
  expect(counted.alerts).toHaveLength(90);
  expect(counted.alerts.filter((alert) => alert.endsWith('"TargetFilename":"C:\\\\secret"}'))).toHaveLength(90);
  expect(counted.funnel).toMatchObject({ matched: LINES, duplicate: 90, capped: LINES - 180 });
});
