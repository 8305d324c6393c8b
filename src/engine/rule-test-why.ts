/**
 * Why a case came out otherwise than expected: what stands between its events and an alert, or what made them match.
 *
 *   rule over one event:   the event that came nearest, with its obstacles
 *   rule over several:     the join key that came farthest and what broke it, and the nearest event of a step that none passes
 */
import type { Alert } from '../detect/alert.ts';
import { describeEvent } from '../detect/sentence.ts';
import { shownText } from '../diagnostic/shown-text.ts';
import type { Event } from '../event/event.ts';
import type { LoadedRule } from '../rule/inspect.ts';
import { correlationOf } from './explain.ts';
import { type ExceptedBy, type ExplainedRule, explainerOf } from './explain-event.ts';
import { explainTogether } from './explain-events.ts';
import type { Obstacle } from './explanation.ts';
import type { ExplainedCorrelation } from './stream-explainer.ts';

const MOST_OBSTACLES = 4;
const MOST_LINES = 8;
const LONGEST_SHOWN = 200;

/** Why no event, or no further one, made the rule alert. */
export function whyNot(rule: LoadedRule, events: readonly Event[], exceptedBy: ExceptedBy): readonly string[] {
  if (events.length === 0) return [];
  const correlation = correlationOf(rule);
  return correlation === undefined
    ? whyNotEvent(rule, events, exceptedBy)
    : whyNotTogether(correlation, events, exceptedBy);
}

/** The messages of all obstacles of each event, for a test that says which of them it expects. */
export function obstaclesOf(
  rule: LoadedRule,
  events: readonly Event[],
  exceptedBy: ExceptedBy,
): readonly (readonly string[])[] {
  if (rule.plan.kind !== 'event') return [whyNot(rule, events, exceptedBy)];
  const explained = explainerOf(rule, exceptedBy);
  return events.map((event) => explained(event).obstacles.map(textOf));
}

/** What made the rule true, of each alert. */
export function whyAlerted(alerts: readonly Alert[]): readonly string[] {
  return alerts.slice(0, MOST_OBSTACLES).map(({ reason, evidence }) => {
    const fields = (evidence.events ?? [evidence.fields]).flatMap((matched) =>
      Object.entries(matched).map(
        ([field, values]) => `${field} is ${values.map(({ value }) => `“${shownText(value, 80)}”`).join(', ')}`,
      ),
    );
    const because = fields.length === 0 ? '' : `, because ${[...new Set(fields)].join('; ')}`;
    return `“${shownText(reason, LONGEST_SHOWN)}”${because}.`;
  });
}

function whyNotEvent(rule: ExplainedRule, events: readonly Event[], exceptedBy: ExceptedBy): readonly string[] {
  const explained = explainerOf(rule, exceptedBy);
  const missed = events.flatMap((event) => {
    const { obstacles } = explained(event);
    return obstacles.length === 0 ? [] : [{ event, obstacles }];
  });
  const nearest = nearestOf(missed);
  if (nearest === undefined) return ['Every event matches; what is missing was a duplicate or over the rule’s cap.'];
  const others = events.length > 1 ? `Of ${events.length} events the nearest miss` : 'The event';
  return [
    `${others}: ${shownText(describeEvent(nearest.event), LONGEST_SHOWN)}`,
    ...nearest.obstacles.slice(0, MOST_OBSTACLES).map(textOf),
  ];
}

function whyNotTogether(
  rule: ExplainedCorrelation,
  events: readonly Event[],
  exceptedBy: ExceptedBy,
): readonly string[] {
  const { keys, steps } = explainTogether(rule, events, 1, exceptedBy);
  const unpassed = steps.flatMap(({ nearest, missing, text }, at) =>
    nearest === undefined || missing
      ? []
      : [`No event passes step ${at + 1}, ${shownText(text, 80)}`, ...nearest.obstacles.map(textOf)],
  );
  const reached = keys.flatMap(({ key, message, steps: its }) => [
    key.length === 0 ? message : `${shownText(key.map(String).join(', '), 80)}: ${message}`,
    ...its.flatMap(({ nearest }) => nearest?.obstacles.map(textOf) ?? []),
  ]);
  return [...reached, ...unpassed].slice(0, MOST_LINES);
}

interface Miss {
  readonly event: Event;
  readonly obstacles: readonly Obstacle[];
}

/** One that is of another sort altogether is no near miss. */
function nearestOf(misses: readonly Miss[]): Miss | undefined {
  let nearest: Miss | undefined;
  for (const miss of misses) if (nearest === undefined || distance(miss) < distance(nearest)) nearest = miss;
  return nearest;
}

const ANOTHER_SORT = 100;

function distance({ obstacles }: Miss): number {
  return obstacles.reduce((sum, { kind }) => sum + (kind === 'wrong-category' ? ANOTHER_SORT : 1), 0);
}

function textOf({ message }: Obstacle): string {
  return message;
}
