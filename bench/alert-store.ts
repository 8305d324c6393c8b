/**
 * How long the state store takes to answer what the page asks, over 100,000 alerts on disk.
 *
 *   node bench/alert-store.ts [alerts]
 *
 * Prints one line a question: median and worst of 15 runs in milliseconds. Each must stay under 100 ms: the service
 * answers them on the thread that serves HTTP, and a person who clicks takes that for at once.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manyAlerts } from '../src/store/alert.fixture.ts';
import { ALERT_SORTS } from '../src/store/alert-order.ts';
import { openStateStore } from '../src/store/open-state-store.ts';
import type { NewAlert, StateStore } from '../src/store/state-store.ts';

const RUNS = 15;
const total = Number(process.argv[2] ?? 100_000);
const folder = mkdtempSync(join(tmpdir(), 'vedette-bench-'));

try {
  const writer = openStateStore(folder);
  fill(writer);
  const store = openStateStore(folder, { readOnly: true });
  const midMonth = new Date(Date.UTC(2026, 1, 1) + total * 10_000).toISOString();
  const deep = pagesIn(store, 20);

  for (const sort of ALERT_SORTS) measure(`list sort=${sort}`, () => store.alerts({ sort }));
  measure('list all statuses', () => store.alerts({ status: 'open,acknowledged,closed' }));
  measure('list status=closed', () => store.alerts({ status: 'closed' }));
  measure('list severity=critical', () => store.alerts({ severity: 'critical' }));
  measure('list host', () => store.alerts({ host: 'host-017' }));
  measure('list host sort=-severity', () => store.alerts({ host: 'host-017', sort: '-severity' }));
  measure('list rule', () => store.alerts({ rule: 'rule-7' }));
  measure('list user', () => store.alerts({ user: 'user3' }));
  measure('list from', () => store.alerts({ from: midMonth }));
  measure('list page 20', () => store.alerts({ cursor: deep }));
  measure('search, common words', () => store.alerts({ q: 'python http' }));
  measure('search, rare word', () => store.alerts({ q: 'share/99991' }));
  measure('search, no result', () => store.alerts({ q: 'mimikatz' }));
  measure('histogram', () => store.histogram({}, 60));
  measure('histogram, half', () => store.histogram({ from: midMonth }, 60));
  measure('histogram, search', () => store.histogram({ q: 'share/99991' }, 60));
  measure('histogram, severity', () => store.histogram({ severity: 'low' }, 60));
  measure('counts', () => store.counts());
  measure('alerts by rule', () => store.alertsByRule());
  const some = store.alerts({ limit: 1 }).alerts[0]?.id ?? '';
  measure('one alert', () => store.alert(some));
  for (const sort of ['-time', '-severity', 'host'] as const) {
    measure(`folded sort=${sort}`, () => store.alerts({ fold: 'process', sort }));
  }
  measure('folded severity=critical', () => store.alerts({ fold: 'process', severity: 'critical' }));
  measure('folded status=closed', () => store.alerts({ fold: 'process', status: 'closed' }));
  measure('folded host', () => store.alerts({ fold: 'process', host: 'host-017' }));
  measure('folded rule', () => store.alerts({ fold: 'process', rule: 'rule-7' }));
  measure('folded search', () => store.alerts({ fold: 'process', q: 'share/99991' }));
  measure('members', () => store.triage.members(some));
  measure('incidents', () => store.triage.incidents({}));
  measure('incidents of all statuses', () => store.triage.incidents({ status: 'all', limit: 100 }));
  measure('incidents closed', () => store.triage.incidents({ status: 'closed' }));
  measure('incidents host, from', () => store.triage.incidents({ host: 'host-017', from: midMonth }));
  const incident = store.alert(some)?.incident ?? '';
  measure('one incident', () => store.triage.incident(incident));
  measure('alerts of an incident', () => store.alerts({ incident }));
  measure('alerts of a user', () => store.triage.alertsLike('user', 'user3', 10_000));
  measure('alerts of a program', () => store.triage.alertsLike('hash', '1'.padStart(64, '0'), 10_000));
  measure('alerts of a process', () => store.triage.alertsByProcess('host-017', ['process-100', 'process-104']));
  measure('add a note', () => writer.triage.addNote(some, { text: 'seen', by: 'ana', time: midMonth }));
  measure('do a step', () => writer.triage.setStep(some, 'Isolate the host', { by: 'ana', time: midMonth }));
  measure('set status', () => writer.setStatus(some, { status: 'acknowledged', time: midMonth }));
  store.close();
  writer.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function fill(store: StateStore): void {
  const start = performance.now();
  let batch: NewAlert[] = [];
  let n = 0;
  for (const alert of manyAlerts(total)) {
    batch.push(alert);
    n += 1;
    if (batch.length < 1_000 && n < total) continue;
    store.commit({ alerts: batch, positions: [{ source: 'bench', position: String(n) }], runs: [] });
    batch = [];
  }
  console.log(`${total} alerts stored in ${((performance.now() - start) / 1_000).toFixed(1)} s`);
}

function pagesIn(store: StateStore, pages: number): string {
  let cursor = '';
  for (let page = 0; page < pages; page += 1) cursor = store.alerts(cursor === '' ? {} : { cursor }).next ?? '';
  return cursor;
}

function measure(name: string, action: () => unknown): void {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const start = performance.now();
    action();
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const [median, worst] = [times[RUNS >> 1] as number, times[RUNS - 1] as number];
  console.log(`${name.padEnd(26)} ${median.toFixed(1).padStart(7)} ${worst.toFixed(1).padStart(7)}`);
}
