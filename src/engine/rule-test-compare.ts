/**
 * What a case expected against what came.
 */
import type { Alert, Funnel } from '../detect/alert.ts';
import { shownText } from '../diagnostic/shown-text.ts';
import type { Event } from '../event/event.ts';
import { valuesAt } from '../event/field-path.ts';
import type { LoadedRule } from '../rule/inspect.ts';
import type { ExceptedBy } from './explain-event.ts';
import type { AlertExpectation, Difference, Expectation } from './rule-test.ts';
import { obstaclesOf, whyAlerted, whyNot } from './rule-test-why.ts';

export interface CaseRun {
  readonly rule: LoadedRule;
  readonly expect: Expectation;
  readonly events: readonly Event[];
  readonly alerts: readonly Alert[];
  readonly funnel: Funnel;
  /** Name of an exception → matches it removed. */
  readonly removed: ReadonlyMap<string, number>;
  readonly exceptedBy: ExceptedBy;
  /** Why events or exceptions could not be read. */
  readonly unread: readonly string[];
}

const LONGEST_SHOWN = 160;
const MOST_SHOWN = 8;

export function compareCase(run: CaseRun): readonly Difference[] {
  const { expect, alerts } = run;
  const differences: Difference[] = run.unread.map((message) => ({ message, why: [] }));
  if (run.unread.length === 0 && run.events.length === 0) {
    differences.push({ message: 'No event was read, so nothing was tested.', why: [] });
  }
  const count = compareCount(run);
  if (count !== undefined) differences.push(count);
  differences.push(...compareExcepted(run), ...compareExplain(run));
  for (const [index, alert] of alerts.entries()) {
    const wanted = [expect.every, expect.each?.[index] ?? {}];
    const name = alerts.length === 1 ? 'the alert' : `alert ${index + 1}`;
    for (const one of wanted)
      for (const message of compareAlert(name, one, alert)) differences.push({ message, why: [] });
  }
  return differences;
}

function compareCount(run: CaseRun): Difference | undefined {
  const { number, atLeast, of } = run.expect.count;
  const came = of === 'alerts' ? run.alerts.length : run.funnel.matched;
  if (came === number || (atLeast && came > number)) return undefined;
  const [one, many] = of === 'alerts' ? ['alert', 'alerts'] : ['match', 'matches'];
  const wanted = number === 0 ? `no ${one}` : `${number} ${number === 1 ? one : many}`;
  const message = `Expected ${atLeast ? 'at least ' : ''}${wanted}; ${came === 0 ? 'none' : came} came.`;
  if (came > number) return { message, why: whyAlerted(run.alerts.slice(run.expect.each === undefined ? 0 : number)) };
  const idle = run.rule.idle === undefined ? [] : [`The rule is idle: ${run.rule.idle}`];
  return { message, why: [...idle, ...whyNot(run.rule, run.events, run.exceptedBy)] };
}

function* compareExcepted({ expect: { excepted }, funnel, removed }: CaseRun): Iterable<Difference> {
  if (excepted === undefined) return;
  const why = [...removed].map(([name, count]) => `“${shownText(name, 80)}” removed ${count}.`);
  if (typeof excepted === 'number') {
    if (funnel.excepted === excepted) return;
    yield { message: `Expected exceptions to remove ${excepted}; they removed ${funnel.excepted}.`, why };
  } else if (!removed.has(excepted)) {
    yield { message: `Expected the exception “${shownText(excepted, 80)}” to remove a match; it removed none.`, why };
  }
}

function* compareExplain(run: CaseRun): Iterable<Difference> {
  const { explain } = run.expect;
  if (explain.length === 0 || run.alerts.length > 0) return;
  const reasons = obstaclesOf(run.rule, run.events, run.exceptedBy);
  const isTold = (messages: readonly string[]) => explain.every((part) => messages.some((text) => text.includes(part)));
  if (reasons.some(isTold)) return;
  const wanted = explain.map((part) => `“${shownText(part, 80)}”`).join(' and ');
  const why = whyNot(run.rule, run.events, run.exceptedBy);
  yield { message: `No alert came, as expected, but for another reason than ${wanted}.`, why };
}

function* compareAlert(name: string, expected: AlertExpectation, alert: Alert): Iterable<string> {
  const { severity, riskScore, sentence, evidence, fields, events, joinKeys } = expected;
  const differs = (what: string, wanted: unknown, came: unknown) =>
    `Expected ${what} of ${name} to be ${shown(wanted)}; it is ${shown(came)}.`;
  if (severity !== undefined && severity !== alert.severity) yield differs('the severity', severity, alert.severity);
  if (riskScore !== undefined && riskScore !== alert.risk_score) {
    yield differs('the risk score', riskScore, alert.risk_score);
  }
  if (sentence !== undefined && !alert.reason.includes(sentence)) {
    yield `Expected the sentence of ${name} to say ${shown(sentence)}; it is ${shown(alert.reason)}.`;
  }
  if (events !== undefined && events !== alert.events.length) {
    yield differs('the number of events', events, alert.events.length);
  }
  const keys = (alert.join_keys ?? []).map(String);
  if (joinKeys !== undefined && joinKeys.join('\n') !== keys.join('\n')) {
    yield differs('the join keys', joinKeys.join(', '), keys.join(', '));
  }
  const marked = (field: string) =>
    [alert.evidence.fields, ...(alert.evidence.events ?? [])].flatMap((matched) =>
      (matched[field] ?? []).map(({ value }) => value),
    );
  for (const [field, wanted] of Object.entries(evidence ?? {})) {
    yield* lacking(wanted, marked(field), (value) => `${field} ${shown(value)} to be evidence of ${name}`);
  }
  for (const [field, wanted] of Object.entries(fields ?? {})) {
    const came = alert.events.flatMap((event) => valuesAt(event, field)).map(String);
    yield* lacking(wanted, came, (value) => `${field} of ${name} to be ${shown(value)}`);
  }
}

function* lacking(
  wanted: readonly string[],
  came: readonly string[],
  say: (value: string) => string,
): Iterable<string> {
  for (const value of wanted) {
    if (came.includes(value)) continue;
    const others = came.length === 0 ? 'there is none' : `there is ${came.slice(0, MOST_SHOWN).map(shown).join(', ')}`;
    yield `Expected ${say(value)}; ${others}.`;
  }
}

function shown(value: unknown): string {
  return typeof value === 'string' ? `“${shownText(value, LONGEST_SHOWN)}”` : String(value);
}
