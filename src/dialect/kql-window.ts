/**
 * Correlations → Kusto.
 *
 *   members ──union──▶ rows in order, group by group ──scan, sessions or a join──▶ one row for what was found
 *
 * How each is decided follows `plan/window.ts`, and Kusto has a way for each that is exact:
 *
 *   at once, events or rules counted, in order   `scan` goes over a group's rows and remembers what a window remembers;
 *                                                what was found uses up what was gathered, so a row is an alert
 *   at once, values counted or summed            every event is joined with those of its group up to a timespan before;
 *                                                a row a group, since no function of Kusto forgets what was used up
 *   at the end                                   `row_window_session` opens a window with the first event in no other
 *
 * Sequences of EQL are scanned like rules in order, but what was found uses up only its own events. Events of one time
 * have no order in a table. Refused: values of a correlation within one, missing events, `head` and `tail`, samples.
 */
import type { Span } from '../diagnostic/span.ts';
import type { CorrelationPlan, WindowPlan } from '../plan/plan.ts';
import type { FieldRef } from '../plan/predicate/node.ts';
import { type Bounds, decidedAtEnd, type Window, type WindowKey, type WindowTest } from '../plan/window.ts';
import type { KqlContext, KqlEmission, KqlSettings, KqlTarget } from './kql.ts';
import { type KqlInner, type KqlKey, type KqlMember, type KqlUnion, kqlUnion } from './kql-branch.ts';
import { scanCount, scanMembers, scanOrder } from './kql-scan.ts';
import { Refusals } from './saying.ts';
import { leastCount, nameOfTest, presenceText } from './window-bounds.ts';

/** What a query finds, before it is given the names that people know. */
interface Found {
  /** Ends with rows of `EventTime` and the columns. */
  readonly lines: readonly string[];
  readonly groups: readonly string[];
  /** Beside the time and the groups. */
  readonly more: readonly string[];
  readonly time: string;
}

/** Plans of more than one event; never throws on any. */
export function emitKqlCorrelation(
  plan: CorrelationPlan | WindowPlan,
  span: Span,
  settings: KqlSettings,
  target: KqlTarget,
): KqlEmission {
  const refusals = new Refusals();
  const emitter = new KqlCorrelation({ settings, target, refusals });
  const found =
    plan.kind === 'window'
      ? emitter.window(plan, plan.window, true)
      : plan.kind === 'sequence'
        ? emitter.sequence(plan)
        : emitter.refuse('EQL’s samples: they ask for no time', span);
  if (found === undefined) return refusals.emission('', span);
  const { lines, groups, more, time } = found;
  const columns = [`${time} = EventTime`, ...more, ...groups];
  const emission = refusals.emission([...lines, `| project ${columns.join(', ')}`].join('\n'), span);
  return emission.query === undefined ? emission : { ...emission, columns: [time, ...more, ...groups] };
}

class KqlCorrelation {
  private readonly context: KqlContext;

  constructor(context: KqlContext) {
    this.context = context;
  }

  /** @param isWhole not one within another */
  window(plan: WindowPlan, window: Window, isWhole: boolean): Found | undefined {
    const { test, groupBy, timespan, span } = window;
    const measured = test.kind === 'value-count' ? 'texts' : test.kind.startsWith('value-') ? 'number' : undefined;
    const members = this.members(plan, window);
    const rows = members === undefined ? undefined : kqlUnion(members, groupBy, measured, this.context);
    if (rows === undefined) return undefined;
    if (decidedAtEnd(test)) return sessions(rows, window);
    switch (test.kind) {
      case 'event-count':
        return scanned(rows, scanCount(leastCount(test.bounds), rows.groups, timespanText(timespan)));
      case 'member-count':
      case 'presence': {
        const found = memberTest(test);
        return scanned(rows, scanMembers(window.members.length, found, rows.groups, timespanText(timespan)));
      }
      case 'in-order': {
        const steps = window.members.length;
        const options = { steps, groups: rows.groups, timespan: timespanText(timespan), until: false, whole: true };
        return scanned(rows, scanOrder(options));
      }
      default:
        if (!isWhole) return this.refuse(`${nameOfTest(test)} within another correlation`, span);
        return joinedWindows(rows, window);
    }
  }

  sequence({ steps, maxspan, until, pipes }: Extract<CorrelationPlan, { kind: 'sequence' }>): Found | undefined {
    const missing = steps.find((step) => step.missing);
    if (missing !== undefined) return this.refuse('that an event is missing between others', missing.span);
    const [pipe] = pipes;
    if (pipe !== undefined) return this.refuse('the first or last matches only', pipe.span);
    const members: KqlMember[] = [];
    const names: string[] = [];
    for (const { predicate, keys, span } of until === undefined ? steps : [...steps, until]) {
      const fields = keys.flatMap(({ value }) => (value.kind === 'field' ? [value.field] : []));
      if (fields.length < keys.length) return this.refuse('keys that are computed', span);
      if (names.length === 0) names.push(...fields.map(({ name }) => name));
      const own = keys.map(({ optional }, at): KqlKey => ({ fields: [fields[at] as FieldRef], optional }));
      members.push({ predicate, span, keys: own, values: [] });
    }
    const rows = kqlUnion(members, names, undefined, this.context);
    if (rows === undefined) return undefined;
    const timespan = maxspan === undefined ? undefined : timespanText(maxspan);
    const options = { steps: steps.length, groups: rows.groups, timespan, until: until !== undefined, whole: false };
    return scanned(rows, scanOrder(options));
  }

  refuse(what: string, span: Span): undefined {
    const message = `Vedette does not say in Kusto: ${what}.`;
    this.context.refusals.refuse('convert-kind', message, span);
    return undefined;
  }

  private members(plan: WindowPlan, { members, span }: Window): readonly (KqlMember | KqlInner)[] | undefined {
    const found: (KqlMember | KqlInner)[] = [];
    for (const { from, keys, values, name } of members) {
      if (from.kind === 'window') {
        if (values.length > 0) return this.refuse(`values of the events of “${name}”`, span);
        const inner = this.inner(plan, from.window, keys);
        if (inner === undefined) return undefined;
        found.push(inner);
        continue;
      }
      const step = plan.steps[from.step];
      if (step === undefined) throw new Error('a member names no step');
      const own = keys.map((key): KqlKey => ({ fields: key.kind === 'field' ? key.fields : [], optional: false }));
      found.push({ predicate: step.predicate, span: step.span, keys: own, values: values.map(({ fields }) => fields) });
    }
    return found;
  }

  private inner(plan: WindowPlan, window: Window, keys: readonly WindowKey[]): KqlInner | undefined {
    const places = keys.flatMap((key) => (key.kind === 'group' ? [key.at] : []));
    if (places.length < keys.length) {
      return this.refuse('a correlation of correlations by what the inner one does not group by', window.span);
    }
    const found = this.window(plan, window, false);
    if (found === undefined) return undefined;
    const groups = places.map((at) => found.groups[at] as string);
    return { text: found.lines.join('\n'), groups, time: found.time };
  }
}

/** Rows in order, group by group, that `scan` goes over. */
function scanned(
  { lines, groups, time }: KqlUnion,
  { lines: scan, more }: { readonly lines: readonly string[]; readonly more: readonly string[] },
): Found {
  return { lines: [...lines, sortedBy(groups), ...scan], groups, more, time };
}

function sortedBy(groups: readonly string[]): string {
  return `| sort by ${[...groups, 'EventTime'].map((name) => `${name} asc`).join(', ')}`;
}

/** Which of the members have to be there, over `IsRecent1` and so on. */
function memberTest(test: Extract<WindowTest, { kind: 'member-count' | 'presence' }>): {
  readonly least?: number;
  readonly condition?: (recent: (member: number) => string) => string;
} {
  if (test.kind === 'member-count') return { least: leastCount(test.bounds) };
  const { condition } = test;
  return { condition: (recent) => presenceText(condition, KUSTO_WORDS, recent) };
}

const KUSTO_WORDS = { and: 'and', or: 'or', not: (text: string) => `not(${text})` };

// --- Windows that are decided when they are over ------------------------------------------------------------------------

function sessions({ lines, groups, time }: KqlUnion, { test, members, timespan }: Window): Found {
  const restart = groups.map((name) => `${name} != prev(${name})`).join(' or ');
  // A session is over where its length is reached, a window where it is exceeded.
  const length = `time(${tickSpan(timespan)})`;
  const session = `row_window_session(EventTime, ${length}, ${length}${restart === '' ? '' : `, ${restart}`})`;
  const by = [...groups, 'WindowStart'].join(', ');
  const measure = measureOf(test, members.length);
  return {
    lines: [
      ...lines,
      sortedBy(groups),
      `| extend WindowStart = ${session}`,
      `| summarize ${measure.summarize}, StartTime = min(EventTime) by ${by}`,
      ...measure.extend.map((text) => `| extend ${text}`),
      `| where ${measure.where}`,
      `| extend EventTime = WindowStart + ${timespanText(timespan)}`,
      '| where EventTime < now()',
    ],
    groups,
    more: ['StartTime', ...(test.kind === 'presence' ? [] : ['Measured'])],
    time,
  };
}

interface MeasureText {
  readonly summarize: string;
  readonly extend: readonly string[];
  readonly where: string;
}

function measureOf(test: WindowTest, count: number): MeasureText {
  const numbers = Array.from({ length: count }, (_, at) => at + 1);
  const one = (summarize: string, bounds: Bounds): MeasureText => ({
    summarize: `Measured = ${summarize}`,
    extend: [],
    where: boundsText(bounds),
  });
  switch (test.kind) {
    case 'event-count':
      return one('count()', test.bounds);
    case 'value-count':
      return one('count_distinct(Value)', test.bounds);
    case 'value-sum':
      return one('sum(Value)', test.bounds);
    case 'value-average':
      return one('avg(Value)', test.bounds);
    case 'value-percentile':
      // Kusto's own percentiles are estimated; this one lies between two values in proportion.
      return {
        summarize: 'Values = array_sort_asc(make_list(Value))',
        extend: [
          `At = (array_length(Values) - 1) * ${test.percentile} / 100.0`,
          'Low = toreal(Values[toint(floor(At, 1))]), High = toreal(Values[toint(ceiling(At))])',
          'Measured = Low + (High - Low) * (At - floor(At, 1))',
        ],
        where: boundsText(test.bounds),
      };
    case 'member-count':
      return count === 1
        ? one('1', test.bounds)
        : one(numbers.map((number) => `toint(countif(IsRule${number}) > 0)`).join(' + '), test.bounds);
    case 'presence': {
      const there = (at: number) => (count === 1 ? 'Count > 0' : `Count${at + 1} > 0`);
      return {
        summarize: count === 1 ? 'Count = count()' : numbers.map((n) => `Count${n} = countif(IsRule${n})`).join(', '),
        extend: [],
        where: presenceText(test.condition, KUSTO_WORDS, there),
      };
    }
    case 'in-order':
      throw new Error('order is not measured');
  }
}

function boundsText(bounds: Bounds): string {
  return bounds.map(({ operator, value }) => `Measured ${operator} ${value}`).join(' and ');
}

// --- Values counted or summed at once -----------------------------------------------------------------------------------

/** Each moment of a group with the events up to a timespan before; two bins hold all of them. */
function joinedWindows({ lines, groups, time }: KqlUnion, { test, timespan }: Window): Found {
  const length = timespanText(timespan);
  const keys = groups.map((name) => `${name}, `).join('');
  const bounds = 'bounds' in test ? boundsText(test.bounds) : 'true';
  const measure = test.kind === 'value-count' ? 'count_distinct(Value)' : 'sum(Value)';
  const by = groups.length === 0 ? '' : ` by ${groups.join(', ')}`;
  return {
    lines: [
      `let Events = materialize(\n${indented(lines)});`,
      'Events',
      `| distinct ${keys}EventTime`,
      `| extend Bin = bin(EventTime, ${length})`,
      '| join kind=inner (',
      '    Events',
      `    | mv-expand Bin = pack_array(bin(EventTime, ${length}), bin(EventTime, ${length}) + ${length}) to typeof(datetime)`,
      `    | project ${keys}Bin, StartTime = EventTime, Value`,
      `) on ${keys}Bin`,
      `| where StartTime between (EventTime - ${length} .. EventTime)`,
      `| summarize Measured = ${measure}, StartTime = min(StartTime) by ${keys}EventTime`,
      `| where ${bounds}`,
      `| summarize Measured = max(Measured), StartTime = min(StartTime), EventTime = max(EventTime)${by}`,
    ],
    groups,
    more: ['StartTime', 'Measured'],
    time,
  };
}

function indented(lines: readonly string[]): string {
  return lines
    .join('\n')
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
}

// --- Spans of time ------------------------------------------------------------------------------------------------------

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

function timespanText(ms: number): string {
  const unit = UNITS.find(([, size]) => ms % size === 0);
  return unit === undefined ? `${ms}ms` : `${ms / unit[1]}${unit[0]}`;
}

/** A tick longer than so many milliseconds: `0.00:10:00.0000001`. */
function tickSpan(ms: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const [days, rest] = [Math.floor(ms / 86_400_000), ms % 86_400_000];
  const fraction = String((ms % 1000) * 10_000 + 1).padStart(7, '0');
  return `${days}.${two(rest / 3_600_000)}:${two((rest / 60_000) % 60)}:${two((rest / 1000) % 60)}.${fraction}`;
}
