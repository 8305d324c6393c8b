/**
 * Whether the service does its work: what `GET /ready` answers, 200 or 503.
 *
 * Not ready is what somebody has to see to, or what passes by itself in a moment (a start, a long commit). What is wrong
 * with one source, or with keeping events, keeps nothing else from working: such things are notes.
 */
import type { Status } from './api.ts';
import type { Readiness } from './system-api.ts';

/** The working thread says every second how it is. */
export const LONGEST_SILENCE_MS = 15_000;

export interface ReadinessFacts {
  readonly status: Status;
  /** Milliseconds since the working thread was heard of; `Infinity` before the first time. */
  readonly silenceMs: number;
  readonly isEnding: boolean;
}

export function readinessOf({ status, silenceMs, isEnding }: ReadinessFacts): Readiness {
  const reasons: string[] = [];
  if (isEnding) reasons.push('The service is ending.');
  if (silenceMs === Number.POSITIVE_INFINITY) reasons.push('The working thread has only just begun.');
  else if (silenceMs > LONGEST_SILENCE_MS) {
    reasons.push(`The working thread has not been heard of for ${Math.round(silenceMs / 1_000)} seconds.`);
  }
  return { ready: reasons.length === 0, reasons, notes: notesOf(status) };
}

function notesOf({ events, sources, rules, funnel, rule_repositories: repositories = [] }: Status): readonly string[] {
  const failed = sources.filter(({ state }) => state === 'failed');
  return [
    ...clockNote(funnel.clock_behind_ms ?? 0),
    ...(events?.problem === undefined ? [] : [`Events are not stored (${events.waiting} wait): ${events.problem}`]),
    ...(events?.missing === undefined ? [] : [missingNote(events.missing)]),
    ...failed.map(({ name, note }) => `The source ${name} failed${note === undefined ? '.' : `: ${note}`}`),
    ...repositories.flatMap(({ repository, problem }) =>
      problem === undefined ? [] : [`The rules of ${repository} are not fetched: ${problem}`],
    ),
    ...(rules.kept === undefined
      ? []
      : [`Files of rules are broken; ${rules.kept} run${rules.kept === 1 ? 's' : ''} on as before.`]),
    ...(rules.failed === 0 ? [] : [`${rules.failed} ${rules.failed === 1 ? 'rule does' : 'rules do'} not run.`]),
  ];
}

function clockNote(behindMs: number): readonly string[] {
  if (behindMs === 0) return [];
  const seconds = Math.ceil(behindMs / 1_000);
  const span = seconds < 120 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
  return [
    `The clock of this machine was set back by ${span}. Until it has caught up, rules over several events are decided by runs over the stored events, some minutes later.`,
  ];
}

function missingNote(count: number): string {
  const events = count === 1 ? 'One event that was' : `${count} events that were`;
  return `${events} acknowledged could not be found at the start: the log in the data folder was cut off. Alerts are kept apart from it.`;
}
