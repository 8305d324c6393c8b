/**
 * The one check of an exception, used by the engine, the form and the import: what passes it is applied as it says, and
 * what the engine could not apply as it says does not pass.
 *
 *   draft ──name, rules, condition, times──▶ findings, each at the part it is about ──▶ and the whole in a sentence
 */
import { type Diagnostic, diagnose } from '../../diagnostic/diagnostic.ts';
import { nearestName } from '../../diagnostic/nearest.ts';
import { shownText } from '../../diagnostic/shown-text.ts';
import { NO_SPAN } from '../../diagnostic/span.ts';
import { parseTime } from '../../event/time.ts';
import type { ValueListType } from '../exception.ts';
import { checkEntry } from './check-entry.ts';
import { checkEntries, checkPredicate, isNarrowed } from './check-reach.ts';
import { describeException } from './describe.ts';
import type { ExceptionCheck, ExceptionDraft, ExceptionFinding } from './draft.ts';
import { findOpenPlaces } from './open-place.ts';
import { checkWindow } from './time-window.ts';

export interface CheckContext {
  /** The value lists there are, by id. */
  readonly lists: ReadonlyMap<
    string,
    { readonly type: ValueListType; readonly size: number; readonly overfull?: string }
  >;
  /** The rules there are, with how many events a match has; absent where they are not known: then no rule is unknown. */
  readonly rules?: readonly { readonly id: string; readonly name: string; readonly steps?: number }[];
  /** Vendor fields that are known to occur, beside ECS's. */
  readonly fields?: Iterable<string>;
  /** Epoch milliseconds. */
  readonly now: number;
}

const MOST_ENTRIES = 1_000;
const MOST_WINDOWS = 100;
const MOST_STEPS = 256;
const MOST_SHORT = 5;
const LONGEST_QUERY = 65_536;

/** Never throws, whatever the texts in the draft are; asynchronous because Kusto's parser is. */
export async function checkException(draft: ExceptionDraft, context: CheckContext): Promise<ExceptionCheck> {
  const findings = [
    ...checkName(draft),
    ...checkRules(draft, context),
    ...(await checkCondition(draft, context)),
    ...checkTimes(draft, context),
  ];
  const { condition } = draft;
  const narrowed = condition.kind === 'entries' && isNarrowed(condition.entries);
  const sentence = describeException(draft, context);
  return { findings, sentence, ...(narrowed ? { narrowed: true as const } : {}) };
}

/** Puts a diagnostic at a part of the draft. */
function at(place: string, diagnostic: Diagnostic): ExceptionFinding {
  return { ...diagnostic, at: place };
}

function* checkName({ name }: ExceptionDraft): Iterable<ExceptionFinding> {
  if (name.trim() === '') yield empty('name', 'The exception has no name.');
  if (name.length > 1_000) yield tooLarge('name', 'The name is longer than 1,000 characters.');
}

function* checkRules({ rules, step }: ExceptionDraft, context: CheckContext): Iterable<ExceptionFinding> {
  if (step !== undefined && !(Number.isInteger(step) && step >= 1 && step <= MOST_STEPS)) {
    const hint = 'Count the steps of the sequence from 1, or leave it out for any of its events.';
    yield at('step', diagnose('exception-step', 'error', `There is no step ${step}.`, NO_SPAN, hint));
  }
  if (rules === 'all') return;
  if (rules.length === 0) {
    yield empty('rules', 'The exception belongs to no rule.', 'Name rules, or all of them.');
  }
  const known = context.rules;
  if (known === undefined) return;
  yield* checkStepOf(rules, step, known);
  const ids = new Set(known.map(({ id }) => id));
  for (const [index, id] of rules.entries()) {
    if (ids.has(id)) continue;
    const near = nearestName(id, ids);
    const message = `There is no rule “${shownText(id, 60)}”.`;
    const hint = near === undefined ? 'It takes effect when such a rule comes.' : `Did you mean ${near}?`;
    yield at(`rules.${index}`, diagnose('exception-rule-unknown', 'warning', message, NO_SPAN, hint));
  }
}

/** A step that none of the rules has removes nothing; one that only some have, nothing of the others. */
function* checkStepOf(
  ids: readonly string[],
  step: number | undefined,
  rules: NonNullable<CheckContext['rules']>,
): Iterable<ExceptionFinding> {
  if (step === undefined) return;
  const concerned = rules.filter(({ id }) => ids.includes(id));
  const short = concerned.filter(({ steps }) => steps !== undefined && step > steps);
  const severity = short.length === ids.length ? 'error' : 'warning';
  for (const { name, steps } of short.slice(0, MOST_SHORT)) {
    const has = steps === 1 ? 'is about single events' : `has ${steps} steps`;
    const message = `“${shownText(name, 60)}” ${has}: there is no step ${step} in it.`;
    const hint = 'Count the steps of the sequence from 1, or leave it out for any of its events.';
    yield at('step', diagnose('exception-step', severity, message, NO_SPAN, hint));
  }
}

async function checkCondition(draft: ExceptionDraft, context: CheckContext): Promise<readonly ExceptionFinding[]> {
  const { condition } = draft;
  const open = draft.scenario === undefined ? [] : findOpenPlaces(condition);
  if (open.length > 0) return open;
  if (condition.kind === 'query') return checkQuery(condition);
  const { entries } = condition;
  if (entries.length === 0)
    return [empty('condition.entries', 'The exception says nothing of the events it is about.')];
  if (entries.length > MOST_ENTRIES) {
    return [tooLarge('condition.entries', `The exception has more than ${MOST_ENTRIES} entries.`)];
  }
  return [
    ...entries.flatMap((entry, index) => [...checkEntry(entry, `condition.entries.${index}`, context)]),
    ...checkEntries(entries),
  ];
}

async function checkQuery(condition: Extract<ExceptionDraft['condition'], { kind: 'query' }>) {
  const place = 'condition.query';
  if (condition.query.trim() === '') return [empty(place, 'The query is empty.')];
  if (condition.query.length > LONGEST_QUERY) {
    return [tooLarge(place, `The query is longer than ${LONGEST_QUERY} characters.`)];
  }
  // All rule languages, for exceptions that are written in one.
  const { compileQuery } = await import('./compile-query.ts');
  const { predicate, diagnostics } = await compileQuery(condition);
  const findings = diagnostics.map((diagnostic) => at(place, diagnostic));
  return predicate === undefined ? findings : [...findings, ...checkPredicate(predicate)];
}

function* checkTimes({ expires, windows }: ExceptionDraft, { now }: CheckContext): Iterable<ExceptionFinding> {
  const end = expires === undefined ? undefined : parseTime(expires);
  if (expires !== undefined && end === undefined) {
    const message = `“${shownText(expires, 40)}” is no time.`;
    yield at('expires', diagnose('exception-time', 'error', message, NO_SPAN, 'Write it as 2027-01-31T18:00:00Z.'));
  } else if (end !== undefined && end.ms <= now) {
    const message = 'The exception has expired.';
    const hint = 'It still removes matches on events from before that time.';
    yield at('expires', diagnose('exception-expired', 'warning', message, NO_SPAN, hint));
  }
  if (windows === undefined) return;
  if (windows.length === 0)
    yield empty('windows', 'The exception has no time window, so it never holds.', 'Leave windows out for always.');
  if (windows.length > MOST_WINDOWS) {
    yield tooLarge('windows', `The exception has more than ${MOST_WINDOWS} time windows.`);
    return;
  }
  for (const [index, window] of windows.entries()) {
    const fault = checkWindow(window);
    if (fault === undefined) continue;
    const message = `In the time window, ${fault.message}.`;
    yield at(`windows.${index}.${fault.key}`, diagnose('exception-time', 'error', message, NO_SPAN, fault.hint));
  }
}

function empty(place: string, message: string, hint?: string): ExceptionFinding {
  return at(place, diagnose('exception-empty', 'error', message, NO_SPAN, hint));
}

function tooLarge(place: string, message: string): ExceptionFinding {
  return at(place, diagnose('exception-too-large', 'error', message));
}
