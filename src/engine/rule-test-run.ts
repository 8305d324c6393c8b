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

/** Events kept to explain a difference by; a case with more is explained by the first. */
const MOST_HELD = 5_000;

export async function runCase(rule: LoadedRule, test: TestCase): Promise<CaseOutcome> {
  const started = performance.now();
  const exceptions = await loadExceptionsOf(rule, test);
  const detector = new Detector({ rules: [rule], now: Date.now, exceptions: exceptions.set, tallies: {} });
  const held: Event[] = [];
  let events = 0;
  const problems = await readTestEvents(test, (event) => {
    events += 1;
    event.keep();
    detector.observe(event);
    if (held.length < MOST_HELD) held.push(event);
  });
  detector.end();
  const { alerts, runs } = detector.drain(new MemoryLedger());
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
