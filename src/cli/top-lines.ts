/**
 * The screen of `vedette top`: a report in as many columns and rows as there are.
 *
 *   heading, events a second with their last minute, then sources, rules with their funnel, and what the machine gives
 *
 * Names come from files and rules of others and are made harmless; the widths count code points.
 */
import type { RuleLoad, SourceLoad, SystemReport } from '../serve/system-api.ts';
import { printable, type Style } from './terminal.ts';

export interface TopLook {
  readonly look: Style;
  readonly columns: number;
  readonly rows: number;
  /** Why the report is no longer new. */
  readonly trouble?: string;
}

const NARROWEST = 60;
const WIDEST = 160;
/** Rows that everything but sources and rules takes. */
const OTHER_ROWS = 15;
const BARS = '▁▂▃▄▅▆▇█';

export function topLines(report: SystemReport, { look, columns, rows, trouble }: TopLook): readonly string[] {
  const width = Math.min(WIDEST, Math.max(NARROWEST, columns));
  const left = Math.max(6, rows - OTHER_ROWS);
  const sources = sourceTable(report.sources, width, look, Math.max(2, Math.min(report.sources.length, left >> 1)));
  const rules = ruleTable(report.rules, width, look, Math.max(2, left - sources.length));
  return [
    heading(report, width, look),
    verdict(report, width, look, trouble),
    '',
    ...flow(report, width, look),
    '',
    ...sources,
    '',
    ...rules,
    '',
    ...machine(report, width, look),
  ];
}

function heading({ status, time }: SystemReport, width: number, look: Style): string {
  const up = span((Date.parse(time) - Date.parse(status.started)) / 1_000);
  const name = `Vedette ${status.version}  up ${up}`;
  const right = `${time.slice(0, 10)} ${time.slice(11, 19)} UTC`;
  const folder = cut(oneLine(status.data_folder), Math.max(0, width - name.length - right.length - 5));
  const gap = ' '.repeat(Math.max(1, width - name.length - right.length - [...folder].length - 4));
  return `${look.cyan('▲')} ${look.bold(name.slice(0, 7))}${name.slice(7)}  ${look.dim(folder)}${gap}${look.dim(right)}`;
}

/** One line: what keeps it from working, else what is wrong, else that all is well. */
function verdict({ readiness }: SystemReport, width: number, look: Style, trouble: string | undefined): string {
  if (trouble !== undefined) return look.red(cut(`● ${oneLine(trouble)}`, width));
  const [reason] = readiness.reasons;
  if (reason !== undefined) return look.red(cut(`● not ready: ${oneLine(reason)}`, width));
  const [note, ...more] = readiness.notes;
  if (note === undefined) return look.green('● ready');
  const others = more.length === 0 ? '' : ` (and ${more.length} more)`;
  return look.yellow(cut(`● ready, but: ${oneLine(note)}`, width - others.length) + others);
}

function flow({ rate, history, status, commits }: SystemReport, width: number, look: Style): readonly string[] {
  const { funnel, alerts } = status;
  const now = `${short(rate.now)}/s`;
  const label = `${'events'.padEnd(8)}${now.padStart(9)}  `;
  const line = sparkline(history.slice(-Math.max(0, width - label.length - 16)));
  const tail = `  ${short(rate.minute)}/s a minute`;
  const counts = [
    `${short(funnel.events)} read`,
    `${short(funnel.rejected)} unreadable`,
    `${short(funnel.matched)} matched`,
    `${short(funnel.created)} alerts`,
  ];
  const kept = [
    `${short(alerts.open)} open`,
    `${short(alerts.acknowledged)} acknowledged`,
    `commit ${milliseconds(commits.p50_ms)}, 99 % under ${milliseconds(commits.p99_ms)}`,
  ];
  return [
    `${look.dim('events'.padEnd(8))}${look.bold(now.padStart(9))}  ${look.cyan(line)}${look.dim(tail)}`,
    `${look.dim('since'.padEnd(8))}${' '.repeat(2)}${cut(counts.join(' · '), width - 10)}`,
    `${look.dim('alerts'.padEnd(8))}${' '.repeat(2)}${cut(kept.join(' · '), width - 10)}`,
  ];
}

function sourceTable(sources: readonly SourceLoad[], width: number, look: Style, most: number): readonly string[] {
  const cells = [9, 9, 9, 9];
  const nameWidth = width - cells.reduce((sum, each) => sum + each, 0) - 2;
  const titles = ['events/s', 'events', 'rejects', 'lag'].map((title, at) => title.padStart(cells[at] ?? 0)).join('');
  const shown = [...sources].sort((a, b) => b.rate.now - a.rate.now || b.events - a.events).slice(0, most);
  const lines = shown.map((source) => {
    const { name, state, rate, events, rejected } = source;
    const lag = source.lag_ms === undefined ? '–' : span(Math.max(0, source.lag_ms) / 1_000);
    const sign = {
      running: look.green('●'),
      waiting: look.yellow('○'),
      finished: look.dim('○'),
      failed: look.red('●'),
    }[state];
    const numbers = [short(rate.now), short(events), short(rejected), lag].map((text, at) =>
      text.padStart(cells[at] ?? 0),
    );
    const [perSecond, read, rejects, late] = numbers as [string, string, string, string];
    const looked = rejected > 0 ? look.yellow(rejects) : rejects;
    return `${sign} ${pad(cutStart(oneLine(name), nameWidth), nameWidth)}${perSecond}${read}${looked}${late}`;
  });
  const more = sources.length - shown.length;
  return [
    `${look.bold('Sources')}${' '.repeat(Math.max(0, nameWidth + 2 - 7))}${look.dim(titles)}`,
    ...(sources.length === 0 ? [look.dim('  none')] : lines),
    ...(more > 0 ? [look.dim(`  and ${more} more`)] : []),
  ];
}

function ruleTable(rules: readonly RuleLoad[], width: number, look: Style, most: number): readonly string[] {
  const all = ['matched', 'excepted', 'suppressed', 'duplicate', 'capped', 'created'] as const;
  const names = width >= 110 ? all : (['matched', 'excepted', 'capped', 'created'] as const);
  const cell = width >= 110 ? 11 : 10;
  const nameWidth = width - names.length * cell - 2;
  const shown = rules.slice(0, most);
  const titles = names.map((name) => name.padStart(cell)).join('');
  const lines = shown.map(({ name, funnel }) => {
    const numbers = names.map((part) => {
      const text = short(funnel[part]).padStart(cell);
      if (funnel[part] === 0) return look.dim(text);
      return part === 'capped' ? look.red(text) : part === 'created' ? look.bold(text) : text;
    });
    return `  ${pad(cut(oneLine(name), nameWidth), nameWidth)}${numbers.join('')}`;
  });
  return [
    `${look.bold('Rules')}${' '.repeat(Math.max(0, nameWidth + 2 - 5))}${look.dim(titles)}`,
    ...(rules.length === 0 ? [look.dim('  nothing has matched yet')] : lines),
  ];
}

function machine(
  { queues, storage, memory, threads, status }: SystemReport,
  width: number,
  look: Style,
): readonly string[] {
  const waiting = queues.flatMap(({ name, depth, limit }) => {
    if (depth === 0) return [];
    const inBytes = name.endsWith('_bytes');
    const count = inBytes ? bytes : short;
    const text = `${inBytes ? name.slice(0, -'_bytes'.length) : name} ${count(depth)}${limit === undefined ? '' : ` of ${count(limit)}`}`;
    return [{ text, isFull: limit !== undefined && depth >= limit * 0.8 }];
  });
  const free = storage.free_bytes === undefined ? [] : [`${bytes(storage.free_bytes)} free`];
  const stored = status.events === undefined ? '' : ` (${short(status.events.events)} events)`;
  const rows: readonly (readonly [string, string])[] = [
    ['queues', waiting.length === 0 ? 'nothing waits' : waiting.map(({ text }) => text).join(' · ')],
    [
      'storage',
      [`state ${bytes(storage.state_bytes)}`, `events ${bytes(storage.event_bytes)}${stored}`, ...free].join(' · '),
    ],
    [
      'memory',
      [
        bytes(memory.resident_bytes),
        `working ${bytes(memory.working_heap_bytes)}`,
        `storing ${bytes(memory.storing_heap_bytes)}`,
        `serving ${bytes(memory.serving_heap_bytes)}`,
      ].join(' · '),
    ],
    [
      'threads',
      `working ${Math.round(threads.working_busy * 100)} % busy · serving waits up to ${milliseconds(threads.serving_lag_p99_ms)} (99 %)`,
    ],
  ];
  const isFull = waiting.some((queue) => queue.isFull);
  return rows.map(([name, text]) => {
    const shown = cut(text, width - 10);
    return `${look.dim(name.padEnd(8))}  ${name === 'queues' && isFull ? look.red(shown) : shown}`;
  });
}

/** As high as the largest of them. */
function sparkline(values: readonly number[]): string {
  const most = Math.max(...values, 1);
  return values
    .map((value) => BARS[Math.min(BARS.length - 1, Math.round((value / most) * (BARS.length - 1)))])
    .join('');
}

/** In at most five characters: 950, 1.2k, 34k, 5.6M. */
function short(count: number): string {
  const rounded = Math.round(count);
  if (rounded < 1_000) return count > 0 && count < 10 && !Number.isInteger(count) ? count.toFixed(1) : String(rounded);
  const units = ['k', 'M', 'G', 'T'];
  let [value, unit] = [rounded / 1_000, 0];
  for (; value >= 999.5 && unit < units.length - 1; unit += 1) value /= 1_000;
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)}${units[unit]}`;
}

function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let [value, unit] = [count, 0];
  for (; value >= 999.5 && unit < units.length - 1; unit += 1) value /= 1_000;
  return `${value < 9.95 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

function milliseconds(count: number): string {
  return count < 1_000
    ? `${count < 9.95 ? count.toFixed(1) : Math.round(count)} ms`
    : `${(count / 1_000).toFixed(1)} s`;
}

/** In its largest two units: 45s, 12m, 3h20m, 5d4h. */
function span(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)}s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole}s`;
  const [minutes, hours, days] = [Math.floor(whole / 60), Math.floor(whole / 3_600), Math.floor(whole / 86_400)];
  if (hours === 0) return `${minutes}m`;
  if (days === 0) return `${hours}h${minutes % 60}m`;
  return days < 100 ? `${days}d${hours % 24}h` : `${days}d`;
}

function cut(text: string, width: number): string {
  const points = [...text];
  return points.length <= width ? text : `${points.slice(0, Math.max(0, width - 1)).join('')}…`;
}

/** Of a path the end tells more. */
function cutStart(text: string, width: number): string {
  const points = [...text];
  return points.length <= width ? text : `…${points.slice(points.length - Math.max(0, width - 1)).join('')}`;
}

/** A name of others: one line, and nothing that could steer the terminal. */
function oneLine(text: string): string {
  return printable(text.replaceAll(/\s+/g, ' '));
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - [...text].length));
}
