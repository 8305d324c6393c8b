/**
 * What a correlation remembers from event to event, for Kusto's `scan`.
 *
 *   rows by group and time ──one step that takes every row──▶ each with what is remembered after it ──▶ those that found
 *
 * A step's assignments see the row and, by the step's name, the row before with what it remembered. A row of another
 * group remembers nothing of it. `NEVER` is a time before all events.
 */

export interface Scan {
  readonly lines: readonly string[];
  /** Columns of use to a reader. */
  readonly more: readonly string[];
}

const NEVER = 'datetime(1900-01-01)';

/** So many of the group's last events lie within the timespan; an event counts for one alert. */
export function scanCount(least: number, groups: readonly string[], timespan: string): Scan {
  const run = `iff(${carries(groups, true)}, prior.Run + 1, 1)`;
  return {
    lines: [
      ...sameGroup(groups),
      `| extend StartTime = ${least === 1 ? 'EventTime' : `prev(EventTime, ${least - 1})`}`,
      scan(['Run: long = 0', 'Found: bool = false'], {
        Run: run,
        Found: `${run} >= ${least} and EventTime - StartTime <= ${timespan}`,
      }),
      '| where Found',
    ],
    more: ['StartTime'],
  };
}

export interface MembersWanted {
  readonly least?: number;
  /** Over whether each member was there; instead of `least`. */
  readonly condition?: (recent: (member: number) => string) => string;
}

/** So many of the rules, or those that a condition names, within the timespan, in any order. */
export function scanMembers(
  count: number,
  { least = 1, condition }: MembersWanted,
  groups: readonly string[],
  timespan: string,
): Scan {
  const carry = carries(groups, true);
  const is = (at: number) => (count === 1 ? 'true' : `IsRule${at + 1}`);
  const numbers = Array.from({ length: count }, (_, at) => at);
  const since = (at: number) => `iff(${is(at)}, EventTime, iff(${carry}, prior.Since${at + 1}, ${NEVER}))`;
  const recent = (at: number) => `${since(at)} >= EventTime - ${timespan}`;
  const found =
    condition === undefined
      ? `${numbers.map((at) => `toint(${recent(at)})`).join(' + ')} >= ${least}`
      : condition((at) => `(${recent(at)})`);
  const columns = numbers.map((at) => `Since${at + 1}`);
  return {
    lines: [
      ...sameGroup(groups),
      scan([...columns.map((name) => `${name}: datetime = ${NEVER}`), 'Found: bool = false'], {
        ...Object.fromEntries(numbers.map((at) => [`Since${at + 1}`, since(at)])),
        Found: found,
      }),
      '| where Found',
    ],
    more: [],
  };
}

export interface OrderOptions {
  readonly steps: number;
  readonly groups: readonly string[];
  /** From the first event to the last; absent for no limit. */
  readonly timespan: string | undefined;
  /** The member after the last step ends what has begun. */
  readonly until: boolean;
  /** Whether what was found uses up all that the group has begun, or only its own events. */
  readonly whole: boolean;
}

/**
 * One event for each step, in order. `SinceK` is when the latest chain began that waits for its next event after K. An
 * event takes the latest chain before it, the steps from the last to the first, so that none follows itself.
 */
export function scanOrder({ steps, groups, timespan, until, whole }: OrderOptions): Scan {
  const is = (at: number) => (steps + Number(until) === 1 ? 'true' : `IsRule${at + 1}`);
  const carry = carries(groups, whole);
  const before = (at: number) =>
    carry === 'true' ? `prior.Since${at + 1}` : `iff(${carry}, prior.Since${at + 1}, ${NEVER})`;
  const isOpen = (at: number) =>
    timespan === undefined ? `${before(at)} > ${NEVER}` : `${before(at)} >= EventTime - ${timespan}`;
  const waiting = Array.from({ length: steps - 1 }, (_, at) => at);
  const since = (at: number) => {
    const left = `iff(${is(at + 1)}, ${NEVER}, ${before(at)})`;
    const begun =
      at === 0
        ? `iff(${is(0)}, EventTime, ${left})`
        : `iff(${is(at)} and ${isOpen(at - 1)}, ${before(at - 1)}, ${left})`;
    return until ? `iff(${is(steps)}, ${NEVER}, ${begun})` : begun;
  };
  const last = steps - 1;
  return {
    lines: [
      ...sameGroup(groups),
      scan(
        [...waiting.map((at) => `Since${at + 1}: datetime = ${NEVER}`), 'StartTime: datetime', 'Found: bool = false'],
        {
          ...Object.fromEntries(waiting.map((at) => [`Since${at + 1}`, since(at)])),
          StartTime: last === 0 ? 'EventTime' : before(last - 1),
          Found: last === 0 ? is(0) : `${is(last)} and ${isOpen(last - 1)}`,
        },
      ),
      '| where Found',
    ],
    more: ['StartTime'],
  };
}

function sameGroup(groups: readonly string[]): readonly string[] {
  if (groups.length === 0) return [];
  return [`| extend IsSame = ${groups.map((name) => `${name} == prev(${name})`).join(' and ')}`];
}

/** Whether the row goes on with what the row before remembered. */
function carries(groups: readonly string[], usesUp: boolean): string {
  const parts = [...(groups.length === 0 ? [] : ['IsSame']), ...(usesUp ? ['not(prior.Found)'] : [])];
  return parts.length === 0 ? 'true' : parts.join(' and ');
}

function scan(declared: readonly string[], assigned: Readonly<Record<string, string>>): string {
  const assignments = Object.entries(assigned).map(([name, text]) => `${name} = ${text}`);
  return `| scan declare (${declared.join(', ')}) with (\n    step prior: true =>\n        ${assignments.join(',\n        ')};\n)`;
}
