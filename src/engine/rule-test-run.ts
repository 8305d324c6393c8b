/**
 * One case, run.
 *
 *   events ──▶ detector with this one rule and the case's exceptions ──decide──▶ alerts ──compare──▶ differences, and why
 *
 * The same detector and the same decision as live and in a scan, so that a test cannot pass where the service would stay
 * silent.
 */

import { addFunnels, EMPTY_FUNNEL } from '../detect/decide.ts';
import type { Event } from '../event/event.ts';
import type { LoadedRule } from '../rule/inspect.ts';
import { Detector, MemoryLedger } from './detector.ts';
import { type LoadedExceptions, loadExceptionFiles } from './exception-files.ts';
import type { CaseOutcome, TestCase } from './rule-test.ts';
import { compareCase } from './rule-test-compare.ts';
import { readTestEvents } from './rule-test-events.ts';
import type { RunBatch } from './runs/run-range.ts';
import type { ScanTables, ScanTablesOptions } from './scan-tables.ts';

/** Events kept to explain a difference by; a case with more is explained by the first. */
const MOST_HELD = 5_000;

/** @param own a folder of what rules in Kusto may name */
export async function runCase(rule: LoadedRule, test: TestCase, own?: string): Promise<CaseOutcome> {
  const started = performance.now();
  const exceptions = await loadExceptionsOf(rule, test);
  const detector = new Detector({ rules: [rule], now: Date.now, exceptions: exceptions.set, tallies: {} });
  const held: Event[] = [];
  let events = 0;
  const ledger = new MemoryLedger();
  const tables = await openTables(rule);
  const problems: string[] = [];
  const batches: RunBatch[] = [];
  try {
    const unread = await readTestEvents(test, (event) => {
      events += 1;
      event.keep();
      detector.observe(event);
      tables?.add(event);
      if (held.length < MOST_HELD) held.push(event);
    });
    problems.push(...unread);
    detector.end();
    batches.push(detector.drain(ledger));
    ledger.record(batches[0] as RunBatch);
    problems.push(
      ...(await runTablesOf(
        tables,
        { ledger, exceptions: exceptions.set, uncapped: false, ...(await namesIn(own)) },
        batches,
      )),
    );
  } finally {
    await tables?.close();
  }
  const [alerts, runs] = [batches.flatMap((batch) => batch.alerts), batches.flatMap((batch) => batch.runs)];
  const funnel = runs.reduce((sum, run) => addFunnels(sum, run.funnel), EMPTY_FUNNEL);
  const removed = new Map<string, number>();
  for (const [id, count] of runs.flatMap(({ byException }) => [...(byException ?? [])])) {
    const name = exceptions.names.get(id) ?? id;
    removed.set(name, (removed.get(name) ?? 0) + count);
  }
  const unapplied = exceptions.problems.filter(({ note }) => note === undefined);
  const differences = compareCase({
    rule,
    expect: test.expect,
    events: held,
    alerts: alerts.map(({ alert }) => alert),
    funnel,
    removed,
    exceptedBy: (id, matched) => exceptions.set.exceptedBy(id, matched),
    unread: [...problems, ...unapplied.map(({ message }) => `An exception is not applied: ${message}`)],
  });
  return { events, alerts: alerts.length, differences, milliseconds: performance.now() - started };
}

/** Where the rule is over tables; DuckDB is loaded for such rules only. */
async function openTables(rule: LoadedRule): Promise<ScanTables | undefined> {
  if (rule.tally?.kind !== 'rows' || rule.idle !== undefined) return undefined;
  const { ScanTables } = await import('./scan-tables.ts');
  return new ScanTables([rule]);
}

/** @returns why its query could not be run */
async function runTablesOf(
  tables: ScanTables | undefined,
  options: ScanTablesOptions,
  batches: RunBatch[],
): Promise<readonly string[]> {
  const failed = await tables?.run(options, async (batch) => {
    (options.ledger as MemoryLedger).record(batch);
    batches.push(batch);
  });
  return [...(failed?.values() ?? [])];
}

async function namesIn(own: string | undefined): Promise<Pick<ScanTablesOptions, 'names'>> {
  if (own === undefined) return {};
  const { readOwnSchema } = await import('./tables/own-schema.ts');
  return { names: readOwnSchema(own) };
}

function loadExceptionsOf(rule: LoadedRule, { exceptions }: TestCase): Promise<LoadedExceptions> {
  const own = { rules: [rule.document.id], reason: 'A test.' };
  const files = exceptions.map((one, index) =>
    typeof one === 'string'
      ? one
      : {
          file: 'exceptions',
          text: JSON.stringify({ exceptions: [{ name: `exception ${index + 1}`, ...own, ...one }] }),
        },
  );
  return loadExceptionFiles(files, [rule]);
}
