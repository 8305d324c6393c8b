/**
 * What is in files of logs, as people read it in a terminal.
 *
 *   12,345 events in 3 files (4.20 MB) in 0.84 s, 14,700 a second
 *   2026-01-01 03:04:05 to 2026-01-02 10:00:00 UTC (1 d 7 h)
 *   ▁▁▂▅█▃▁▁ ▁▂                                          a column is 1 h, the fullest 4,211 events
 *
 *   Formats
 *     auditd           10,000   81 %  ████████████████
 *
 * Colour only adds; names out of logs are printed without control characters.
 */
import { shownText } from '../diagnostic/shown-text.ts';
import type { Counts } from '../engine/bounded-count.ts';
import type { EventsReport } from '../engine/events-report.ts';
import type { FieldReport } from '../engine/field-report.ts';
import { count, size } from './scan-report.ts';
import { printable, type Style } from './terminal.ts';

/** Where the stream has no width of its own. */
const USUAL_WIDTH = 100;
const LONGEST_NAME = 56;
const LONGEST_BAR = 30;
const BLOCKS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** `width` is the terminal's in columns, `Infinity` where there is none. */
export function eventsReportLines(report: EventsReport, style: Style, width: number): readonly string[] {
  const columns = Number.isFinite(width) ? width : USUAL_WIDTH;
  return [
    ...whatWasRead(report, style),
    ...section('Formats', report.formats, report.events, style, columns),
    ...section('Hosts', report.hosts, report.events, style, columns),
    ...section('Kinds', report.kinds, report.events, style, columns),
    ...section('Data streams', report.dataStreams, report.events, style, columns),
    ...(report.unrouted === 0
      ? []
      : [style.dim(`  ${count(report.unrouted, 'event', 'events')} of no known data stream, read by every rule`)]),
    ...notRead(report, style),
  ];
}

/** What of the reading is to be looked at: for standard error, where the events themselves go to a program. */
export function notRead(report: Pick<EventsReport, 'rejects' | 'problems' | 'forced'>, style: Style): string[] {
  const { rejects, problems, forced } = report;
  const lines = [
    ...rejects.byCode.map(
      ({ code, count: times, first }) =>
        `  ${style.yellow('not read')}  ${count(times, 'line', 'lines')} (${code}): ${first.reason} First: ${printable(first.file)}:${first.line}`,
    ),
    ...(forced === 0
      ? []
      : [`  ${style.yellow('incomplete')}  ${count(forced, 'event', 'events')} released before all their lines came`]),
    ...problems.map(
      ({ message, hint }) => `  ${style.red('could not read')}  ${message}${hint === undefined ? '' : ` ${hint}`}`,
    ),
  ];
  return lines.length === 0 ? [] : ['', ...lines];
}

/** Each field with in how many events it is, how many values it has, and the most frequent of them. */
export function fieldLines(
  { fields, notFollowed }: FieldReport,
  events: number,
  style: Style,
  width: number,
): string[] {
  const columns = Number.isFinite(width) ? width : Number.POSITIVE_INFINITY;
  const nameWidth = Math.min(LONGEST_NAME, Math.max(5, ...fields.map(({ field }) => field.length)));
  const room = columns - nameWidth - 2 - 6 - 2 - 7 - 2;
  return [
    style.dim(`${'Field'.padEnd(nameWidth)}  ${'events'.padStart(6)}  ${'values'.padStart(7)}  most frequent`),
    ...fields.map(({ field, events: having, different, manyMore, examples }) => {
      const shown = examples.map(({ name, count: times }) => `${shownText(name, 60)}${times > 1 ? ` ×${times}` : ''}`);
      return [
        shownText(field, nameWidth).padEnd(nameWidth),
        share(having, events).padStart(6),
        `${manyMore ? '>' : ''}${different}`.padStart(7),
        style.dim(room < 10 ? '' : shownText(shown.join(', '), room)),
      ].join('  ');
    }),
    ...(notFollowed ? [style.dim('More fields came than are followed; the first 5,000 are listed.')] : []),
  ];
}

function whatWasRead(report: EventsReport, style: Style): string[] {
  const seconds = report.milliseconds / 1_000;
  const rate = seconds < 0.05 ? '' : `, ${Math.round(report.events / seconds).toLocaleString('en-US')} a second`;
  const head = [
    style.bold(count(report.events, 'event', 'events')) +
      ` in ${count(report.files, 'file', 'files')} (${size(report.bytes)})` +
      ` in ${seconds.toFixed(seconds < 10 ? 2 : 0)} s${rate}`,
  ];
  const { first, last, histogram } = report;
  if (first === undefined || last === undefined || histogram === undefined) return head;
  const length = Date.parse(last) - Date.parse(first);
  const fullest = Math.max(...histogram.counts);
  const average = length < 1_000 ? '' : `, ${rateText(report.events / length)} on average`;
  return [
    ...head,
    first === last ? `${clock(first)} UTC` : `${clock(first)} to ${clock(last)} UTC (${duration(length)}${average})`,
    ...(histogram.counts.length < 2
      ? []
      : [
          style.cyan(sparkline(histogram.counts, fullest)),
          style.dim(`a column is ${duration(histogram.widthMs)}; the fullest has ${count(fullest, 'event', 'events')}`),
        ]),
  ];
}

function section(title: string, counts: Counts, events: number, style: Style, columns: number): string[] {
  if (counts.top.length === 0) return [];
  const { top, rest, different, exceeded } = counts;
  const names = top.map(({ name }) => shownText(name, Math.max(12, Math.min(LONGEST_NAME, columns - 24))));
  const nameWidth = Math.max(...names.map((name) => name.length));
  const countWidth = Math.max(...top.map(({ count: times }) => times.toLocaleString('en-US').length));
  const room = Math.min(LONGEST_BAR, columns - nameWidth - countWidth - 14);
  const most = top[0]?.count ?? 1;
  return [
    '',
    style.bold(title),
    ...top.map(({ count: times }, at) => {
      const bar = room < 4 ? '' : `  ${style.cyan('█'.repeat(Math.max(1, Math.round((times / most) * room))))}`;
      return `  ${(names[at] as string).padEnd(nameWidth)}  ${times.toLocaleString('en-US').padStart(countWidth)}  ${share(times, events).padStart(6)}${bar}`;
    }),
    ...(rest === 0
      ? []
      : [
          style.dim(
            `  and ${exceeded ? 'more than ' : ''}${(different - top.length).toLocaleString('en-US')} others with ${count(rest, 'event', 'events')}`,
          ),
        ]),
  ];
}

function sparkline(counts: readonly number[], fullest: number): string {
  return counts.map((times) => BLOCKS[times === 0 ? 0 : Math.max(1, Math.round((times / fullest) * 8))]).join('');
}

function share(part: number, whole: number): string {
  const percent = whole === 0 ? 0 : (part / whole) * 100;
  return percent > 0 && percent < 1 ? '<1 %' : `${Math.round(percent)} %`;
}

function clock(iso: string): string {
  return iso.slice(0, 19).replace('T', ' ');
}

/** Events a millisecond, in the unit that gives at least one; seldom ones by the day. */
function rateText(rate: number): string {
  const [unit, length] = UNITS.find(([, ms]) => rate * ms >= 1) ?? (['a day', 86_400_000] as const);
  const times = rate * length;
  return `${times >= 10 ? Math.round(times).toLocaleString('en-US') : times.toPrecision(2)} ${unit}`;
}

const UNITS = [
  ['a second', 1_000],
  ['a minute', 60_000],
  ['an hour', 3_600_000],
  ['a day', 86_400_000],
] as const;

/** The two largest units: `1 d 7 h`. */
function duration(ms: number): string {
  const units: readonly (readonly [string, number])[] = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['min', 60_000],
    ['s', 1_000],
  ];
  const parts: string[] = [];
  let left = ms;
  for (const [unit, length] of units) {
    const whole = Math.floor(left / length);
    if (whole > 0) parts.push(`${whole.toLocaleString('en-US')} ${unit}`);
    left -= whole * length;
  }
  return parts.length === 0 ? `${Math.round(ms)} ms` : parts.slice(0, 2).join(' ');
}
